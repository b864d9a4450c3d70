"""The organiser at the desk: opens the round by forms, checks and releases it, fetches the sheets."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from seeds.demo.browser import Browser, NoSuchForm, Page
from seeds.demo.failing import DemoFailed

_PATIENCE = 60.0
_PAUSE = 0.1


class TooLate(DemoFailed):
    """What should have happened by itself did not happen in time."""


@dataclass(frozen=True)
class Sheet:
    """A downloaded file of a pick list."""

    name: str
    content: bytes


class Desk:
    """One browser on the pages of one round."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.window = ""

    def draft(self, *, opens_at: datetime, closes_at: datetime, deliver_on: str) -> None:
        """A new round with everything the supplier has; times as on the wall."""
        page = self.browser.get("/admin/desk/new/")
        page = self.browser.press(
            page.form("/new/", having="opens_at"),
            opens_at=opens_at.strftime("%Y-%m-%dT%H:%M:%S"),
            closes_at=closes_at.strftime("%Y-%m-%dT%H:%M:%S"),
            deliver_on=deliver_on,
        )
        self.browser.press(page.form("/offers/", having="product"))
        self.window = urlsplit(page.url).path.removesuffix("offers/")

    @property
    def public_id(self) -> str:
        return self.window.rstrip("/").rpartition("/")[2]

    def limit(self, product: str, **limits: str) -> None:
        """Set cap or household_limit of one product on its page."""
        page = self.browser.get(f"{self.window}offers/")
        found = [url for url, text in page.links.items() if f" {product} " in text]
        page = self.browser.get(found[0])
        self.browser.press(page.form("/", having="household_limit"), **limits)

    def do(self, action: str) -> Page:
        """Press the button of an action, which the page must show."""
        page = self.browser.get(self.window)
        return self.browser.press(page.form(f"/do/{action}/"))

    def wait_for(self, action: str, *, revision: str = "1", until: float = _PATIENCE) -> float:
        """Look until the page shows the button of an action on this revision; the time.time() at which it did.
        Raises TooLate.
        """
        deadline = time.monotonic() + until
        while time.monotonic() < deadline:
            page = self.browser.get(self.window)
            try:
                form = page.form(f"/do/{action}/")
            except NoSuchForm:
                form = None
            if form is not None and form.fields.get("revision") == [revision]:
                return time.time()
            time.sleep(_PAUSE)
        raise TooLate(f"{action} {page.complaints}")

    def sheets(self, *, buildings: int) -> list[Sheet]:
        """Wait until every building has its sheets, then fetch them. Raises TooLate."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            page = self.browser.get(self.window)
            links = [url for url in page.links if "/sheets/" in url]
            if links and len(links) % buildings == 0 and not self._work():
                return [self._fetch(url) for url in links]
            time.sleep(_PAUSE)
        raise TooLate(f"{len(links)} sheets, {self._work()} {page.complaints}")

    def _work(self) -> list[dict[str, object]]:
        """What runs in the background, as the page's script asks for it."""
        answer = self.browser.download(f"{self.browser.address}{self.window}progress/")
        work: list[dict[str, object]] = answer.json()["work"]
        return work

    def _fetch(self, url: str) -> Sheet:
        answer = self.browser.download(url)
        name = answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2]
        return Sheet(unquote(name), answer.content)
