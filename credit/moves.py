"""The lives of a lead and of a credit case on one screen: who moves them, in which order, and what must be so first."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import workdays
from bureau.models import Staff
from bureau.moves import Move, Text
from bureau.roles import Role
from credit import deadlines
from credit.models import Case, Dispute, Lead, Proceeding, Repair, Service

OPENED, PROPOSED, AT_PANEL = Case.Status.OPENED, Case.Status.PROPOSED, Case.Status.AT_PANEL
FOUND, NOT_FOUND, NOTIFIED = Case.Status.FOUND, Case.Status.NOT_FOUND, Case.Status.NOTIFIED
CURED, RECORDED, DROPPED = Case.Status.CURED, Case.Status.RECORDED, Case.Status.DROPPED
RELEASED, WITHDRAWN, REVOKED = Case.Status.RELEASED, Case.Status.WITHDRAWN, Case.Status.REVOKED


# --- about the person (403) -----------------------------------------------------------------------------------------


def no_relative_of(subject: Lead | Case, by: Staff) -> Text | None:
    """Nobody handles a case against the own person or a declared relative."""
    if by.is_related_to(deadlines.indexes_of(subject)):
        return _("One of those whom this is about is you or your declared relative; somebody else handles it.")
    return None


# --- about the case (409) -------------------------------------------------------------------------------------------


def evidence_is_complete(case: Case, by: Staff | None) -> Text | None:
    """Everything that the catalogue demands for this act is on file."""
    there = set(case.evidence.values_list("kind", flat=True))
    missing = [kind for kind in case.act.evidence if kind not in there]
    if not missing:
        return None
    # Translators: 尚缺目录要求的证据：%(missing)s。
    return _("Evidence that the catalogue demands is missing: %(missing)s.") % {"missing": _(", ").join(missing)}


def proposal_is_served(case: Case, by: Staff | None) -> Text | None:
    """The subject has been told what is to be found, on which facts, and what rights there are."""
    served = deadlines.served_on(case, Service.Letter.PROPOSAL)
    # Translators: 拟认定告知尚未送达。
    return None if served else _("The proposed finding has not been served yet.")


def defence_is_heard(case: Case, by: Staff | None) -> Text | None:
    """The subject has made a statement, or the time for it has passed unused."""
    until = deadlines.defence_until(case)
    heard = case.statements.filter(turn=case.proposals).exists()
    if until is None or heard or workdays.today() > until:
        return None
    # Translators: 当事人可在 %(day)s 前（含当日）陈述申辩。
    return _("The subject can make a statement until %(day)s, that day included.") % {"day": date_format(until)}


def panel_is_seated(case: Case, by: Staff | None) -> Text | None:
    """The panel has as many members as the policy wants."""
    wanted, there = deadlines.policy_of(case).panel_members, case.seats.count()
    if there >= wanted:
        return None
    return _("The panel wants %(wanted)s members and has %(there)s.") % {"wanted": wanted, "there": there}


def notice_is_served(case: Case, by: Staff | None) -> Text | None:
    """No record without a notice letter that has legally arrived (clauses B4, B5)."""
    served = deadlines.served_on(case, Service.Letter.NOTICE)
    if served is None:
        return _("The notice letter has not been served yet.")
    if served <= workdays.today():
        return None
    # Translators: 公告送达将于 %(day)s 生效。
    return _("The notice letter counts as served on %(day)s.") % {"day": date_format(served)}


def everything_is_corrected(case: Case, by: Staff | None) -> Text | None:
    """Each thing on the list has been done within the time."""
    until = deadlines.cure_until(case)
    items = list(case.cure_items.all())
    late = [item for item in items if item.met_on is None or (until and item.met_on > until)]
    if items and not late:
        return None
    # Translators: 改正事项尚有 %(count)s 项未按期完成。
    return _("%(count)s things are not corrected in time.") % {"count": len(late)}


def time_to_correct_is_over(case: Case, by: Staff | None) -> Text | None:
    """Who is told gets the time that the policy gives (clause B6)."""
    until = deadlines.cure_until(case)
    if until is not None and workdays.today() > until:
        return None
    if until is None:
        return _("The notice letter has not been served yet.")
    # Translators: 改正期至 %(day)s（含当日）。
    return _("There is time to correct until %(day)s, that day included.") % {"day": date_format(until)}


def something_is_left(case: Case, by: Staff | None) -> Text | None:
    """Who corrected everything in time is spared a record."""
    if everything_is_corrected(case, by) is None:
        return _("Everything was corrected in time; close the case without a record.")
    return None


def a_judgment_revokes_it(case: Case, by: Staff | None) -> Text | None:
    """A court or reviewing body has set the finding aside."""
    if case.proceedings.filter(outcome=Proceeding.Outcome.REVOKED).exists():
        return None
    # Translators: 尚无撤销认定的复议决定或判决。
    return _("No decision or judgment that revokes the finding is on file.")


# --- about a repair and an objection ---------------------------------------------------------------------------------


def no_relative_of_its_case(paper: Repair | Dispute, by: Staff) -> Text | None:
    """Nor an application of the own person or of a declared relative."""
    return no_relative_of(paper.case, by)


def repair_is_ripe(repair: Repair, by: Staff | None) -> Text | None:
    """The shortest time has passed and every duty is met (信用修复管理办法, art. 14)."""
    return deadlines.why_no_repair(repair.case)


OFFICER = frozenset({Role.CREDIT_OFFICER})
APART = (no_relative_of,)

OPEN = Move(
    "open", gettext_lazy("Open a case"), {Lead.Status.RECEIVED: Lead.Status.OPENED}, OFFICER, APART, tone="primary"
)
DISMISS = Move(
    "dismiss",
    gettext_lazy("Open no case"),
    {Lead.Status.RECEIVED: Lead.Status.DISMISSED},
    OFFICER,
    APART,
    tone="danger",
)
LEADS: tuple[Move, ...] = (OPEN, DISMISS)

PROPOSE = Move(
    "propose",
    # Translators: 作出拟认定
    gettext_lazy("Propose a finding"),
    {OPENED: PROPOSED},
    OFFICER,
    APART,
    (evidence_is_complete,),
    tone="primary",
)
GATHER_MORE = Move("gather_more", gettext_lazy("Gather more evidence"), {PROPOSED: OPENED}, OFFICER, APART)
REFER = Move(
    "refer",
    # Translators: 提交认定小组
    gettext_lazy("Put before the panel"),
    {PROPOSED: AT_PANEL},
    OFFICER,
    APART,
    (proposal_is_served, defence_is_heard, panel_is_seated),
    tone="primary",
)
DROP = Move("drop", gettext_lazy("Drop the case"), {OPENED: DROPPED, PROPOSED: DROPPED}, OFFICER, APART, tone="danger")
# The panel decides by its votes; the system counts them.
FIND = Move("find", gettext_lazy("Find the act"), {AT_PANEL: FOUND})
ACQUIT = Move("acquit", gettext_lazy("Not find the act"), {AT_PANEL: NOT_FOUND})
NOTIFY = Move(
    "notify", gettext_lazy("Notice served"), {FOUND: NOTIFIED}, OFFICER, APART, (notice_is_served,), tone="primary"
)
CURE = Move(
    "cure",
    # Translators: 改正结案
    gettext_lazy("Close as corrected"),
    {NOTIFIED: CURED},
    OFFICER,
    APART,
    (everything_is_corrected,),
    tone="primary",
)
RECORD = Move(
    "record",
    # Translators: 记入诚信档案
    gettext_lazy("Enter in the archive"),
    {NOTIFIED: RECORDED},
    OFFICER,
    APART,
    (time_to_correct_is_over, something_is_left),
    tone="danger",
)
RELEASE = Move("release", gettext_lazy("Lift the ban"), {RECORDED: RELEASED})
WITHDRAW = Move(
    "withdraw",
    # Translators: 撤销认定
    gettext_lazy("Withdraw the finding"),
    dict.fromkeys((FOUND, NOTIFIED, RECORDED, RELEASED), WITHDRAWN),
    OFFICER,
    APART,
    tone="danger",
)
REVOKE = Move(
    "revoke",
    # Translators: 依复议决定或判决撤销
    gettext_lazy("Revoke by judgment"),
    dict.fromkeys((NOTIFIED, RECORDED, RELEASED), REVOKED),
    OFFICER,
    APART,
    (a_judgment_revokes_it,),
    tone="danger",
)
CASES: tuple[Move, ...] = (
    *(PROPOSE, GATHER_MORE, REFER, DROP, FIND, ACQUIT),
    *(NOTIFY, CURE, RECORD, RELEASE, WITHDRAW, REVOKE),
)

OF_ITS_CASE = (no_relative_of_its_case,)
R, D = Repair.Status, Dispute.Status
ACCEPT_REPAIR = Move(
    "accept_repair", gettext_lazy("Accept the application"), {R.RECEIVED: R.ACCEPTED}, OFFICER, OF_ITS_CASE
)
TURN_AWAY_REPAIR = Move(
    "turn_away_repair", gettext_lazy("Not accept it"), {R.RECEIVED: R.NOT_ACCEPTED}, OFFICER, OF_ITS_CASE
)
GRANT_REPAIR = Move(
    "grant_repair", gettext_lazy("Grant the repair"), {R.ACCEPTED: R.GRANTED}, OFFICER, OF_ITS_CASE, (repair_is_ripe,)
)
REFUSE_REPAIR = Move("refuse_repair", gettext_lazy("Refuse the repair"), {R.ACCEPTED: R.REFUSED}, OFFICER, OF_ITS_CASE)
REPAIRS: tuple[Move, ...] = (ACCEPT_REPAIR, TURN_AWAY_REPAIR, GRANT_REPAIR, REFUSE_REPAIR)

UPHOLD = Move("uphold", gettext_lazy("The objection is right"), {D.OPEN: D.UPHELD}, OFFICER, OF_ITS_CASE)
REJECT = Move("reject", gettext_lazy("The record stands"), {D.OPEN: D.REJECTED}, OFFICER, OF_ITS_CASE)
DISPUTES: tuple[Move, ...] = (UPHOLD, REJECT)
