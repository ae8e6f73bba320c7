"""A result follows from its inputs alone: worked out twice, stored and read back, it is the same to the byte."""

import hashlib
import json
import os
import subprocess
import sys
import zlib
from datetime import UTC, datetime

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.arithmetic.drawn import PROPERTY, Household, encoded, households
from tests.verification.household import ON, STANDARDS
from verification.assessing import Inputs, pack
from verification.comparison import Assessed
from verification.facts import Outcome
from verification.rules import RULES_VERSION
from verification.standards import Standard
from verification.standards.reading import SAMPLES, read_standard

standards = st.sampled_from([*STANDARDS.values()])
silences = st.dictionaries(
    st.sampled_from(["icbc", "police", "local_tax", "transport"]), st.sampled_from([*Outcome][2:]), max_size=2
)


def inputs_of(household: Household, standard: Standard, silent: dict[str, Outcome]) -> Inputs:
    """With evidence as it is kept, and some of the findings dismissed."""
    at = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    heard = tuple(
        replace(each, evidence=replace(each.evidence, replied_at=at), required=each.source == "transport")
        for each in household.heard(silent)
    )
    inputs = Inputs(declared=household.declared, heard=heard, standard=standard, on=ON)
    marks = sorted(each.fingerprint for each in inputs.work_out().comparison.findings)
    return replace(inputs, set_aside=tuple(marks[::2]))


@given(household=households(), standard=standards, silent=silences)
@PROPERTY
def test_the_same_inputs_worked_out_twice_give_the_same_bytes(household, standard, silent):
    inputs = inputs_of(household, standard, silent)
    result = inputs.work_out()
    assert encoded(inputs.work_out()) == encoded(result)
    assert (result.standard, result.rules_version) == (standard.id, RULES_VERSION)


@given(household=households(), standard=standards, silent=silences)
@PROPERTY
def test_inputs_that_were_stored_and_read_back_give_the_same_bytes(household, standard, silent):
    inputs = inputs_of(household, standard, silent)
    again = msgspec.json.decode(zlib.decompress(pack(inputs)), type=Inputs)
    assert again == inputs
    assert pack(again) == pack(inputs)
    assert encoded(again.work_out()) == encoded(inputs.work_out())


@given(household=households(), standard=standards, silent=silences)
@PROPERTY
def test_a_result_that_was_stored_reads_back_as_it_was(household, standard, silent):
    result = inputs_of(household, standard, silent).work_out()
    again = msgspec.json.decode(zlib.decompress(pack(result)), type=Assessed)
    assert again == result
    assert encoded(again) == encoded(result)


@given(household=households(), standard=standards)
@PROPERTY
def test_nobodys_id_number_is_in_a_result(household, standard):
    result = encoded(household.assess(standard)).decode()
    assert not [person.id_number for person in household.declared.persons if person.id_number in result]


def test_a_sample_standard_stored_as_json_is_the_same_standard():
    """As the database keeps it: plain JSON values, converted back where a check is assessed."""
    for path in SAMPLES.glob("*.json"):
        standard = read_standard(path.read_bytes())
        content = msgspec.to_builtins(standard)
        assert msgspec.convert(json.loads(json.dumps(content)), Standard, strict=False) == standard
        assert msgspec.convert(json.loads(path.read_text()), Standard, strict=False) == standard


def test_a_result_does_not_depend_on_the_hash_seed_of_the_process():
    """Nothing walks through a set: another process, years later, puts the lines in the same order."""
    script = (
        "import hashlib, msgspec\n"
        "from tests.verification.household import *\n"
        "told = {('housing_bureau', 'm1'): [FLAT], ('police', 'm1'): [LOCAL, CAR], ('icbc', 'm2'): [ACCOUNT],\n"
        "        ('local_tax', 'm1'): [WAGES], ('social_security', 'm1'): [INSURED],\n"
        "        ('provident_fund', 'm2'): [FUND], ('market_regulation', 'm2'): [SHARE],\n"
        "        ('civil_affairs', 'm1'): [DIBAO]}\n"
        "silent = {'boc': Outcome.TIMEOUT, 'abc': Outcome.BROKEN, 'state_tax': Outcome.IDENTITY_MISMATCH}\n"
        "print(hashlib.sha256(msgspec.json.encode(check(told, silent=silent))).hexdigest())\n"
    )
    digests = set()
    for seed in ("0", "1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", script], env=environment, cwd=SAMPLES.parent.parent, capture_output=True, check=True
        )
        digests.add(run.stdout.strip())
    assert len(digests) == 1
    assert len(digests.pop()) == len(hashlib.sha256().hexdigest())
