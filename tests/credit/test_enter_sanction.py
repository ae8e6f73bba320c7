"""`manage.py enter_sanction`: the ID number comes on standard input, and is not told again."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from bureau.fields import blind_index
from credit import standing
from credit.models import Sanction

NUMBER = "321299198306259176"
pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(monkeypatch):
    """Runs the command with this on standard input; returns what it says."""

    def run(line=NUMBER, **options):
        out = io.StringIO()
        monkeypatch.setattr("sys.stdin", io.StringIO(line + "\n"))
        values = {"name": "胡建军", "severity": "more_serious", "act": "隐瞒车辆", "banned_from": date(2024, 5, 10)}
        values["by"] = "credit"
        call_command("enter_sanction", **{**values, **options}, stdout=out)
        return out.getvalue()

    return run


def test_a_ban_is_entered_and_its_days_are_told(enter):
    assert enter() == "Banned from 2024-05-10 until 2027-05-10.\n"
    assert standing.standing(blind_index(NUMBER), on=date(2026, 1, 1)).blocked


@pytest.mark.parametrize("line", ["", "321299198306259177", "not a number"])
def test_a_bad_number_is_refused_without_being_told(enter, line):
    with pytest.raises(CommandError) as error:
        enter(line)
    assert not line or line not in str(error.value)
    assert Sanction.objects.count() == 0


def test_a_second_ban_at_the_same_time_is_refused(enter):
    enter()
    with pytest.raises(CommandError):
        enter()
    assert Sanction.objects.count() == 1


def test_an_unknown_severity_is_refused(enter):
    with pytest.raises((CommandError, ValueError)):
        enter(severity="awful")


@pytest.mark.parametrize("name", ["window", "auditor", "nobody"])
def test_a_ban_wants_a_credit_officer_who_answers_for_it(enter, name):
    with pytest.raises(CommandError, match="no credit officer"):
        enter(by=name)
    assert Sanction.objects.count() == 0
