"""An objection to a result as window and check centre deal with it through their pages."""

from typing import Any

from django.urls import reverse

from applications.models import Application
from bureau import workdays
from tests.factories.later import asked
from tests.factories.objections import GROUNDS, QUESTION, line_of, proof
from verification import findings
from verification.models import Check, Objection


def page(case: Application) -> str:
    """Where the window takes an objection to the result of a case."""
    return reverse("applications:case_object_to_result", args=[case.reference])


def form(case: Application, **changed: Any) -> dict[str, Any]:
    """What the window sends: the line of the flat, the grounds, a scanned proof."""
    now = Application.objects.get(pk=case.pk)
    given = {
        "token": now.status_since.isoformat(),
        "received_on": workdays.today().isoformat(),
        "lines": changed.get("lines") if "lines" in changed else [line_of(now.current_check)],
        "grounds": GROUNDS,
        "title_1": "售房合同",
        "file_1": proof(),
    }
    return given | changed


def object_to(case: Application, as_user: Any, **changed: Any) -> Objection:
    """Taken in at the window."""
    answer = as_user("window").post(page(case), form(case, **changed))
    assert answer.status_code == 302, answer.context["form"].errors
    found: Objection = Objection.objects.get(subject=case.reference, status="received")
    return found


def act(as_user: Any, objection: Objection, name: str, *line: int, **given: Any) -> None:
    """One act of the second officer, by its form."""
    address = reverse(f"verification:objection_{name}", args=[objection.number, *line])
    answer = as_user("check2").post(address, given)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    objection.refresh_from_db()


def decide(as_user: Any, objection: Objection, what: str, reason: str = QUESTION) -> None:
    """What is done about the only line."""
    line = objection.disputes.get().line
    act(as_user, objection, "decide", line, **{f"line-{line}-act": what, f"line-{line}-reason": reason})


def reply(as_user: Any, objection: Objection, word: str) -> None:
    """What the department answered."""
    line, today = objection.disputes.get().line, workdays.today().isoformat()
    given = {"reply": word, "words": "经核实，见附件。", "replied_on": today}
    act(as_user, objection, "reply", line, **{f"line-{line}-{name}": value for name, value in given.items()})


def check_again(as_user: Any, objection: Objection) -> Check:
    """Placed, asked over HTTP, its findings settled and concluded by the second officer, all through pages."""
    act(as_user, objection, "check_again")
    assert objection.recheck is not None
    check = asked(objection.recheck)
    for finding in check.findings.open():
        findings.confirm(finding, by=objection.recheck.ordered_by, reason="登记清楚。")
    proposed = check.assessments.order_by("-version")[0].proposed
    given = {"outcome": proposed, "opinion": "已重新核对。"}
    answer = as_user("check2").post(reverse("verification:conclude", args=[check.number]), given)
    assert answer.status_code == 302
    return check


def fresh(case: Application) -> Application:
    """The case as it is now."""
    now: Application = Application.objects.get(pk=case.pk)
    return now
