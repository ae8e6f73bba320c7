"""What can be done on a case, deed by deed: its form, whose it is, when, and the work that does it.

Pages draw their forms and buttons from this table, and what they send comes back to it.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bureau.models import Document, Staff
from bureau.roles import Role
from credit import announcing, cases, deadlines, gathering, moves, panel, prior_notices, remedy_deeds
from credit.cases import Attempt, ToDo
from credit.clocks import Event
from credit.deed import Deed
from credit.feed_forms import PriorNoticeForm
from credit.forms import (
    AnnounceForm,
    CorrectForm,
    CureForm,
    EvidenceForm,
    HearForm,
    SeatForm,
    ServeForm,
    TellForm,
    VoteForm,
)
from credit.letters_out import LETTER_OF
from credit.models import Case, Party, Service, Subject
from credit.policies import Severity
from credit.serving import Way

S = Case.Status


def _letter(case: Case) -> Service.Letter:
    """Which letter is served at this stage."""
    return Service.Letter.PROPOSAL if case.status == S.PROPOSED else Service.Letter.NOTICE


def _is_to_be_served(case: Case, _by: Staff) -> bool:
    letter = _letter(case)
    return deadlines.served_on(case, letter) is None and _is_issued(case, letter)


def _is_to_be_announced(case: Case, by: Staff) -> bool:
    """Another way has failed, and no announcement of the letter is under way."""
    letter = _letter(case)
    which = (letter, deadlines.turn_of(case, letter))
    failed = any((each.letter, each.turn) == which and each.served_on is None for each in case.services.all())
    if not failed or not _is_to_be_served(case, by):
        return False
    return not case.announcements.filter(letter=letter, turn=which[1], taken_down_on=None).exists()


def _is_issued(case: Case, letter: Service.Letter) -> bool:
    return any(document.kind == LETTER_OF[letter] for document in case.letters)


def _has_been_told(case: Case, _by: Staff) -> bool:
    return deadlines.served_on(case, Service.Letter.PROPOSAL) is not None


def _has_a_vote_left(case: Case, by: Staff) -> bool:
    return case.seats.filter(by=by, voted_at=None).exists()


def _is_before_the_notice(case: Case, _by: Staff) -> bool:
    return not _is_issued(case, Service.Letter.NOTICE)


def _has_things_left(case: Case, _by: Staff) -> bool:
    return case.cure_items.filter(met_on=None).exists()


def _serve(case: Case, form: Any, by: Staff) -> None:
    data = {**form.cleaned_data, "way": Way(form.cleaned_data["way"])}
    cases.serve(case, _letter(case), Attempt(**data), by=by)


def _vote(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    severity = Severity(data["severity"]) if data["severity"] else None
    finds = data["finds"] == "yes"
    panel.vote(case, by=by, finds=finds, severity=severity if finds else None, reason=data["reason"])


def _correct(case: Case, form: Any, by: Staff) -> None:
    item = case.cure_items.get(pk=form.cleaned_data["item"])
    cases.correct(item, by=by, on=form.cleaned_data["on"], proof=form.cleaned_data["proof"])


def _tell(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    cases.tell(case, Event(data["event"]), on=data["on"], basis=data["basis"], by=by)


def _has_somebody_to_tell(case: Case, _by: Staff) -> bool:
    return len(case.prior_notices.all()) < case.parties.filter(part=Party.Part.ACTOR).count()


def _tell_before(case: Case, form: Any, by: Staff) -> None:
    data = form.cleaned_data
    prior_notices.give(case, Subject.objects.get(pk=data["subject"]), on=data["on"], proof=data["proof"], by=by)


DEEDS: tuple[Deed, ...] = (
    Deed(
        "evidence",
        # Translators: 证据入卷
        _("Put on file"),
        lambda case, form, by: gathering.add_evidence(case, by=by, **form.cleaned_data),
        EvidenceForm,
        stages=frozenset({S.OPENED}),
    ),
    Deed("propose", moves.PROPOSE.label, lambda case, _form, by: cases.propose(case, by=by), move=moves.PROPOSE),
    Deed(
        "serve",
        # Translators: 登记送达
        _("Write down service"),
        _serve,
        ServeForm,
        stages=frozenset({S.PROPOSED, S.FOUND}),
        fits=_is_to_be_served,
    ),
    Deed(
        "announce",
        # Translators: 拟写送达公告
        _("Write the announcement"),
        lambda case, form, by: announcing.write(case, by=by, **form.cleaned_data),
        AnnounceForm,
        stages=frozenset({S.PROPOSED, S.FOUND}),
        fits=_is_to_be_announced,
    ),
    Deed(
        "hear",
        # Translators: 登记陈述申辩
        _("Write down the statement"),
        lambda case, form, by: cases.hear(case, by=by, **form.cleaned_data),
        HearForm,
        stages=frozenset({S.PROPOSED}),
        fits=_has_been_told,
    ),
    Deed(
        "seat",
        moves.REFER.label,
        lambda case, form, by: panel.seat(case, form.chosen(), by=by),
        SeatForm,
        stages=frozenset({S.PROPOSED}),
        fits=_has_been_told,
    ),
    Deed(
        "vote",
        # Translators: 表决
        _("Vote"),
        _vote,
        VoteForm,
        stages=frozenset({S.AT_PANEL}),
        fits=_has_a_vote_left,
        who=Role.PANEL_MEMBER,
    ),
    Deed(
        "cures",
        # Translators: 列明改正事项
        _("Add to the list of things to correct"),
        lambda case, form, by: cases.list_cures(case, by=by, things=[ToDo(**form.cleaned_data)]),
        CureForm,
        stages=frozenset({S.FOUND}),
        fits=_is_before_the_notice,
    ),
    Deed(
        "notice",
        # Translators: 制发告知函
        _("Issue the notice letter"),
        lambda case, _form, by: cases.issue_notice(case, by=by),
        stages=frozenset({S.FOUND}),
        fits=_is_before_the_notice,
    ),
    Deed("notify", moves.NOTIFY.label, lambda case, _form, by: cases.notify(case, by=by), move=moves.NOTIFY),
    Deed(
        "correct",
        # Translators: 登记改正
        _("Write down what was corrected"),
        _correct,
        CorrectForm,
        stages=frozenset({S.NOTIFIED, S.RECORDED}),
        fits=_has_things_left,
    ),
    Deed("cure", moves.CURE.label, lambda case, _form, by: cases.close_as_cured(case, by=by), move=moves.CURE),
    Deed("record", moves.RECORD.label, lambda case, _form, by: cases.record(case, by=by), move=moves.RECORD),
    Deed(
        "tell",
        # Translators: 登记影响期限的事项
        _("Write down what moves the clocks"),
        _tell,
        TellForm,
        stages=frozenset({S.RECORDED}),
    ),
    Deed(
        "prior_notice",
        # Translators: 登记事先告知
        _("Write down the prior notice"),
        _tell_before,
        PriorNoticeForm,
        stages=frozenset({S.RECORDED}),
        fits=_has_somebody_to_tell,
    ),
    Deed(
        "certify",
        # Translators: 出具解除惩戒证明
        _("Issue the certificate of release"),
        lambda case, _form, by: cases.certify(case, by=by),
        stages=frozenset({S.RELEASED}),
        fits=lambda case, _by: not any(letter.kind == Document.Kind.CREDIT_RELEASE for letter in case.letters),
    ),
    Deed(
        "gather_more",
        moves.GATHER_MORE.label,
        lambda case, reason, by: cases.move(case, moves.GATHER_MORE, by=by, reason=reason),
        move=moves.GATHER_MORE,
        # Translators: 案件退回调查取证，补充后重新拟认定并送达。
        why=_("The case goes back to gathering evidence; afterwards the finding is proposed and served anew."),
    ),
    Deed(
        "drop",
        moves.DROP.label,
        lambda case, reason, by: cases.move(case, moves.DROP, by=by, reason=reason),
        move=moves.DROP,
        # Translators: 撤案后不能恢复，当事人不受影响。
        why=_("A dropped case does not come back, and nothing follows from it."),
    ),
    Deed(
        "withdraw",
        moves.WITHDRAW.label,
        lambda case, reason, by: cases.withdraw(case, by=by, reason=reason),
        move=moves.WITHDRAW,
        # Translators: 撤销认定后，惩戒自今日起全部终止。
        why=_("Every ban of this case ends today."),
    ),
    *remedy_deeds.DEEDS,
)
BY_NAME = {deed.name: deed for deed in DEEDS}
