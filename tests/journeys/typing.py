"""A clerk types a household's papers into the pages of the window, box by box."""

from pathlib import Path
from typing import Any

from bureau import identifiers
from tests.journeys.browser import Person

SAVE = "main form .form-actions button.button-primary"
ADD = "button[name=add]"


def type_household(clerk: Person, papers: dict[str, Any], scan: Path) -> str:
    """From the blank form to the confirmation page; returns the case's reference."""
    clerk.go("/applications/new/")
    clerk.page.locator(f"input[value={papers['kind']}]").check(force=True)
    clerk.press("main form button[type=submit]")
    reference = clerk.page.url.split("/")[-3]
    household = papers["household"]
    persons = household["persons"]
    _rows(clerk, reference, "applicant", [_person(persons[0])])
    _rows(clerk, reference, "members", [_person(person) for person in persons[1:]])
    _rows(clerk, reference, "homes", household.get("homes", []))
    _rows(clerk, reference, "income", [_income(person) for person in persons], add=False)
    for section in ("vehicles", "assets", "businesses", "assistance"):
        _rows(clerk, reference, section, household.get(section, []))
    for kind in ("identity", "hukou", "marriage", "income"):
        _paper(clerk, reference, kind, scan)
    sign(clerk, reference, scan)
    clerk.go(f"/applications/{reference}/intake/answers/")
    clerk.picture(f"answers-{reference}")
    clerk.press(SUBMIT)
    assert "/submitted/" in clerk.page.url, clerk.text()
    return reference


def _paper(clerk: Person, reference: str, kind: str, scan: Path) -> None:
    """One paper of the household among its scans."""
    clerk.go(f"/applications/{reference}/intake/papers/")
    clerk.page.select_option("[name=section]", kind)
    clerk.page.set_input_files("input[name=file]", scan)
    clerk.press("form[enctype] button[type=submit]")


SUBMIT = "main form button.button-primary"


def _rows(clerk: Person, reference: str, section: str, rows: list[dict[str, Any]], *, add: bool = True) -> None:
    clerk.go(f"/applications/{reference}/intake/{section}/")
    if not rows:
        clerk.page.locator("[name=none]").check(force=True)
    for number, row in enumerate(rows):
        if number and add:
            clerk.page.click(ADD)
            clerk.page.wait_for_selector(f"[name=rows-{number}-key]", state="attached")
        clerk.type_row(number, row)
    clerk.press(SAVE)
    assert f"/{section}/" not in clerk.page.url, f"{section}: {clerk.text()}"


def _person(person: dict[str, Any]) -> dict[str, Any]:
    applicant = person["relation"] == "01"
    values = {
        "name": person["name"],
        "id_number": person["id_number"],
        "marital": person["marital"],
        "phone": person.get("phone") or ("13800001402" if applicant else ""),
        "hukou_since": None if _from_birth(person) else person.get("hukou_since"),
        "hukou_division": person.get("hukou_division") or "321202",
        "health": person.get("health", "healthy"),
        "disability": person.get("disability", "none"),
        "employment": person.get("employment", "none"),
        "employer_name": person.get("employer_name"),
        "employer_code": person.get("employer_code"),
    }
    return values if applicant else {**values, "relation": person["relation"]}


def _from_birth(person: dict[str, Any]) -> bool:
    """Registered from birth: the form leaves the day blank."""
    return (person.get("hukou_since") or "") <= identifiers.birth_date(person["id_number"]).isoformat()


def _income(person: dict[str, Any]) -> dict[str, Any]:
    income = {
        "wages": "0",
        "business": "0",
        "property": "0",
        "transfers": "0",
        "other": "0",
        **person.get("income", {}),
    }
    return {"without": True} if all(float(amount) == 0 for amount in income.values()) else income


def sign(clerk: Person, reference: str, scan: Path) -> None:
    """Scan the signed forms once and record every signature on it."""
    clerk.go(f"/applications/{reference}/intake/signing/")
    clerk.page.set_input_files("input[type=file]", scan)
    clerk.press("form[enctype] button[type=submit]")
    page = clerk.page
    for guardian in page.locator("[name$=-guardian]").all():
        guardian.fill("父亲")
    for signer in page.locator("[name$=-signer]").all():
        if not signer.input_value():
            signer.fill(page.locator("[name$=-signer]").first.input_value())
    for chosen in page.locator("[name$=-chosen]").all():
        chosen.check(force=True)
    clerk.press("form[action$='/record/'] button[type=submit]")
