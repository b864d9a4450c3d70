"""A browser that is answered by this process: no server, and what the test's transaction holds is seen."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponseBase
from playwright.sync_api import Page, Route

from tests.chromium import TELL, chromium, listen

HOST = "http://localhost"
WIDTHS = (360, 1280)
_AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# WCAG 2.2 AA and what axe knows beyond it; the size of targets is not among its defaults.
_JUDGE = """only => axe.run(document, {
  resultTypes: ["violations"], preload: false, iframes: false,
  ...(only ? {runOnly: only} : {rules: {"target-size": {enabled: true}}}),
}).then(found => found.violations
  .filter(one => ["serious", "critical"].includes(one.impact))
  .flatMap(one => one.nodes.map(node => [one.id, node.html, node.failureSummary].join(" | "))))"""
# What another width may change; the rest was judged at the first. Colours only if another width shows other elements or
# paints them otherwise.
_BY_LAYOUT = ("target-size", "link-in-text-block", "scrollable-region-focusable")
_BY_LOOKS = ("color-contrast",)
# Whether it is wider than the screen, and whether all that is seen looks as when this was asked last.
_LAID_OUT = """() => {
  const seen = [...document.querySelectorAll("body *")].filter(
    (one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true}));
  const looks = seen.map((one) => {
    const s = getComputedStyle(one);
    return [one.tagName, s.color, s.backgroundColor, s.backgroundImage, s.fontSize, s.fontWeight,
      s.position, s.float, s.opacity, s.textShadow].join();
  }).join(";");
  const same = window.looksOfBefore === looks;
  window.looksOfBefore = looks;
  return [document.documentElement.scrollWidth > innerWidth, same];
}"""
# SHOTS=folder keeps pictures of all pages.
_SHOTS = os.environ.get("SHOTS")

# Address, method, headers, body → the answer.
Answering = Callable[[str, str, dict[str, str], bytes], HttpResponseBase]


class Looking:
    """One page of one browser; `answer` is asked whatever it asks for, but for static files."""

    def __init__(self, page: Page, connection: BaseDatabaseWrapper) -> None:
        self.page, self.connection = page, connection
        self.share()
        self.answer: Answering | None = None
        self.said = listen(page)
        page.route("**/*", self._fulfil)

    def share(self) -> None:
        """Inside of a loop Django would open a connection of its own, for each turn another."""
        connections["default"] = self.connection

    def _fulfil(self, route: Route) -> None:
        self.share()
        asked = route.request
        parts = urlsplit(asked.url)
        if parts.path.startswith("/static/"):
            kind, content = _static(parts.path)
            route.fulfill(body=content, content_type=kind)
            return
        assert self.answer is not None
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        given = self.answer(address, asked.method, asked.headers, asked.post_data_buffer or b"")
        content = b"".join(given)
        route.fulfill(status=given.status_code, headers=dict(given.items()), body=content)

    def look(
        self, given: HttpResponseBase, address: str, name: str, others: Callable[[str], Any]
    ) -> list[str]:
        """`judge` of an answer that is there already; `others` answers what the page asks for besides."""
        self.answer = lambda asked, *_more: given if asked == address else others(asked)
        self.page.goto(HOST + address)
        return self.judge(name)

    def judge(self, name: str) -> list[str]:
        """What axe finds serious or critical in the page as it is now, at each width, and what does not fit in."""
        found = []
        for number, width in enumerate(WIDTHS):
            self.page.set_viewport_size({"width": width, "height": 740})
            is_too_wide, looks_the_same = self.page.evaluate(_LAID_OUT)
            if is_too_wide:
                found.append(f"{name} {width}: is wider than the screen")
            rules = [*_BY_LAYOUT, *(() if looks_the_same else _BY_LOOKS)] if number else None
            found += [f"{name} {width}: {fault}" for fault in self.page.evaluate(_JUDGE, rules)]
            if _SHOTS:
                path = Path(_SHOTS) / f"{name.replace(':', '-').replace('/', '-')}-{width}.png"
                self.page.screenshot(path=path, full_page=True)
        return found


@cache
def _static(path: str) -> tuple[str, bytes]:
    found = finders.find(path.removeprefix("/static/"))
    assert isinstance(found, str), path
    return mimetypes.guess_type(path)[0] or "", Path(found).read_bytes()


@contextmanager
def looking() -> Iterator[Looking]:
    connection = connections["default"]
    with chromium() as browser:
        context = browser.new_context(locale="zh-CN")
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.add_init_script(TELL)
        page.add_init_script(_AXE)
        yield Looking(page, connection)
