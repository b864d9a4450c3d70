"""A real browser opens the main pages: none of them breaks the policy, and all of their scripts run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.security.places import Places, make_places

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
# Said by the page itself, whatever the browser writes on its console.
_TELL = """window.violations = 0;
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("violation", event.violatedDirective, event.blockedURI, event.sourceFile);
  window.violations += 1;
});"""


@pytest.fixture
def pages(transactional_db: None) -> Places:
    """Rows that the server's threads can see."""
    return make_places()


@contextmanager
def browsing(places: Places, address: str) -> Iterator[tuple[Page, list[str]]]:
    """A signed-in page, and what its console says of broken rules and broken scripts."""
    assert CHROMIUM or not os.environ.get("CI"), "CI has no browser"
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        context: BrowserContext = browser.new_context(locale="zh-CN")
        session = places.root.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}]
        )
        context.add_init_script(_TELL)
        page = context.new_page()
        said: list[str] = []
        page.on(
            "console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page, said
        browser.close()


def test_browser_opens_every_main_page_without_a_violation(
    pages: Places, live_server: LiveServer
) -> None:
    addresses = [
        *pages.of_desk(),
        "/admin/orders/orderwindow/",
        f"/admin/orders/orderwindow/{pages.open.pk}/change/",
        "/admin/communities/user/add/",
        "/admin/kernel/job/",
    ]
    with browsing(pages, live_server.url) as (page, said):
        for address in addresses:
            answer = page.goto(live_server.url + address)
            assert answer is not None
            assert answer.status == 200, address
        page.goto(f"{live_server.url}/api/v1/docs")
        page.click("#operations-windows-windows_list, .opblock >> nth=0")
        page.wait_for_selector(".opblock.is-open")
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/admin/login/")
        assert said == []

        missing = page.goto(f"{live_server.url}/nowhere")
        assert missing is not None
        assert missing.status == 404
        assert [text for text in said if "404" not in text] == []

        # The control: what an injected attribute, script or address would do.
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
        )
        page.evaluate(
            "document.body.append(Object.assign(new Image(), {src: 'https://evil.example/x'}))"
        )
        page.wait_for_function("window.violations === 3")
        violations = [text.split()[1] for text in said if text.startswith("violation")]
        assert violations == ["style-src-attr", "script-src-elem", "img-src"]
