"""The lives of benefits on one screen: homes, places on the waiting list, tenancies, subsidies."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from benefits.models import Grant, Home, PaymentList, Review, Tenancy, Turn
from bureau.moves import Guard, Move, Text
from bureau.roles import Role

H, T, C, G, P = Home.Status, Turn.Status, Tenancy.Status, Grant.Status, PaymentList.Status
OFFICER = frozenset({Role.HOUSING_OFFICER})
CASHIER = frozenset({Role.CASHIER})
WINDOW = frozenset({Role.CLERK, Role.HOUSING_OFFICER})


def no_relative_of(subject: Turn | Tenancy | Grant | Review, by: object) -> Text | None:
    """Nobody lets to, or decides on, a declared relative."""
    kin = getattr(by, "kin", None)
    if kin and subject.application.members.filter(id_index__in=list(kin)).exists():
        return _("A declared relative of yours belongs to this household; somebody else has to act.")
    return None


def _account_is_closed(tenancy: Tenancy, _by: object) -> Text | None:
    if tenancy.account.closed_on is None:
        return _("Settle and close the rent account first.")
    return None


def has_ordered_exit(subject: Tenancy | Grant, _by: object) -> Text | None:
    """An exit stands that says why."""
    if not subject.exits.filter(rescinded_at=None).exists():
        return _("State first why the benefit ends.")
    return None


def sent_by_another(subject: PaymentList, by: object) -> Text | None:
    """Who has approved a list does not send it: money leaves by two persons."""
    if by is not None and subject.approved_by == by:
        return _("Somebody else has to send what you have approved.")
    return None


APART: tuple[Guard, ...] = (no_relative_of,)

# --- homes ----------------------------------------------------------------------------------------------------------

HOLD = Move("hold_for_offer", gettext_lazy("Keep for an offer"), {H.VACANT: H.OFFERED})
FREE = Move("free", gettext_lazy("Free again"), {H.OFFERED: H.VACANT})
LET = Move("let", gettext_lazy("Let"), {H.OFFERED: H.LET})
COME_BACK = Move("come_back", gettext_lazy("Given back"), {H.LET: H.REPAIR})
READY = Move(
    "ready",
    # Translators: 整备完成，可配租
    gettext_lazy("Ready to be let"),
    {H.REPAIR: H.VACANT, H.WITHDRAWN: H.VACANT},
    who=OFFICER,
    tone="primary",
)
TO_REPAIR = Move("to_repair", gettext_lazy("Needs repair"), {H.VACANT: H.REPAIR}, who=OFFICER)
TAKE_OUT = Move(
    "take_out",
    # Translators: 停用
    gettext_lazy("Take out of use"),
    {H.VACANT: H.WITHDRAWN, H.REPAIR: H.WITHDRAWN},
    who=OFFICER,
    tone="danger",
)
HOMES = (HOLD, FREE, LET, COME_BACK, READY, TO_REPAIR, TAKE_OUT)

# --- the waiting list -----------------------------------------------------------------------------------------------

OFFER = Move("offer_home", gettext_lazy("Offer a home"), {T.WAITING: T.OFFERED}, who=OFFICER, may=APART, tone="primary")
WAIT_ON = Move("wait_on", gettext_lazy("Wait for another home"), {T.OFFERED: T.WAITING})
HOUSE = Move("house", gettext_lazy("Housed"), {T.OFFERED: T.HOUSED})
GIVE_UP = Move(
    "give_up_turn",
    # Translators: 放弃轮候
    gettext_lazy("Give up the place"),
    {T.WAITING: T.GIVEN_UP},
    who=WINDOW,
    may=APART,
    tone="danger",
)
GAVE_UP = Move("gave_up", gettext_lazy("Place given up"), {T.OFFERED: T.GIVEN_UP, T.WAITING: T.GIVEN_UP})
FALL_OUT = Move("fall_out", gettext_lazy("No longer fit"), {T.WAITING: T.UNFIT}, who=OFFICER, may=APART, tone="danger")
TURNS = (OFFER, WAIT_ON, HOUSE, GIVE_UP, GAVE_UP, FALL_OUT)

# --- tenancies ------------------------------------------------------------------------------------------------------

HAND_OVER = Move(
    "hand_over",
    # Translators: 交房
    gettext_lazy("Hand the home over"),
    {C.SIGNED: C.RUNNING},
    who=OFFICER,
    may=APART,
    tone="primary",
)
CALL_OFF = Move("call_off", gettext_lazy("Call the contract off"), {C.SIGNED: C.ENDED})
ORDER_OUT = Move(
    "order_out",
    # Translators: 责令腾退
    gettext_lazy("Order to leave"),
    {C.RUNNING: C.ORDERED},
    who=OFFICER,
    may=APART,
    needs=(has_ordered_exit,),
    tone="danger",
)
LET_STAY = Move(
    "let_stay",
    # Translators: 撤销腾退决定
    gettext_lazy("Take the order back"),
    {C.ORDERED: C.RUNNING, C.COURT: C.RUNNING},
    who=OFFICER,
    may=APART,
)
SUE = Move(
    "go_to_court",
    # Translators: 提起诉讼或申请执行
    gettext_lazy("Take it to court"),
    {C.ORDERED: C.COURT},
    who=OFFICER,
    may=APART,
)
GIVE_BACK = Move(
    "give_back",
    # Translators: 验收退房
    gettext_lazy("Take the home back"),
    {C.RUNNING: C.RETURNED, C.ORDERED: C.RETURNED, C.COURT: C.RETURNED},
    who=OFFICER,
    may=APART,
    needs=(has_ordered_exit,),
)
END = Move("end", pgettext_lazy("tenancy", "End"), {C.RETURNED: C.ENDED}, needs=(_account_is_closed,))
TENANCIES = (HAND_OVER, CALL_OFF, ORDER_OUT, LET_STAY, SUE, GIVE_BACK, END)

# --- subsidies ------------------------------------------------------------------------------------------------------

SET_UP = Move(
    "set_up",
    # Translators: 登记收款账户
    gettext_lazy("Enter the bank account"),
    {G.AWAITING: G.RUNNING},
    who=WINDOW,
    may=APART,
    tone="primary",
)
STOP = Move("stop", pgettext_lazy("subsidy", "Stop"), {G.RUNNING: G.STOPPED}, who=OFFICER, may=APART, tone="danger")
STOP_UNANSWERED = Move(
    "stop_unanswered",
    # Translators: 未参加年审，停发
    gettext_lazy("Stopped: the review was not answered"),
    {G.RUNNING: G.STOPPED},
)
RESUME = Move("resume", pgettext_lazy("subsidy", "Resume"), {G.STOPPED: G.RUNNING}, who=OFFICER, may=APART)
END_SUBSIDY = Move(
    "end_subsidy",
    gettext_lazy("End the subsidy"),
    {G.AWAITING: G.ENDED, G.RUNNING: G.ENDED, G.STOPPED: G.ENDED},
    who=OFFICER,
    may=APART,
    needs=(has_ordered_exit,),
    tone="danger",
)
SUBSIDIES = (SET_UP, STOP, STOP_UNANSWERED, RESUME, END_SUBSIDY)

# --- payment lists --------------------------------------------------------------------------------------------------

APPROVE_LIST = Move(
    "approve_list",
    # Translators: 审核通过
    pgettext_lazy("payment list", "Approve"),
    {P.DRAFTED: P.APPROVED},
    who=OFFICER,
    tone="primary",
)
SEND_LIST = Move(
    "send_list",
    # Translators: 发送银行
    gettext_lazy("Sent to the bank"),
    {P.APPROVED: P.SENT},
    who=CASHIER,
    may=(sent_by_another,),
    tone="primary",
)
ANSWER_LIST = Move("answer_list", gettext_lazy("Answered by the bank"), {P.SENT: P.ANSWERED})
DROP_LIST = Move(
    "drop_list",
    # Translators: 作废
    pgettext_lazy("payment list", "Discard"),
    {P.DRAFTED: P.DROPPED, P.APPROVED: P.DROPPED},
    who=OFFICER | CASHIER,
    tone="danger",
)
PAYMENT_LISTS = (APPROVE_LIST, SEND_LIST, ANSWER_LIST, DROP_LIST)
