"""What can be done to homes and on the waiting list, deed by deed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from benefits import allotting, homes, moves, tenancies
from benefits.deed import Deed
from benefits.forms import HomeOfferForm, MonthsForm, WhyForm
from benefits.models import Home, Tenancy, Turn
from bureau.models import Staff
from bureau.moves import Move, Text

T = Turn.Status


def _home_deed(move: Move, why: Text) -> Deed:
    return Deed(
        move.name,
        move.label,
        lambda home, data, by: homes.make(home, move, note=data["reason"], by=by),
        WhyForm,
        move=move,
        why=why,
    )


HOMES = (
    # Translators: 之后可以配租。
    _home_deed(moves.READY, _("The home can be offered again.")),
    # Translators: 整备完成前不能配租。
    _home_deed(moves.TO_REPAIR, _("The home is not offered until it is ready.")),
    # Translators: 停用后不能配租，以后可以恢复。
    _home_deed(moves.TAKE_OUT, _("The home is not offered any more until it is put back.")),
)


def _offer(turn: Turn, data: dict[str, Any], by: Staff) -> None:
    home = Home.objects.visible_to(by).get(number=data["home"])
    allotting.offer(turn, home, by=by, reason=data["reason"])


def _accept(turn: Turn, data: dict[str, Any], by: Staff) -> Tenancy:
    return tenancies.accept(_open_offer(turn), by=by, months=data["months"])


def _open_offer(turn: Turn) -> Any:
    return turn.offers.select_related("turn", "home").get(answer="")


OFFERED = frozenset({T.OFFERED})
TURNS = (
    Deed(
        "offer",
        moves.OFFER.label,
        _offer,
        HomeOfferForm,
        move=moves.OFFER,
        # Translators: 配租通知书随即制发；家庭应在期限内答复。
        why=_("The letter of offer goes out at once; the household has until its last day to answer."),
    ),
    Deed(
        "accept",
        # Translators: 接受配租并签约
        _("The household accepts"),
        _accept,
        MonthsForm,
        stages=OFFERED,
        # Translators: 随即签订合同、开立租金账户；交房后起租。
        why=_("Lease and rent account are made at once; the rent is owed from the handover on."),
        tone="primary",
    ),
    Deed(
        "refuse",
        # Translators: 不接受配租
        _("The household refuses"),
        lambda turn, data, by: allotting.refuse(_open_offer(turn), reason=data["reason"], by=by),
        WhyForm,
        stages=OFFERED,
        who=moves.WINDOW,
        # Translators: 不接受达到规定次数的，视为放弃轮候。
        why=_("Who refuses as often as the policy lets gives the place up."),
    ),
    Deed(
        "take_back",
        # Translators: 撤回配租
        _("Take the offer back"),
        lambda turn, data, by: allotting.take_back(_open_offer(turn), reason=data["reason"], by=by),
        WhyForm,
        stages=OFFERED,
        # Translators: 不计入不接受次数，家庭继续轮候。
        why=_("It does not count as refused; the household waits on."),
    ),
    Deed(
        "give_up",
        moves.GIVE_UP.label,
        lambda turn, data, by: allotting.give_up(turn, reason=data["reason"], by=by),
        WhyForm,
        move=moves.GIVE_UP,
        # Translators: 名次不再保留；家庭可以重新申请。
        why=_("The place is gone; the household may apply anew."),
    ),
    Deed(
        "fall_out",
        moves.FALL_OUT.label,
        lambda turn, data, by: allotting.fall_out(turn, reason=data["reason"], by=by),
        WhyForm,
        move=moves.FALL_OUT,
        why=_("The place is gone; the household may apply anew."),
    ),
)
