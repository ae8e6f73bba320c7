"""Who counts: the living members, where they are registered, how old a person is who applies alone."""

from datetime import date
from decimal import Decimal

from verification.facts import DeclaredPerson, RecordKind
from verification.figures import Figure, Step
from verification.records.marriage import Marriage
from verification.records.registration import Registration, RegistrationType
from verification.standards.schema import Residence
from verification.statement.fingerprints import group_key, own_key
from verification.statement.sheet import DECLARED, NOTHING, Found, Sheet, full_years

ADULT = 18  # 民法典 art. 17


def birth_of(person: DeclaredPerson) -> date | None:
    """The date of birth in the ID number (GB 11643); None where there is none."""
    digits = person.id_number[6:14]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def age_of(person: DeclaredPerson, on: date) -> int | None:
    """Full years of age."""
    born = birth_of(person)
    return None if born is None else full_years(born, on)


def is_male(person: DeclaredPerson) -> bool:
    """By the 17th digit of the ID number."""
    return person.id_number[16:17] in set("13579")


def count_members(sheet: Sheet) -> Figure:
    """The living members. A reported death takes a member out, unless a person has set the finding aside."""
    reports: dict[str, list[tuple[Found, Registration]]] = {}
    for found, record in sheet.records(Registration):
        if record.reports_death:
            reports.setdefault(found.person, []).append((found, record))
    dead = {person: numbers for person, told in reports.items() if (numbers := _note_death(sheet, told))}
    sheet.living = tuple(key for key in sheet.persons if key not in dead)
    steps = [Step(code="declared_members", amount=Decimal(len(sheet.persons)))]
    steps += [Step(code="deceased", amount=Decimal(-1), person=key, lines=lines) for key, lines in dead.items()]
    lines = tuple(number for numbers in dead.values() for number in numbers)
    return Figure(value=Decimal(len(sheet.living)), lines=lines, steps=tuple(steps))


def _note_death(sheet: Sheet, told: list[tuple[Found, Registration]]) -> tuple[int, ...]:
    """Write what the sources report of one death; the numbers of the lines, none where a person has set it aside."""
    key = own_key(told[0][0].person, group_key(record.record_key for _, record in told))
    aside = sheet.is_set_aside(told[0][0].source, key, ("deceased_member",), NOTHING)
    lines = []
    for found, record in told:
        died_on = record.died_on or record.cremated_on or record.cancelled_on
        line = sheet.add(
            "household",
            "death",
            found.person,
            found.source,
            reason="set_aside" if aside else "reported_dead",
            text={"died_on": f"{died_on}"} if died_on else {},
            record_key=record.record_key,
            data_date=found.data_date,
        )
        lines.append(line.number)
    return () if aside else tuple(lines)


def residence_years(sheet: Sheet) -> Figure:
    """Full years of local registration of the last adult whom the rule needs; 0 where there are too few such adults.

    None where an adult is registered locally and nobody says since when.
    """
    rule = sheet.standard.residence
    if rule is None:
        return Figure(value=NOTHING)
    held = _registered(sheet, rule)
    known = sorted(((years, number) for years, number in held.values() if years is not None), reverse=True)
    if len(known) >= rule.members:
        years, number = known[rule.members - 1]
        steps = tuple(Step(code="residence", amount=Decimal(each), lines=(line,)) for each, line in known)
        return Figure(value=Decimal(years), lines=(number,), steps=steps, least=_certain_years(sheet, rule, held))
    return Figure() if len(held) >= rule.members else Figure(value=NOTHING)


Held = dict[str, tuple[int | None, int]]  # years and line by person


def _certain_years(sheet: Sheet, rule: Residence, held: Held) -> Decimal | None:
    """The years without those of whom a death may yet be told; None where there are none such."""
    unsure = sheet.silent_on(RecordKind.REGISTRATION)
    if not unsure:
        return None
    years = sorted((each or 0 for person, (each, _) in held.items() if person not in unsure), reverse=True)
    return Decimal(years[rule.members - 1]) if len(years) >= rule.members else NOTHING


