"""In Chromium, a household objects at its window; another officer has the register asked again and answers."""

import os
from pathlib import Path

import pytest

from applications import decisions, result_objections
from applications.models import Application
from tests import papers
from tests.factories.applications import concluded
from tests.factories.later import asked
from tests.factories.objections import GROUNDS, SCENARIO, line_of, set_right
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers
from verification.models import Objection

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def picture(person: Person, name: str) -> None:
    """Kept where HC_PICTURES says; looked at for barriers and for its width in any case."""
    assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert barriers(person) == []
    if where := os.environ.get("HC_PICTURES"):
        person.page.screenshot(path=Path(where) / f"{name}.png", full_page=True)


def test_a_household_objects_and_its_case_is_decided_anew(browser, live_server, people, sources, tmp_path):
    case = concluded(people, sources, SCENARIO, "unfit")
    decisions.refuse(case, by=people["housing"], opinion="住房面积超过标准。")
    line = line_of(case.current_check)
    file = tmp_path / "售房合同.pdf"
    file.write_bytes(papers.PDF)

    clerk = Person(browser, live_server.url, "window")
    clerk.go(f"/applications/{case.reference}/result-objection/")
    clerk.page.check(f"input[name=lines][value='{line}']")
    clerk.page.fill("textarea[name=grounds]", GROUNDS)
    picture(clerk, "object-wide")
    clerk.press("main form.form button[type=submit]")
    picture(clerk, "object-wrong")
    clerk.page.fill("input[name=title_1]", "售房合同")
    clerk.page.set_input_files("input[name=file_1]", file)
    clerk.press("main form.form button[type=submit]")
    objection = Objection.objects.get()
    assert objection.number in clerk.page.inner_text("main")
    picture(clerk, "objection-clerk")

    kept_out = Person(browser, live_server.url, "check", language="en")
    kept_out.go(f"/checks/objections/{objection.number}/")
    assert kept_out.page.locator(f"input[name=line-{line}-act]").count() == 0
    picture(kept_out, "objection-kept-out-en")

    officer = Person(browser, live_server.url, "check2", width=390)
    officer.go("/checks/objections/")
    picture(officer, "objections-phone")
    officer.press(f"a[href$='/{objection.number}/']")
    picture(officer, "objection-phone")
    officer.page.check(f"input[name=line-{line}-act][value=correction]")
    officer.page.fill(f"textarea[name=line-{line}-reason]", "请核实该房屋是否已转移登记。")
    officer.press(f"form[action$='/lines/{line}/decide/'] button")
    picture(officer, "objection-requested-phone")
    officer.page.check(f"input[name=line-{line}-reply][value=corrected]")
    officer.page.fill(f"textarea[name=line-{line}-words]", "该房屋已转移登记，现已更正。")
    officer.page.fill(f"input[name=line-{line}-replied_on]", f"{objection.received_on}")
    officer.press(f"form[action$='/lines/{line}/reply/'] button")
    set_right(sources)
    officer.press("form[action$='/check-again/'] button")
    objection.refresh_from_db()
    asked(objection.recheck)
    officer.go(f"/checks/{objection.recheck.number}/")
    officer.page.check("input[name=outcome][value=fit]")
    officer.page.fill("textarea[name=opinion]", "重新核对符合条件。")
    officer.press("form[action$='/conclude/'] button")
    officer.go(f"/checks/objections/{objection.number}/")
    picture(officer, "objection-checked-again-phone")
    officer.page.fill("textarea[name=answer]", "该来源已更正，异议成立。")
    officer.press("form[action$='/answer/'] button")
    assert "异议成立" in officer.page.inner_text("main")
    picture(officer, "objection-answered-phone")

    assert result_objections.take_up_due() == 1
    assert Application.objects.get(pk=case.pk).status == "checked"
    clerk.go(f"/checks/objections/{objection.number}/")
    picture(clerk, "objection-answered-wide")
    for page in ("", "documents/", "timeline/", "statement/"):
        clerk.go(f"/applications/{case.reference}/{page}")
        picture(clerk, f"case-{page.strip('/') or 'overview'}")
    auditor = Person(browser, live_server.url, "auditor", language="en", width=390)
    for name, address in (("list", ""), ("objection", f"{objection.number}/")):
        auditor.go(f"/checks/objections/{address}")
        picture(auditor, f"{name}-auditor-en-phone")
    clerk_en = Person(browser, live_server.url, "window", language="en", width=390)
    clerk_en.go(f"/applications/{case.reference}/result-objection/")
    picture(clerk_en, "object-en-phone")
    assert not [*auditor.troubles, *clerk_en.troubles]
    troubles = [*clerk.troubles, *officer.troubles, *kept_out.troubles]
    assert ["422" in trouble for trouble in troubles] == [True]  # the form without its proof
