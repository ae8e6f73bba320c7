"""How tests go through the doors of a credit case."""

from django.urls import reverse


def page(client, case):
    """The page of a case."""
    return client.get(reverse("credit:case", args=[case.number]))


def done(answer, case):
    """The deed was done, and the case's page comes next."""
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == reverse("credit:case", args=[case.number])
    case.refresh_from_db()
    return case.status
