"""No path from a source's raw answer to a sanction without a person who confirms it (clauses B1 to B6).

A household with a hidden flat is really put to the mock departments. Then every door is tried: pages and API as each of
the staff, the administration, periodic tasks, commands, work modules, models, and SQL in the name of the role of
everyday work. Nothing is in the registry until a person has confirmed the finding, another conclusion has been drawn,
and an officer has referred it; and then it is a lead and no more.
"""

import ast
import io

import pytest
from celery import current_app
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.utils import timezone

from applications import checks, decisions, referrals
from bureau import workdays
from bureau.errors import MoveRefusedError, UnfitDataError
from credit import leads
from credit.leads import Confirmed, Named
from credit.models import Case, Lead, Party, Sanction, Seat, Service
from credit.standing import standings
from housing_credit import beat
from housing_credit.celery import app
from tests.credit.makers import MAKERS
from tests.factories import credit as given
from tests.factories.applications import ask_all, checking, concluded, household_of
from tests.factories.objections import SCENARIO
from tests.house.rules.sources import dotted, name_of, python_files, tree_of
from tests.house.test_urls import ALL, OPEN_TO_ALL, filled
from verification import conclusions, findings
from verification.models import Finding

pytestmark = pytest.mark.django_db
CAST = ("window", "street", "district", "check", "check2", "housing", "credit", "panel", "auditor", "admin")
REGISTRY = (Lead, Case, Party, Seat, Service, Sanction)


def in_the_registry() -> dict[str, int]:
    """What the registry holds of anybody, table by table; empty where it holds nothing."""
    counts = {model.__name__: model.objects.count() for model in REGISTRY}
    return {name: count for name, count in counts.items() if count}


@pytest.fixture
def hit(people, sources):
    """A household whose hidden flat a source has told of; nobody has looked at it yet."""
    case = checking(people, household_of(sources, SCENARIO))
    ask_all(case.current_check)
    assert finding_of(case).state == "open"
    return case


def finding_of(case, kind="undeclared_home") -> Finding:
    found: Finding = Finding.objects.get(check_ordered__subject=case.reference, kind=kind)
    return found


def anybody_banned(case) -> bool:
    indexes = [bytes(index) for index in case.members.values_list("id_index", flat=True)]
    return any(each.blocked for each in standings(indexes, on=workdays.today()).values())


# --- the way it goes ------------------------------------------------------------------------------------------------


def test_from_the_sources_answer_to_the_lead_there_are_three_persons_and_then_only_a_lead(hit, people):
    assert not in_the_registry()
    for finding in hit.current_check.findings.open():
        findings.confirm(finding, by=people["check"], reason="已电话核实，属实。")
    assert not in_the_registry()

    conclusions.conclude(hit.current_check, outcome="unfit", opinion="已逐项比对。", by=people["check"])
    checks.take_up_due()
    hit.refresh_from_db()
    decisions.refuse(hit, by=people["housing"], opinion="住房面积超过标准。")
    run_every_task()
    assert not in_the_registry()
    referrals.refer(hit, [finding_of(hit).pk], by=people["housing"])
    run_every_task()
    assert in_the_registry() == {"Lead": 1}
    assert not anybody_banned(hit)


# --- doors ----------------------------------------------------------------------------------------------------------


def run_every_task() -> None:
    """Every periodic task once, in this process."""
    app.loader.import_default_modules()
    for entry in beat.SCHEDULE.values():
        current_app.tasks[entry["task"]].run()


def test_no_task_makes_anything_of_a_hit(hit):
    for _again in range(2):
        run_every_task()
    assert not in_the_registry()


