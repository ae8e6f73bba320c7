from msgspec.structs import replace

from tests.verification.household import (
    CHILD,
    DIBAO,
    FATHER,
    FLAT,
    MOTHER,
    ON,
    STANDARDS,
    TAIZHOU,
    earning,
    hear,
)
from verification.facts import (
    Declared,
    DeclaredAssistance,
)
from verification.statement import assemble

QUIET = replace(TAIZHOU, minimum_wage=None)


SILENT_FATHER = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))


def state(told=None, declared=SILENT_FATHER, standard=QUIET, *, silent=None, set_aside=frozenset()):
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assemble(declared, heard, standard, on=ON, set_aside=set_aside)


def test_protection_counts_except_the_declared_one_under_review():
    lease = DIBAO | {"aid_type": "07"}
    assert state({("civil_affairs", "m1"): [lease]}).figures.benefits.value == 1
    assert state({("civil_affairs", "m1"): [lease | {"to_date": "2026-01-01"}]}).figures.benefits.value == 0
    known = replace(SILENT_FATHER, assistance=(DeclaredAssistance(owner="m1", assistance_type="public_rental"),))
    assert state({("civil_affairs", "m1"): [lease]}, known).figures.benefits.value == 0


def test_a_public_lease_of_two_is_one_protection():
    lease = FLAT | {"record_type": "03", "contract_no": "C-1", "record_key": "C-1"}
    statement = state({("housing_bureau", "m1"): [lease], ("housing_bureau", "m2"): [lease]})
    assert statement.figures.benefits.value == 1


def test_a_certificate_counts_its_full_years():
    dibao = STANDARDS["xuzhou-2017-public-rental-dibao"]
    assert state({("civil_affairs", "m1"): [DIBAO]}, standard=dibao).figures.certificate.value == 2
    ended = DIBAO | {"status": "3"}
    assert state({("civil_affairs", "m1"): [ended]}, standard=dibao).figures.certificate.value is None
