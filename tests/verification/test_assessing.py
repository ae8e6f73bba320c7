"""An assessment is kept with all it was worked out from: it replays byte for byte, and tampering shows."""

import io
import json

import msgspec
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from bureau import ciphers
from bureau.models import TimelineEntry
from verification import assessing
from verification.filing import Filed
from verification.models import Assessment, Check


def test_every_stored_result_replays_byte_for_byte(check_of, assessed):
    for name in assessed:
        row = check_of(name).assessments.get()
        again = msgspec.json.encode(assessing.inputs_of(row).work_out())
        assert again == msgspec.json.encode(assessing.result_of(row))
        assert ciphers.sm3(again).hex() == row.result_digest


def test_the_replay_command_says_so_of_all(check_of, assessed):
    out = io.StringIO()
    call_command("replay_decisions", json=True, stdout=out)
    said = json.loads(out.getvalue())
    assert said == {"replayed": len(assessed), "same": len(assessed), "different": [], "by_earlier_rules": []}


def test_the_replay_command_fails_when_a_stored_result_was_changed(check_of):
    row = check_of("hidden-car").assessments.get()
    result = assessing.result_of(row)
    comparison = msgspec.structs.replace(result.comparison, proposed="fit")
    field = Assessment._meta.get_field("result")
    forged = field.get_db_prep_save(assessing.pack(msgspec.structs.replace(result, comparison=comparison)), connection)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger runs
        cursor.execute("UPDATE verification_assessment SET result = %s WHERE id = %s", [forged, row.pk])
        cursor.execute("SET session_replication_role = origin")

    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("replay_decisions", json=True, stdout=out)
    assert [row["problem"] for row in json.loads(out.getvalue())["different"]] == [
        "stored result does not match its digest"
    ]


def test_an_assessment_is_never_changed(check_of):
    row = check_of("fit").assessments.get()
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Assessment.objects.filter(pk=row.pk).update(proposed="unfit")


def test_assessing_again_makes_a_new_version_and_keeps_the_old(check_of):
    check = check_of("hidden-car")
    first = check.assessments.get()
    assessing.write([check])
    assert list(check.assessments.order_by("version").values_list("version", flat=True)) == [1, 2]
    assert Assessment.objects.get(pk=first.pk).result_digest == first.result_digest


def test_a_set_of_checks_is_assessed_with_as_many_queries_as_one(check_of):
    checks = [check_of(name) for name in ("fit", "hidden-car", "hidden-flat", "unfit-income", "dead-member")]
    for check in checks:
        _ = check.standard  # read with the checks, as `assess` reads them
    counted = []
    for part in (checks[:1], checks[1:]):
        with CountedQueries() as queries:
            assessing.write(part)
        counted.append(queries.count)
    assert counted[1] <= counted[0] + 1


class CountedQueries:
    """How many queries ran inside."""

    count = 0

    def __enter__(self):
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self

    def _note(self, execute, *arguments):
        self.count += 1
        return execute(*arguments)

    def __exit__(self, *error):
        self._wrapper.__exit__(*error)


def test_only_settled_checks_are_assessed(check_of):
    check = check_of("fit")
    assessing.assess([check.pk])
    assert check.assessments.count() == 1
    assert Check.objects.to_assess().count() == 0


def test_the_timeline_tells_the_way_of_a_check(check_of):
    events = list(TimelineEntry.objects.of(check_of("fit")).order_by("pk").values_list("event", flat=True))
    assert events == ["ordered", "settle", "assess"]


def test_an_open_finding_that_is_gone_lapses_and_opens_when_it_is_back(check_of):
    check = check_of("hidden-car")
    finding = check.findings.get(kind="undeclared_vehicle")
    filed = Filed([check])
    filed.bring_in_line(check.pk, ())
    filed.save()
    finding.refresh_from_db()
    assert finding.state == "lapsed"
    assessing.write([check])
    finding.refresh_from_db()
    assert finding.state == "open"
