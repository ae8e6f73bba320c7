"""In Chromium, a window accepts a household of grade A with papers to follow, and brings one of them later."""

import pytest

from applications.models import Supplement
from tests import papers
from tests.applications.test_fast_lane import add
from tests.applications.windows import keyed, sign_all
from tests.journeys.browser import Person, chromium
from tests.journeys.test_referral import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_papers_follow_on_a_promise(browser, live_server, people, tmp_path, language):
    case = keyed(people["window"])
    sign_all(case, people["window"])
    add(case, "identity")
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(papers.PDF)
    clerk = Person(browser, live_server.url, "window", language=language)
    clerk.go(f"/applications/{case.reference}/intake/answers/")
    picture(clerk, f"lane-answers-{language}")
    clerk.go(f"/applications/{case.reference}/intake/papers/")
    picture(clerk, f"lane-papers-{language}")
    clerk.page.select_option("[name=section]", "promise")
    clerk.page.set_input_files("input[name=file]", scan)
    clerk.press("form[enctype] button[type=submit]")
    clerk.go(f"/applications/{case.reference}/intake/answers/")
    clerk.press("main form button.button-primary")
    assert "/submitted/" in clerk.page.url, clerk.text()
    picture(clerk, f"lane-submitted-{language}")
    clerk.go(f"/applications/{case.reference}/")
    picture(clerk, f"lane-case-{language}")
    row = Supplement.objects.get(section="hukou")
    clerk.press(f"a[href$='/supply/{row.pk}/']")
    picture(clerk, f"lane-supply-{language}")
    clerk.page.set_input_files("input[name=file]", scan)
    clerk.press("main form.form button[type=submit]")
    row.refresh_from_db()
    assert not row.is_open
    clerk.go("/applications/?tab=open")
    picture(clerk, f"lane-queue-{language}")
    clerk.go("/")
    picture(clerk, f"lane-desk-{language}")
    assert not clerk.troubles
