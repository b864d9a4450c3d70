"""The strict Content-Security-Policy, and pages that need no exception from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import volunteers
from orders.models import OrderFile, OrderWindow
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, do, offences

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def _addresses(world: World, window: OrderWindow) -> list[str]:
    offer = make.offers_of(window)[0]
    order = window.orders.order_by("pk").first()
    assert order is not None
    text = OrderFile.objects.get(supplier_order__window=window, format="txt")
    draft = make.make_window(world.home, organiser=world.organiser, state="draft")
    opened = make.make_window(world.home, organiser=world.organiser)
    return [
        "/admin/login/",
        DESK,
        f"{DESK}new/",
        at(window),
        at(window, "check/"),
        at(window, "past/"),
        at(window, "orders/"),
        at(window, "entry/"),
        at(window, f"entry/?home={order.household.public_id}"),
        at(window, "care/"),
        at(window, "arrived/"),
        f"{DESK}calls/",
        at(window, f"orders/{order.public_id}/"),
        at(window, f"files/{text.public_id}/text/"),
        at(draft),
        at(draft, "offers/"),
        at(draft, f"offers/{make.offers_of(draft)[0].public_id}/"),
        at(opened),
        at(opened, f"offers/{offer.public_id}/"),
    ]


def test_every_page_keeps_the_policy(world: World, prepared: OrderWindow, enter: Enter) -> None:
    browser = enter(world.organiser)

    for address in _addresses(world, prepared):
        response = browser.get(address)
        policy = dict(
            part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")
        )
        assert policy == POLICY, address
        assert offences(response) == [], address
        assert response["X-Frame-Options"] == "DENY", address


def test_pages_after_each_state_keep_the_policy(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)

    for action in ("check", "release", "undo", "cancel"):
        do(browser, prepared, action, revision="1", reason="试试")
        response = browser.get(at(prepared))
        assert response.status_code == 200
        assert offences(response) == [], action


def test_text_of_people_is_escaped(world: World, enter: Enter) -> None:
    window = make.make_window(
        world.home, organiser=world.organiser, notice="<script>alert(1)</script>"
    )
    make.order(window, make.household(world.home), 1, note='"><img src=x onerror=alert(1)>')
    browser = enter(world.organiser)

    order = window.orders.get()
    for response in (
        browser.get(at(window)),
        browser.get(at(window, f"orders/{order.public_id}/")),
    ):
        assert offences(response) == []
        assert "<img src=x" not in response.content.decode()


@pytest.mark.parametrize("name", ["desk.js", "entry.js", "desk.css", "console.css"])
def test_static_file_needs_no_exception(name: str) -> None:
    text = (Path(volunteers.__file__).parent / "static" / "jidan" / name).read_text(
        encoding="utf-8"
    )

    assert re.findall(r"eval\(|new Function|innerHTML|https?://|@import|\.style\b", text) == []
