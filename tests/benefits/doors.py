"""How tests go through the doors of benefits."""

from django.urls import reverse

PAGES = {"home": "home", "turn": "turn", "tenancy": "tenancy", "grant": "subsidy"}


def address(subject, name: str = "", part: str = "") -> str:
    """Of the page of a subject, of a deed on it, or of a part."""
    word = PAGES[subject._meta.model_name]
    if name:
        return reverse(f"benefits:{word}_deed", args=[subject.number, name])
    if part:
        return reverse(f"benefits:{word}_part", args=[subject.number, part])
    return reverse(f"benefits:{word}", args=[subject.number])


def page(client, subject, part: str = ""):
    """The page of a subject, or a part of it."""
    return client.get(address(subject, part=part))


def offered(client, subject) -> set[str]:
    """The names of the deeds that the page of a subject has buttons for."""
    return {action["url"].rstrip("/").rsplit("/", 1)[-1] for action in page(client, subject).context["actions"]}


def do(client, subject, name: str, **data):
    """Open the page of a deed and send its form, as a browser would."""
    shown = client.get(address(subject, name))
    if shown.status_code != 200:
        return shown
    token = shown.context["form"].initial["token"]
    return client.post(address(subject, name), {"token": token, **data})
