"""A real browser opens pages of a real server: none of them breaks the policy, and all of their scripts run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.chromium import chromium, visiting
from tests.security.places import Places, make_places

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def pages(transactional_db: None) -> Places:
    """Rows that the server's threads can see."""
    return make_places()


def test_browser_opens_a_page_of_each_kind_without_a_violation(
    browser: Browser, pages: Places, live_server: LiveServer
) -> None:
    """Over a server; tests/axe opens all others, and hears whatever they break."""
    addresses = [
        f"/admin/desk/{pages.open.public_id}/",
        f"/admin/desk/{pages.open.public_id}/entry/",
        f"/admin/orders/orderwindow/{pages.open.pk}/change/",
        "/admin/communities/user/add/",
        "/m/",
    ]
    with visiting(browser, pages.root, live_server.url) as (page, said):
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