def test_no_page_and_no_endpoint_makes_anything_of_a_hit(hit, people):
    """Each address, as each of the staff, with everything that a form of ours could be made to believe.

    Whoever is entitled to confirm would give a reason; none is given here.
    """
    check, finding = hit.current_check, finding_of(hit)
    values = {"reference": hit.reference, "number": check.number, "check": check.number, "pk": str(finding.pk)}
    values |= {"finding": str(finding.pk), "key": "m1", "name": "members", "which": "commitment"}
    member = hit.members.get(key="m1")
    told = {
        "findings": [str(finding.pk)],
        "confirmed": "on",
        "token": hit.status_since.isoformat(),
        "kind": "finding",
        "origin": f"finding:{finding.pk}",
        "subject_kind": "person",
        "name": member.name,
        "identifier": member.id_number,
        "text": "来源反馈有未申报住房",
        "received_on": workdays.today().isoformat(),
        "outcome": "unfit",
        "act_code": "F01",
    }
    closed = [filled(pattern, values) for pattern in ALL if pattern not in OPEN_TO_ALL]
    assert len(closed) > 60
    for username in CAST:
        client = Client(raise_request_exception=False)
        client.force_login(people[username], backend="django.contrib.auth.backends.ModelBackend")
        for address in closed:
            for content in ({"data": told}, {"data": told, "content_type": "application/json"}):
                if not address.startswith("/api/") and "content_type" in content:
                    continue
                assert client.post(address, **content).status_code != 500, address
        assert not in_the_registry(), username
    finding.refresh_from_db()
    assert finding.state in {"open", "lapsed"}


def test_no_command_makes_anything_of_a_hit(hit):
    for name in ("replay_decisions", "verify_exchanges", "verify_audit"):
        call_command(name, stdout=io.StringIO(), stderr=io.StringIO())
    assert not in_the_registry()


def test_nobody_enters_a_lead_a_case_or_a_sanction_in_the_administration(people):
    request = RequestFactory().get("/admin/")
    request.user = people["admin"]
    for model, its_admin in admin.site._registry.items():  # noqa: SLF001 -- the list of all that is registered
        if model in REGISTRY:
            assert not its_admin.has_add_permission(request), model
            assert not its_admin.has_change_permission(request), model


@pytest.mark.parametrize("maker", MAKERS)
def test_who_makes_a_lead_or_a_case_is_known(maker):
    callers = {
        name_of(path)
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and dotted(node.func) == maker
    }
    assert {name for name in callers if not name.startswith("housing_credit/seeds/")} == set(MAKERS[maker])


def take(case, *, by, origin=None, confirmed=True) -> Lead:
    member = case.members.get(key="m1")
    return leads.take(
        Lead.Kind.FINDING,
        about=[Named(member.name, member.id_number)],
        text="未申报住房",
        origin=f"finding:{finding_of(case).pk}" if origin is None else origin,
        confirmed=Confirmed(by, timezone.now()) if confirmed else None,
        office_code=case.office_code,
        by=by,
    )


def test_the_registry_takes_no_finding_without_the_person_who_confirmed_it(hit, people):
    with pytest.raises(UnfitDataError):
        take(hit, by=people["check"], confirmed=False)
    with pytest.raises(UnfitDataError):
        take(hit, by=people["check"], origin="")
    assert not in_the_registry()


def test_the_database_takes_no_finding_that_is_said_to_be_confirmed_and_is_not(hit, people):
    for _state in ("open", "dismissed"):
        with pytest.raises(IntegrityError, match="has confirmed"), transaction.atomic():
            take(hit, by=people["check"])
        finding = finding_of(hit)
        if finding.state == "open":
            findings.dismiss(finding, by=people["check"], reason="登记有误")
    assert not in_the_registry()


def test_no_officer_refers_what_is_not_settled_or_dismissed(hit, people):
    open_one, dismissed = finding_of(hit), finding_of(hit, "over_limit")
    findings.dismiss(open_one, by=people["check"], reason="登记有误")
    for username in ("check", "housing"):
        for finding in (open_one, dismissed):
            with pytest.raises(MoveRefusedError):
                referrals.refer(hit, [finding.pk], by=people[username])
    assert not in_the_registry()


