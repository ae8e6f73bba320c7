"""A mapping is data: read strictly, every fault told by its field."""

import json

import msgspec
import pytest

from bureau.dated_policy import PolicyError
from credit.feeds import read_mapping, sample_mappings
from tests.credit.feeds import given


def problems(change, code=given.CITY):
    plain = msgspec.to_builtins(given.mapping(code))
    with pytest.raises(PolicyError) as caught:
        read_mapping(json.dumps({**plain, **change}).encode())
    return {problem.field: problem.code for problem in caught.value.problems}


def column(**change):
    """The columns of the city's mapping, the first changed."""
    first, *rest = msgspec.to_builtins(given.mapping())["columns"]
    return {"columns": [{**first, **change}, *rest]}


def test_the_samples_are_the_city_and_a_bank_that_tells_the_person_before():
    city, bank = given.mapping(given.CITY), given.mapping(given.BANK)
    assert {each.id for each in sample_mappings()} == {given.CITY, given.BANK}
    assert (city.needs_prior_notice, bank.needs_prior_notice) == (False, True)
    assert (city.encoding.value, bank.encoding.value) == ("utf-8", "gb18030")


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"provider": "泰州"}, "provider", "code"),
        ({"kind": "a b"}, "kind", "code"),
        ({"separator": "x"}, "separator", "separator"),
        ({"most_lines": 0}, "most_lines", "number"),
        ({"subjects": ["household"]}, "subjects", "subjects"),
        ({"actions": {"add": "A", "change": "A", "delete": "D"}}, "actions", "actions"),
        ({"schedule": {"every": "week", "on": 8}}, "schedule.on", "day"),
        ({"schedule": {"every": "month", "on": 31}}, "schedule.on", "day"),
        ({"schedule": {"every": "day", "at": 24}}, "schedule.at", "hour"),
        ({"city": "32"}, "city", "division"),
        ({"document": ""}, "document", "empty"),
        ({"columns": []}, "columns", "missing"),
        ({"needs_prior_notice": True}, "columns", "missing"),
        ({"on_end": "change"}, "columns", "missing"),
        ({"encoding": "gbk"}, "encoding", "shape"),
        ({"colums": []}, "$", "shape"),
        (column(source="phone"), "columns[0].source", "shape"),
        (column(header=" "), "columns[0].header", "empty"),
        (column(header="长" * 101), "columns[0].header", "long"),
        (column(header="证件号码"), "columns[0].header", "twice"),
        (column(longest=0), "columns[0].longest", "positive"),
        (column(date="YYYY"), "columns[0].date", "not_a_date"),
        (column(source="holds_from"), "columns[0].date", "date"),
        (column(source="holds_from", date="%Y%m%d"), "columns[0].date", "date"),
        (column(text="x"), "columns[0].text", "text"),
        (column(source="severity", codes={"general": "1"}), "columns[0].codes", "codes"),
    ],
)
def test_what_cannot_be_used_is_told_by_its_field(change, field, code):
    assert problems(change)[field] == code


def test_several_faults_are_told_at_once():
    found = problems({"provider": "", "separator": "", "schedule": {"every": "day", "at": 99}})
    assert {"provider", "separator", "schedule.at"} <= set(found)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_what_is_no_json_is_refused(content):
    with pytest.raises(PolicyError):
        read_mapping(content)
