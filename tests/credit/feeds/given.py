"""Mappings, records and lines as the tests of feeds use them."""

import json
from datetime import date

import msgspec

from credit.feeds import Action, Line, Mapping, SharedRecord, read_mapping, sample_mappings

CITY, BANK = "city-credit-2026", "central-bank-2026"
DAY = date(2026, 11, 30)
NAME = "TZZFBZ_LHCJ_20261130_0001"


def mapping(code=CITY, **change) -> Mapping:
    """A shipped mapping, with what is given instead."""
    sample = next(each for each in sample_mappings() if each.id == code)
    return read_mapping(json.dumps({**msgspec.to_builtins(sample), **change}).encode())


def record(**change) -> SharedRecord:
    """A record of a person, shared since its day."""
    values = {
        "record_key": "SX2026-000001-12",
        "case_number": "SX2026-000001",
        "subject_kind": "person",
        "subject_name": "胡建军",
        "identifier": "321299198306259176",
        "act_code": "F01",
        "act_name": "隐报、瞒报、假报家庭住房",
        "severity": "serious",
        "basis": "泰州市公共信用信息条例（2016）",
        "recorded_on": date(2026, 3, 2),
        "holds_from": date(2026, 3, 2),
        "holds_until": date(2031, 3, 2),
        "finder": "泰州市住房和城乡建设局",
        "finder_code": "321200",
    }
    return SharedRecord(**{**values, **change})


def line(key="SX2026-000001-12", action=Action.ADD, *, to=None, **values) -> Line:
    """A line with every column, whose values are those given by place or a dash."""
    headers = (to or mapping()).headers
    return Line(action, key, {header: values.get(header, "-") for header in headers})