def test_a_confirmed_finding_of_another_household_does_not_carry_ours(people, sources, hit):
    other = concluded(people, sources, "hidden-car", "unfit")
    assert other.current_check.findings.filter(state="confirmed").exists()
    with pytest.raises(UnfitDataError, match="confirmed"):
        referrals.refer(other, [finding_of(hit).pk], by=people["housing"])
    assert not in_the_registry()


# --- the database ---------------------------------------------------------------------------------------------------


def test_a_case_wants_a_lead_and_a_sanction_of_a_case_all_that_comes_before(people):
    case = given.case()
    values = {name: getattr(case, name) for name in ("policy", "act", "severity", "facts", "office_code", "opened_by")}
    values |= {"occurred_on": case.occurred_on, "opened_on": case.opened_on, "number": "SX1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(**values, lead=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(**values, lead=case.lead)
    with pytest.raises(IntegrityError, match="a finding of the panel"), transaction.atomic():
        Sanction.objects.create(**sanction_of(case))
    with pytest.raises(IntegrityError, match="sanction_"), transaction.atomic():
        Sanction.objects.create(**sanction_of(case) | {"case": None})  # a ban by hand names the person who entered it


def sanction_of(case) -> dict:
    """A ban of the first party."""
    values = {"subject": case.parties.order_by("pk").first().subject, "case": case, "severity": case.severity}
    return values | {"act": "x", "basis": "x", "holds_from": workdays.today(), "kind": "ban"}


def in_sql(model, **values) -> tuple[str, list]:
    """The statement that enters a row past the models, and its values."""
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", [*values.values()]  # noqa: S608 -- ours


def as_everyday(statement: str, values) -> None:
    """One statement in the name of the role of everyday work."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {settings.EVERYDAY_ROLE}")
        cursor.execute(statement, values)


def test_sql_of_the_role_of_everyday_work_does_not_get_past(hit, people):
    finding, now, by = finding_of(hit), timezone.now(), people["check"].pk
    lead = {"number": "XS1", "kind": "finding", "text": b"x", "reporter": b"", "origin": f"finding:{finding.pk}"}
    lead |= {"confirmed_by_id": by, "confirmed_at": now, "office_code": "321200", "status": "received"}
    lead |= {"status_since": now, "received_on": workdays.today()}
    take_report(hit)
    referral = (
        "INSERT INTO applications_referral (application_id, finding_id, lead_id, by_id, at)"
        " SELECT %s, %s, id, %s, now() FROM credit_lead"
    )
    for (statement, values), said in [
        (in_sql(Lead, **lead), "has confirmed"),
        (in_sql(Lead, **{**lead, "origin": "finding:0"}), "has confirmed"),
        (in_sql(Lead, **{**lead, "confirmed_by_id": None}), "lead_of_a_finding_was_confirmed_by_a_person"),
        (in_sql(Lead, **{**lead, "origin": ""}), "lead_of_a_finding_was_confirmed_by_a_person"),
        (("UPDATE credit_lead SET kind = 'finding'", []), "confirmed"),
        (("UPDATE verification_finding SET state = 'confirmed'", []), "settled_by_a_person"),
        ((referral, [hit.pk, finding.pk, by]), "only a confirmed finding"),
        (("ALTER TABLE credit_lead DISABLE TRIGGER ALL", []), "must be owner"),
        (("SET session_replication_role = replica", []), "permission denied"),
    ]:
        with pytest.raises(DatabaseError, match=said):
            as_everyday(statement, values)
    assert in_the_registry() == {"Lead": 1}


def take_report(case) -> Lead:
    """A report of the public about the same person: a lead, and of no finding."""
    member = case.members.get(key="m1")
    about = [Named(member.name, member.id_number)]
    return leads.take(Lead.Kind.REPORT, about=about, text="举报", office_code=case.office_code, by=None)
