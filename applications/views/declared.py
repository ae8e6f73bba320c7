"""What the household declared, as signed, in the words of its reader: persons, homes, vehicles, assets, income."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from msgspec.structs import replace

from applications.forms import codes
from applications.models import Declaration
from bureau import identifiers, masks, workdays
from verification import wording
from verification.facts import Declared, DeclaredPerson

MONTHS = 12
Row = dict[str, Any]


def read(declaration: Declaration | None) -> Declared:
    """The declaration as it was signed; an empty one of a draft that was given up before."""
    if declaration is None:
        return Declared(persons=())
    return msgspec.json.decode(declaration.content, type=Declared)


def masked(declared: Declared) -> Declared:
    """The same for who only reads: names and the addresses of homes masked, employers left out."""
    return replace(
        declared,
        persons=tuple(replace(one, name=masks.name(one.name), employer_name="") for one in declared.persons),
        homes=tuple(replace(home, address=masks.address(home.address)) for home in declared.homes),
    )


def totals(declared: Declared) -> Row:
    """The declared figures of the overview. Every section is answered before a declaration can be handed in, so that an
    empty one says “none” and its sum is zero; None for a draft that was given up, which says nothing.
    """
    heads = len(declared.persons)
    income = sum((person.income.total for person in declared.persons), Decimal(0))
    kept = [home for home in declared.homes if home.sold_on is None]
    owned = [home.area * home.share for home in kept if home.tenure == "owned"]
    return {
        "income": income,
        "income_head_month": income / heads / MONTHS if heads else None,
        "owned_area": sum(owned, Decimal(0)) if heads else None,
        "homes": len(kept),
        "vehicles": len(declared.vehicles),
        "assets": sum((asset.amount for asset in declared.assets), Decimal(0)) if heads else None,
        "businesses": len(declared.businesses),
    }


def persons(declared: Declared, revealed: str = "") -> list[Row]:
    """The members, ID numbers masked but for the one that has just been revealed."""
    today = workdays.today()
    return [_person(person, today, person.key == revealed) for person in declared.persons]


def _person(person: DeclaredPerson, today: Any, is_revealed: bool) -> Row:
    number = person.id_number
    return {
        "key": person.key,
        "name": person.name,
        "relation": wording.relation(person.relation),
        "age": identifiers.age(number, today),
        "marital": wording.marital(person.marital),
        "id_number": number if is_revealed else masks.id_number(number),
        "is_revealed": is_revealed,
        "phone": masks.phone(person.phone) if person.phone else "",
        "hukou_since": person.hukou_since,
        "employment": _word(codes.EMPLOYMENT, person.employment),
        "employer": person.employer_name,
        "health": _health(person),
        "income": person.income,
    }


def _health(person: DeclaredPerson) -> str:
    words = [_word(codes.HEALTH, person.health)]
    if person.disability != "none":
        words.append(_("disability: %(grade)s") % {"grade": _word(codes.DISABILITY, person.disability)})
    if person.incapable:
        words.append(_("under guardianship"))
    return " · ".join(words)


def belongings(declared: Declared) -> Row:
    """Homes, vehicles, assets, businesses and assistance, each with its owner's name."""
    names = {person.key: person.name for person in declared.persons}
    return {
        "homes": [
            {"row": home, "owner": names.get(home.owner, ""), "tenure": _word(codes.TENURES, home.tenure)}
            for home in declared.homes
        ],
        "vehicles": [
            {"row": car, "owner": names.get(car.owner, ""), "type": _word(codes.VEHICLE_TYPES, car.vehicle_type)}
            for car in declared.vehicles
        ],
        "assets": [
            {"row": asset, "owner": names.get(asset.owner, ""), "type": _word(codes.ASSET_TYPES, asset.asset_type)}
            for asset in declared.assets
        ],
        "businesses": [
            {"row": firm, "owner": names.get(firm.owner, ""), "role": _word(codes.BUSINESS_ROLES, firm.role)}
            for firm in declared.businesses
        ],
        "assistance": [
            {
                "row": help_,
                "owner": names.get(help_.owner, ""),
                "type": _word(codes.ASSISTANCE_TYPES, help_.assistance_type),
            }
            for help_ in declared.assistance
        ],
    }


def nothing_of(declared: Declared) -> list[str]:
    """The parts of the declaration that the household left empty, by name."""
    parts = {
        _("Homes"): declared.homes,
        _("Deposits and financial assets"): declared.assets,
        _("Vehicles and boats"): declared.vehicles,
        _("Businesses"): declared.businesses,
        _("Assistance received"): declared.assistance,
    }
    return [name for name, rows in parts.items() if not rows]


def _word(choices: Iterable[tuple[str, str | Promise]], code: str) -> str:
    return str(dict(choices).get(code, code))
