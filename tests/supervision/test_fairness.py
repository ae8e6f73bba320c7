"""Fairness of enforcement: what is confirmed, dismissed and upheld, by district and source, each with its list."""

import pytest
from django.utils import timezone

from bureau import workdays
from credit.models import Case
from housing_credit.dashboard import fairness
from housing_credit.dashboard.forms import FilterForm
from tests.factories import figures as made
from tests.factories.cases import check_at
from tests.supervision.boards import objection
from verification.models import Dispute, Objection, Source

pytestmark = pytest.mark.django_db
TODAY = workdays.today()


def test_fairness_tells_findings_and_objections_by_district_and_source_with_their_lists(people, as_user):
    housing, bank = list(Source.objects.order_by("place"))[:2]
    for place in range(5):
        check = check_at("assessed", subject=f"GZ2096-{place:06d}")
        state = "dismissed" if place < 2 else "confirmed"
        source = (housing, bank)[place % 2].code
        made.settled_finding(check, people["check"], state, at=timezone.now(), source=source)
    case = made.concluded_case(people["check"], "unfit", at=timezone.now())
    raised = objection(people, check_ordered=case.current_check)
    answered = {"status": "answered", "outcome": "upheld", "answer": "成立", "answered_at": timezone.now()}
    Objection.objects.filter(pk=raised.pk).update(**answered, answered_by=people["check2"])
    Dispute.objects.create(objection=raised, source=housing, line=1, outcome="withdrawn", settled_at=timezone.now())
    client = as_user("auditor")
    groups = {
        group["code"]: group
        for each in fairness.GROUPS
        for group in client.get(f"/supervision/fairness/{each.code}/").context["groups"]
    }
    tiles = {code: [tile["value"] for tile in group["tiles"]] for code, group in groups.items()}
    # Checks of rehearsals are of nobody; the unfit check has its own confirmed finding.
    assert tiles == {"findings": [1, 1, 0], "objections": [1, 1, 0, 0], "lines": [0] * 4, "record_objections": [0] * 3}


def test_the_shares_of_a_source_add_up_and_lead_to_their_findings(people, as_user):
    housing, bank = list(Source.objects.order_by("place"))[:2]
    for place in range(5):
        case = made.concluded_case(people["check"], "fit", at=timezone.now())
        state = "dismissed" if place < 2 else "confirmed"
        made.settled_finding(
            case.current_check, people["check"], state, at=timezone.now(), source=(housing, bank)[place % 2].code
        )
    client = as_user("check")
    [findings] = client.get("/supervision/fairness/findings/").context["groups"]
    rows = findings["source_rows"]
    assert [[cell["value"] for cell in row["cells"]] for row in rows] == [[3, 2, 1], [2, 1, 1]]
    assert [round(row["cells"][2]["share"], 2) for row in rows] == [0.33, 0.5]
    for row in rows:
        for cell in row["cells"]:
            assert client.get(cell["url"]).context["page"].paginator.count == cell["value"]
    assert Case.objects.count() == 0


def test_fairness_comes_in_parts_too(people, as_user):
    client = as_user("auditor")
    page = client.get("/supervision/fairness/?period=all").content.decode()
    for group in fairness.GROUPS:
        address = f"/supervision/fairness/{group.code}/"
        assert f'hx-get="{address}?period=all"' in page
        assert f'id="{group.code}"' in client.get(address).content.decode()
        assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert client.get("/supervision/fairness/nothing/").status_code == 404
    assert as_user("window").get("/supervision/fairness/findings/").status_code == 403


def test_every_fairness_figure_can_be_asked_of_a_source(people):
    form = FilterForm({"source": "x"}, people["auditor"], since=TODAY, base=fairness.GROUPS[0].bases[0])
    assert form.chosen.source == ""
