"""In Chromium: an officer refers a confirmed finding and a case is opened; an employer's pattern becomes a lead."""

import os
from pathlib import Path

import pytest

from applications.models import Pattern, Referral
from credit.models import Case, Lead
from tests.applications.test_employers import certify
from tests.factories.applications import concluded
from tests.factories.objections import SCENARIO
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers
from verification.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def picture(person: Person, name: str) -> None:
    """Kept where HC_PICTURES says; looked at for barriers and for its width in any case, wide and on a phone."""
    for width in (1440, 390):
        person.page.set_viewport_size({"width": width, "height": 900})
        assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), name
        if where := os.environ.get("HC_PICTURES"):
            person.page.screenshot(path=Path(where) / f"{name}-{width}.png", full_page=True)
    person.page.set_viewport_size({"width": 1440, "height": 900})
    assert barriers(person) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_from_the_confirmed_finding_to_the_case(browser, live_server, people, sources, language):
    case = concluded(people, sources, SCENARIO, "unfit")
    finding = Finding.objects.get(check_ordered=case.current_check, kind="undeclared_home")
    officer = Person(browser, live_server.url, "housing", language=language)
    officer.go(f"/applications/{case.reference}/statement/")
    officer.press(f"a[href='/applications/{case.reference}/refer/']")
    picture(officer, f"refer-{language}")
    officer.page.check(f"input[name=findings][value='{finding.pk}']", force=True)
    officer.press("main form.form button[type=submit]")
    picture(officer, f"refer-confirm-{language}")
    assert not Lead.objects.exists()
    officer.press("main form.form button[type=submit]")
    picture(officer, f"referred-{language}")
    lead = Referral.objects.get().lead
    assert lead.number not in officer.text()

    registry = Person(browser, live_server.url, "credit", language=language)
    registry.go(f"/credit/leads/{lead.number}/")
    assert case.reference in registry.text()
    picture(registry, f"referred-lead-{language}")
    registry.page.check("main input[name=actors] >> nth=0", force=True)
    registry.page.fill("main input[name=occurred_on]", f"{case.accepted_on:%Y-%m-%d}")
    registry.press("main form.form button[type=submit]")
    assert Case.objects.get().lead == lead
    assert not officer.troubles + registry.troubles


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_from_the_certificates_to_the_lead_on_the_employer(browser, live_server, people, sources, language):
    case = concluded(people, sources, "employer-false-income", "unfit")
    for income in ("2000", "2100", "2200"):
        certify(case, income=income)
    certify(case, income="9600", signatory="周敏")
    registry = Person(browser, live_server.url, "credit", language=language)
    registry.go("/employers/")
    picture(registry, f"employers-{language}")
    registry.press("main table a")
    picture(registry, f"employer-{language}")
    registry.press("a.button-primary")
    picture(registry, f"employer-lead-{language}")
    registry.press("main form.form button[type=submit]")
    assert Pattern.objects.get().lead.number in registry.text()
    picture(registry, f"employer-led-{language}")
    registry.go(f"/employers/{Pattern.objects.get().employer_code}/")
    picture(registry, f"employer-after-{language}")
    assert not registry.troubles
