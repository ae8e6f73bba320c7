"""What an access slip needs to be typeset (bureau/letter_data.py says how values are given)."""

from datetime import date

from bureau.letter_data import Letter, Part


class Look(Part, frozen=True, kw_only=True):
    """Somebody of an office saw the person's data: on which day, how often, for which case, why."""

    day: str
    office: str
    officer: str  # staff number
    what: str
    case: str
    purpose: str
    times: str


class Asked(Part, frozen=True, kw_only=True):
    """A source was asked about the person, under which authorisation."""

    at: str
    source: str
    check: str
    purpose: str
    outcome: str
    authorisation: str
    until: str  # of the authorisation


class Told(Part, frozen=True, kw_only=True):
    """Another department asked the registry about the person, and what it was told."""

    at: str
    department: str
    purpose: str
    answer: str


class Signed(Part, frozen=True, kw_only=True):
    """An authorisation that was signed for the person."""

    number: str
    signer: str
    signed_on: str
    until: str
    state: str


class AccessSlip(Letter, frozen=True, kw_only=True):
    """查询记录告知单: who looked at a person's data."""

    person: str
    id_number: str
    slip: str  # its own number
    since: date
    until: date
    asked_by: str  # the person, or who asks for the person, with the paper
    window: str
    looks: tuple[Look, ...] = ()
    asked: tuple[Asked, ...] = ()
    told: tuple[Told, ...] = ()
    signed: tuple[Signed, ...] = ()
    remarks: tuple[str, ...] = ()