def _registered(sheet: Sheet, rule: Residence) -> Held:
    """Years and line of each living adult with a local registration; one line per person, the longest."""
    best: Held = {}
    for found, record in sheet.records(Registration):
        person = sheet.persons[found.person]
        since = _local_since(record, rule, person)
        if since is None:
            continue
        age = age_of(person, sheet.on)
        counts = found.person in sheet.living and (age is None or age >= ADULT)
        line = _residence_line(sheet, found, record, since, counts=counts)
        years = full_years(since, sheet.on) if since != date.max else None
        if counts and (found.person not in best or (years or 0) > (best[found.person][0] or 0)):
            best[found.person] = years, line
    return best


def _local_since(record: Registration, rule: Residence, person: DeclaredPerson) -> date | None:
    """Since when the record makes the person local: `date.max` if nobody says since when; None if it does not."""
    if record.register is RegistrationType.RESIDENCE_PERMIT and rule.permit_instead:
        return record.permit_from
    if record.register is not RegistrationType.HUKOU or record.cancelled or record.deceased:
        return None
    if not (record.division_code or "").startswith(rule.divisions):
        return None
    return record.moved_in_on or person.hukou_since or date.max


def _residence_line(sheet: Sheet, found: Found, record: Registration, since: date, *, counts: bool) -> int:
    text = {"division": record.division_code or ""}
    if since != date.max:
        text["since"] = f"{since}"
    return sheet.add(
        "household",
        "residence",
        found.person,
        found.source,
        used=counts,
        reason="" if counts else "not_adult",
        text=text,
        record_key=record.record_key,
        data_date=found.data_date,
    ).number


def note_marriages(sheet: Sheet) -> None:
    """The last registration of each member, and whether the other half is of this household or of this register."""
    latest: dict[str, tuple[Found, Marriage]] = {}
    for found, record in sheet.records(Marriage):
        known = latest.get(found.person)
        if known is None or (record.registered_on, record.record_key) > (known[1].registered_on, known[1].record_key):
            latest[found.person] = found, record
    for found, record in latest.values():
        partner = _partner(sheet, record)
        text = {"partner_name": record.partner_name, "on": f"{record.divorced_on or record.registered_on}"}
        if partner:
            text["partner"] = partner
        elif _same_register(sheet, found.person, record.partner_name):
            text["same_register"] = "yes"
        sheet.add(
            "household",
            "divorced" if record.registration_type.is_divorce else "married",
            found.person,
            found.source,
            text=text,
            record_key=record.record_key,
            data_date=found.data_date,
        )


def _partner(sheet: Sheet, record: Marriage) -> str:
    """The member who is the other half: by ID number, also its old form, or by name where there is no number."""
    number = record.partner_id
    for key, person in sheet.persons.items():
        own = person.id_number
        same = number in {own, own[:6] + own[8:17]} if number else person.name == record.partner_name
        if same:
            return key
    return ""


def _same_register(sheet: Sheet, person: str, name: str) -> bool:
    """Whether the household register that the person stands in names this partner too."""
    return any(
        member.name == name
        for found, record in sheet.records(Registration)
        if found.person == person
        for member in record.members
    )


def single_age(sheet: Sheet) -> Figure:
    """The age of a person who applies alone; None for a household of several and for the excused."""
    rule = sheet.standard.single
    if rule is None or len(sheet.living) != 1:
        return Figure()
    person = sheet.persons[sheet.living[0]]
    age = age_of(person, sheet.on)
    if age is None or person.marital in rule.excused or ("disabled" in rule.excused and person.disability != "none"):
        return Figure()
    line = sheet.add("household", "age", person.key, DECLARED, used=True, text={"age": f"{age}"})
    return Figure(value=Decimal(age), lines=(line.number,))
