"""What can be done on a record after it stands: objections, repair, lawyer's letter, court."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bureau.models import Staff
from credit import courts, remedies
from credit.courts import AGAINST_US, OPEN_TO_REVIEW, Brought, Ended
from credit.deed import Deed
from credit.models import Case, Dispute, Proceeding, Repair
from credit.remedy_forms import (
    AcceptForm,
    AnswerForm,
    BringForm,
    ConcludeForm,
    DecideForm,
    DisputeForm,
    ExtendForm,
    LawyerForm,
    RepairForm,
    StayForm,
)

S = Case.Status
RECORDED = frozenset({S.RECORDED})
ANY_LATER = frozenset({S.RECORDED, S.RELEASED, S.WITHDRAWN, S.REVOKED})


def _repair(case: Case, *statuses: str) -> Repair | None:
    return case.repairs.filter(status__in=statuses).first()


def _dispute(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    remedies.dispute(case, form.chosen(), text=data["text"], received_on=data["received_on"], by=by)


def _answer(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    found = case.disputes.get(pk=data["dispute"])
    remedies.answer(found, by=by, upheld=data["upheld"] == "yes", text=data["text"])


def _seek(case: Case, form: Any, by: Staff) -> None:
    data = {name: value for name, value in form.cleaned_data.items() if name != "subject"}
    remedies.seek_repair(case, form.chosen(), by=by, **data)


def _accept(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    repair = case.repairs.get(status=Repair.Status.RECEIVED)
    remedies.accept(repair, by=by, accepted=data["accepted"] == "yes", missing=data["missing"])


def _extend(case: Case, form: Any, by: Staff) -> None:
    remedies.extend(case.repairs.get(status=Repair.Status.ACCEPTED), by=by, reason=form.cleaned_data["reason"])


def _decide(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    repair = case.repairs.get(status=Repair.Status.ACCEPTED)
    remedies.decide(repair, by=by, granted=data["granted"] == "yes", reason=data["reason"])


def _bring(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    courts.bring(case, Brought(**{**data, "kind": Proceeding.Kind(data["kind"])}), by=by)


def _stay(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    courts.stay(case.proceedings.get(pk=data["proceeding"]), on=data["on"], order=data["order"], by=by)


def _conclude(case: Case, form: Any, by: Staff) -> None:
    data = dict(form.cleaned_data)
    found = case.proceedings.get(pk=data.pop("proceeding"))
    courts.conclude(found, Ended(**{**data, "outcome": Proceeding.Outcome(data["outcome"])}), by=by)


def _extendable(case: Case, _by: Staff) -> bool:
    return case.repairs.filter(status=Repair.Status.ACCEPTED, extended="").exists()


DEEDS: tuple[Deed, ...] = (
    # Translators: 登记异议
    Deed("dispute", _("Enter an objection"), _dispute, DisputeForm, stages=RECORDED, apart=True),
    Deed(
        "answer_dispute",
        # Translators: 答复异议
        _("Answer the objection"),
        _answer,
        AnswerForm,
        stages=ANY_LATER,
        fits=lambda case, _by: case.disputes.filter(status=Dispute.Status.OPEN).exists(),
        apart=True,
    ),
    Deed(
        "repair",
        # Translators: 登记信用修复申请
        _("Enter an application for repair"),
        _seek,
        RepairForm,
        stages=RECORDED,
        fits=lambda case, _by: _repair(case, *remedies.OPEN_REPAIR) is None,
        apart=True,
    ),
    Deed(
        "accept_repair",
        # Translators: 决定是否受理修复申请
        _("Decide whether the repair is accepted"),
        _accept,
        AcceptForm,
        stages=ANY_LATER,
        fits=lambda case, _by: _repair(case, Repair.Status.RECEIVED) is not None,
        apart=True,
    ),
    Deed(
        "extend_repair",
        # Translators: 延长修复办理期限
        _("Take longer over the repair"),
        _extend,
        ExtendForm,
        stages=RECORDED,
        fits=_extendable,
        apart=True,
    ),
    Deed(
        "decide_repair",
        # Translators: 作出修复决定
        _("Decide the repair"),
        _decide,
        DecideForm,
        stages=ANY_LATER,
        fits=lambda case, _by: _repair(case, Repair.Status.ACCEPTED) is not None,
        apart=True,
    ),
    Deed(
        "lawyer",
        # Translators: 发律师函
        _("Send a lawyer's letter"),
        lambda case, form, by: courts.send_lawyers_letter(case, by=by, **form.cleaned_data),
        LawyerForm,
        stages=RECORDED,
        fits=lambda case, _by: case.cure_items.filter(met_on=None).exists(),
        apart=True,
    ),
    Deed(
        "bring",
        # Translators: 登记复议、诉讼或执行
        _("Enter a proceeding"),
        _bring,
        BringForm,
        stages=OPEN_TO_REVIEW,
        apart=True,
    ),
    Deed(
        "stay",
        # Translators: 登记停止公示的命令
        _("Write down an order to stop publication"),
        _stay,
        StayForm,
        stages=RECORDED,
        fits=lambda case, _by: case.proceedings.filter(kind__in=AGAINST_US, outcome="", stayed_on=None).exists(),
        apart=True,
    ),
    Deed(
        "conclude",
        # Translators: 登记裁判或执行结果
        _("Write down the outcome of a proceeding"),
        _conclude,
        ConcludeForm,
        stages=frozenset({*OPEN_TO_REVIEW, *ANY_LATER}),
        fits=lambda case, _by: case.proceedings.filter(outcome="").exists(),
        apart=True,
    ),
)
