"""The registry's work in a replay: leads opened, cases brought to their end, each step when its time has come."""

from collections.abc import Callable, Mapping, Sequence

from benefits import chasing, duties, ledger
from benefits.models import Tenancy
from bureau import workdays
from bureau.moves import why_not
from credit import cases, gathering, leads, moves, panel
from credit.cases import Attempt, ToDo
from credit.models import Case, CureItem, Lead, Service
from credit.policies import Severity
from credit.serving import Way
from housing_credit.replay import officers

S = Case.Status


def open_cases() -> None:
    """A case of every lead; the applicant has acted, the others are members of the household."""
    officer = officers.staff(officers.CREDIT)
    for lead in Lead.objects.filter(status=Lead.Status.RECEIVED).select_related("act"):
        if lead.act is None or lead.act.code not in {duties.NOT_LEFT, chasing.ACT}:
            continue
        tenant = _tenancy_of(lead).application.members.get(relation="01")
        months = _months_of(lead) if lead.act.code == chasing.ACT else None
        case = leads.open_case(
            lead,
            act_code=lead.act.code,
            actors=list(lead.subjects.filter(identifier_index=tenant.id_index)),
            occurred_on=workdays.today(),
            facts="",
            months=months,
            by=officer,
        )
        for place, kind in enumerate(case.act.evidence, start=1):
            gathering.add_evidence(case, by=officer, kind=kind, reference=f"卷{place}", note="")
        cases.propose(case, by=officer)
        _serve(case, Service.Letter.PROPOSAL)


def _tenancy_of(lead: Lead) -> Tenancy:
    """Which tenancy a lead of benefits is about."""
    tenancies = Tenancy.objects.select_related("application", "account")
    if lead.origin.startswith("exit:"):
        row: Tenancy = tenancies.get(exits__pk=int(lead.origin.removeprefix("exit:")))
    else:
        row = tenancies.get(reminders__lead=lead.number)
    return row


def _months_of(lead: Lead) -> int:
    account = _tenancy_of(lead).account_id
    return chasing.counting([account], on=workdays.today())[account].months


def under_way() -> list[int]:
    """Cases in which something may be done today."""
    return list(Case.objects.filter(status__in=STEPS).order_by("pk").values_list("pk", flat=True))


def go_on(numbers: Sequence[int]) -> None:
    """The next step of each case, where its time has come."""
    for case in Case.objects.filter(pk__in=numbers).select_related("act", "lead"):
        STEPS[S(case.status)](case)


def _put_before_panel(case: Case) -> None:
    """When the statement was made or its time has passed: the panel votes by the severity of the catalogue."""
    members = [officers.staff(name) for name in officers.PANEL]
    if moves.defence_is_heard(case, None) is not None:
        return
    panel.seat(case, members, by=officers.staff(officers.CREDIT))
    for member in members:
        panel.vote(case, by=member, finds=True, severity=Severity(case.severity), reason="事实清楚，证据充分。")


def _notify(case: Case) -> None:
    officer = officers.staff(officers.CREDIT)
    cases.list_cures(case, by=officer, things=[_to_do(case)])
    cases.issue_notice(case, by=officer)
    _serve(case, Service.Letter.NOTICE)
    cases.notify(case, by=officer)


def _to_do(case: Case) -> ToDo:
    """What spares a record: to pay what is overdue, or to give the home back."""
    if case.act.code == duties.NOT_LEFT:
        return ToDo(CureItem.Kind.HAND_BACK, "腾退住房")
    tenancy = _tenancy_of(case.lead)
    overdue = ledger.arrears_of([tenancy.account], on=workdays.today())[tenancy.account_id]
    return ToDo(CureItem.Kind.PAY, "缴清拖欠租金", overdue.amount)


def _end(case: Case) -> None:
    """What was corrected in time is closed; when the time is over, it is recorded."""
    officer = officers.staff(officers.CREDIT)
    if _is_done(case):
        for item in case.cure_items.filter(met_on=None):
            cases.correct(item, by=officer, on=workdays.today(), proof="已核实")
    if why_not(case, moves.CURE, officer) is None:
        cases.close_as_cured(case, by=officer)
    elif why_not(case, moves.RECORD, officer) is None:
        cases.record(case, by=officer)


def _is_done(case: Case) -> bool:
    tenancy = _tenancy_of(case.lead)
    if case.act.code == duties.NOT_LEFT:
        return tenancy.given_back_on is not None
    return not ledger.arrears_of([tenancy.account], on=workdays.today())[tenancy.account_id].amount


STEPS: Mapping[Case.Status, Callable[[Case], None]] = {
    S.PROPOSED: _put_before_panel,
    S.FOUND: _notify,
    S.NOTIFIED: _end,
}


def _serve(case: Case, letter: Service.Letter) -> None:
    attempt = Attempt(way=Way.HAND, on=workdays.today(), proof="送达回证")
    cases.serve(case, letter, attempt, by=officers.staff(officers.CREDIT))
