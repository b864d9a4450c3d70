"""Chromium for the tests that look at pages: found, started and ended in one way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

_CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
# Said by the page itself, whatever the browser writes on its console.
TELL = """window.violations = 0;
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("violation", event.violatedDirective, event.blockedURI, event.sourceFile);
  window.violations += 1;
});"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """For a module, not for the session: while Playwright's loop runs in this thread, no other test may start its own,
    and Django opens connections of its own inside of it.
    """
    assert _CHROMIUM or not os.environ.get("CI"), "CI has no browser"
    if _CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine (apt-get install chromium)")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=_CHROMIUM,
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def visiting(browser: Browser, client: Client, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A page signed in as `client` is, and what its console says of broken rules and broken scripts."""
    context = browser.new_context(locale="zh-CN")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    page = context.new_page()
    page.add_init_script(TELL)
    yield page, listen(page)
    context.close()


def listen(page: Page) -> list[str]:
    """Grows by every error and warning of the page's console."""
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
