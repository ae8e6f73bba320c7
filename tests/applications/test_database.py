"""What the database itself holds, whoever writes: every status carried by what leads to it, every paper as it was."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from applications import decisions
from applications.models import Application
from tests.factories.applications import check_due, checking, concluded
from tests.factories.cases import case_at

# By the table and what is set, of a household that was granted its notice: none of it is anybody's to write.
FORBIDDEN = """
applications_attachment: digest = ''
applications_attachment: file = 'another.pdf'
applications_attachment: removed_by_id = removed_by_id, title = 'another'
applications_authorisation: kinds = '{}'
applications_authorisation: valid_to = '2099-12-31'
applications_commitment: signer = 'somebody else'
applications_commitment: person_index = ''
applications_decision: reasons = '["none"]'
applications_decision: outcome = 'refuse'
applications_decision: letter_id = NULL, opinion = 'another'
applications_opinion: text = 'another'
applications_opinion: office_id = 1
applications_opinion: declaration_id = 0
applications_publicnotice: closes_on = '2099-12-31'
applications_publicnotice: masked_name = 'another'
verification_conclusion: outcome = 'incomplete'
verification_conclusion: opinion = 'another'
verification_conclusion: at = now()
verification_conclusion: report_id = NULL
verification_check: status = 'asking'
verification_check: status = 'cancelled'
verification_check: as_of = '2000-01-01'
verification_check: declared = ''
verification_inquiry: answer = NULL, state = 'open'
verification_inquiry: answer = ''
verification_inquiry: outcomes = '{}'
verification_inquiry: state = 'cancelled'
verification_inquiry: runs = 0
""".strip().splitlines()
KEPT = sorted({line.partition(":")[0] for line in FORBIDDEN} | {"applications_application", "verification_finding"})


def end_of_transaction():
    """What PostgreSQL asks when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def is_refused(sql: str) -> bool:
    """Whether the database refuses the statement, which changes at least one row when it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount, sql
            transaction.set_rollback(True)
    except DatabaseError:
        return True
    return False


def refuses(why: str, rows, **changes: object) -> None:
    """The database refuses these changes when the transaction ends; nothing of them stays."""
    savepoint = transaction.savepoint()
    rows.update(**changes)
    with pytest.raises(IntegrityError, match=why):
        end_of_transaction()
    transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("status", ["check_due", "checking", "checked", "on_notice", "approved", "refused", "rejected"])
def test_a_status_without_what_leads_to_it_is_refused(people, status):
    case = case_at("at_city", keyed_by=people["window"])
    refuses("needs", Application.objects.filter(pk=case.pk), status=status)


def test_a_status_that_needs_no_decision_passes(people):
    case = case_at("at_city", keyed_by=people["window"])
    Application.objects.filter(pk=case.pk).update(status="withdrawn")
    end_of_transaction()


def test_a_check_needs_the_agreement_of_all_tiers_to_the_present_declaration(people):
    case = check_due(people)
    end_of_transaction()
    case.opinions.filter(tier="district").update(valid=False, invalid_since=timezone.now())
    refuses("three tiers", Application.objects.filter(pk=case.pk), days_left=1)
    Application.objects.filter(pk=case.pk).update(status="withdrawn")


def test_a_case_is_checked_only_by_the_conclusion_of_its_own_check(people):
    case, another = checking(people), case_at("at_city", keyed_by=people["window"])
    end_of_transaction()
    mine, other = (Application.objects.filter(pk=each.pk) for each in (case, another))
    refuses("needs a check", mine, status="checked")
    refuses("needs a check", mine, current_check=None)
    refuses("needs", other, status="checking", current_check=case.current_check)


def test_what_was_brought_signed_said_answered_and_decided_stays_as_it_was(people, sources):
    case = concluded(people, sources, "hidden-car", "unfit")
    decisions.refuse(case, by=people["housing"], opinion="经审查，不符合条件。")
    granted = concluded(people, sources, "fit", "fit")
    decisions.grant(granted, by=people["housing"], opinion="经审查，符合条件。")
    end_of_transaction()
    changes = [f"UPDATE {table} SET {what}" for table, what in (line.split(": ", 1) for line in FORBIDDEN)]  # noqa: S608
    removals = [f"DELETE FROM {table}" for table in KEPT]  # noqa: S608 -- our own words
    assert [sql for sql in changes + removals if not is_refused(sql)] == []


def test_what_may_still_happen_happens_once(people, sources):
    case = concluded(people, sources, "fit", "fit")
    decisions.grant(case, by=people["housing"], opinion="经审查，符合条件。")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE applications_commitment SET ended_at = now(), end_reason = 'withdrawn'")
        cursor.execute("UPDATE applications_opinion SET valid = false, invalid_since = now(), invalid_because = 'x'")
        cursor.execute("UPDATE applications_publicnotice SET closed_at = now()")
        cursor.execute("UPDATE applications_decision SET superseded_at = now()")
    for sql in (
        "UPDATE applications_commitment SET ended_at = NULL, end_reason = ''",
        "UPDATE applications_opinion SET valid = true, invalid_since = NULL",
        "UPDATE applications_publicnotice SET closed_at = NULL",
        "UPDATE applications_decision SET superseded_at = NULL",
    ):
        assert is_refused(sql), sql
    Application.objects.filter(pk=case.pk).update(status="withdrawn")  # no decision carries it any more


def test_a_finding_that_a_person_settled_and_what_it_rests_on_do_not_change(people, sources):
    concluded(people, sources, "hidden-car", "unfit")
    for what in ("supports = '{}'", "params = '{}'", "fingerprint = 'x'", "reason = 'x'", "state = 'lapsed'"):
        assert is_refused(f"UPDATE verification_finding SET {what}"), what  # noqa: S608
