"""One of the cast at the doors, without a browser: opens a page, fills in the form that stands there, sends it."""

from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from lxml import html


class Walker:
    """Whoever is signed in at this client; `page` is what they see, `at` where that is."""

    def __init__(self, client: Any) -> None:
        self.client, self.at, self.page = client, "/", None

    def open(self, address: str) -> Self:
        """Go to a page, which must be there."""
        return self._see(self.client.get(address, follow=True), address)

    def refused(self, address: str) -> int:
        """With which status the page is kept from them."""
        return int(self.client.get(address).status_code)

    def send(self, to: str = "", **values: Any) -> Self:
        """Fill in the form whose address ends so (else the only one of the page with a text or a button of its own)
        and send it; what is not named stays as the page has it. A name may be told without its prefix.
        """
        form = self._form(to)
        data: dict[str, Any] = {}
        for key, value in form.form_values():
            data.setdefault(key, []).append(value)
        names = {element.name for element in form.inputs if element.name}
        for name, value in values.items():
            data[self._named(names, name)] = value if isinstance(value, list) else [value]
        address = urljoin(self.at, form.get("action") or self.at)
        return self._see(self.client.post(address, data, follow=True), address)

    def press(self, words: str) -> Self:
        """Follow the link that says so."""
        links = [each for each in self.page.iter("a") if words in " ".join(each.text_content().split())]
        assert links, f"no link “{words}” at {self.at}"
        return self.open(urljoin(self.at, links[0].get("href")))

    @property
    def text(self) -> str:
        """What stands on the page."""
        main = self.page.find(".//main")
        return " ".join((self.page if main is None else main).text_content().split())

    def _see(self, answer: Any, address: str) -> Self:
        content = answer.content.decode()
        self.at = urlsplit(answer.redirect_chain[-1][0]).path if getattr(answer, "redirect_chain", None) else address
        self.page = html.fromstring(content)
        wrong = self.page.find_class("error-summary")
        said = " ".join(wrong[0].text_content().split()) if wrong else self.text[:600]
        assert answer.status_code == 200, f"{address}: {answer.status_code}: {said}"
        return self

    def _form(self, to: str) -> Any:
        forms = [form for form in self.page.forms if form.method == "POST" and _is_of_the_page(form)]
        if to:
            forms = [form for form in forms if urlsplit(form.get("action") or self.at).path.endswith(to)]
        assert forms, f"no form for “{to}” at {self.at}; {[form.get('action') for form in self.page.forms]}"
        return forms[0]

    @staticmethod
    def _named(names: set[str], name: str) -> str:
        if name in names:
            return name
        ending = [each for each in names if each.endswith(f"-{name}")]
        assert len(ending) == 1, f"no field “{name}” among {sorted(names)}"
        return ending[0]


def _is_of_the_page(form: Any) -> bool:
    return any(element.tag == "main" for element in form.iterancestors())
