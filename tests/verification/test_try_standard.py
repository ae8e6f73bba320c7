"""`manage.py try_standard`: a trial at the command line, and one that is gone on with."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import trials as made
from verification import trials, trying
from verification.models import Trial

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("try_standard", made.NEXT, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def standard(four):
    return made.coming(**made.income_line(4700))


def test_the_command_tells_who_leaves_and_joins_by_district(standard):
    told = json.loads(run("--by", "check", "--json"))
    assert told["districts"] == {"321202": {"joins": 1, "stays": 2}, "321203": {"stays": 1}}
    assert told["kinds"] == {"failed": 0, "joins": 1, "leaves": 0, "opens": 0, "settles": 0, "stays": 3}
    assert told["criteria"] == {"income": {"joins": 1}}
    assert (told["trial"], told["households"], len(told["digest"])) == (1, 4, 64)
    again = json.loads(run("--by", "admin", "--json"))
    assert (again["trial"], again["digest"]) == (2, told["digest"])
    assert Trial.objects.get(number=2).run_by.username == "admin"


def test_it_prints_a_line_for_each_district(standard):
    printed = run("--by", "check", "--district", "321203")
    assert "321203  stays 1" in printed
    assert "321202" not in printed


def test_it_goes_on_with_a_trial_that_was_left_behind(standard, people, monkeypatch):
    monkeypatch.setattr(trying, "BATCH", 1)
    trial = trials.begin(standard, trying.Population(), by=people["check"])
    trying.work(trial.pk, seconds=0)
    told = json.loads(run("--by", "check", "--go-on", "1", "--json"))
    assert told["households"] == sum(told["kinds"].values()) == 4
    assert json.loads(run("--by", "check", "--go-on", "1", "--json")) == told
    assert Trial.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--by", "nobody"), "member of staff"),
        (("--by", "street"), "posting"),
        (("--by", "check", "--go-on", "7"), "no trial"),
        (("--by", "check", "--district", "999999"), "999999"),
        (("--by", "check", "--until", "2001-01-01"), "No household"),
    ],
)
def test_what_cannot_be_tried_ends_with_the_reason(standard, arguments, word):
    with pytest.raises(CommandError, match=word):
        run(*arguments)
    assert not Trial.objects.exists()


def test_a_standard_that_does_not_exist_or_is_in_force_is_refused(four):
    with pytest.raises(CommandError, match="standard"):
        run("--by", "check")
    with pytest.raises(CommandError, match="in force"):
        call_command("try_standard", made.CODE, "--by", "check")
