"""A person at a browser: signs in, types, presses, reads."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from housing_credit.seeds.people import DEMO_PASSWORD

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; as root it cannot use its sandbox."""
    assert CHROMIUM, "The browser tests need Chromium (Debian: apt-get install chromium)."
    flags = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """One of the cast at a browser of their own; nothing may fail on the page unnoticed."""

    def __init__(
        self, browser: Browser, address: str, username: str, *, language: str = "zh-CN", width: int = 1440
    ) -> None:
        self.address = address
        self.username = username
        self.page: Page = browser.new_context(viewport={"width": width, "height": 900}, locale=language).new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._note)
        self.go("/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", DEMO_PASSWORD)
        self.press("main button[type=submit]")

    def _note(self, message: ConsoleMessage) -> None:
        # A page that is left within a moment of the last key stroke saves itself too late, which is answered and no
        # harm.
        if message.type == "error" and "/autosave/" not in message.location["url"]:
            self.troubles.append(f"{message.text} {message.location['url']}")

    def go(self, path: str) -> None:
        """Open an address of ours; it must answer well and not be wider than the screen."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, f"{path} is wider than the screen"

    def press(self, selector: str) -> None:
        """Press a button or follow a link, and wait for the next page."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def type_row(self, number: int, values: dict[str, Any]) -> None:
        """Fill one row of a section's form; None is left as it is."""
        for name, value in values.items():
            if value is None or value == "":
                continue
            box = self.page.locator(f"[name=rows-{number}-{name}]")
            if box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(str(value))
            elif box.get_attribute("type") == "checkbox":
                box.set_checked(bool(value), force=True)
            else:
                box.fill(str(value))

    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("body")

    def picture(self, name: str) -> None:
        """Keep a picture of the page beside the test's other traces."""
        folder = Path(settings.STATE_DIR) / "pictures"
        folder.mkdir(exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)
