"""What no page sends: characters no column takes, numbers nobody reads, years at the ends of the calendar."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from config.kernel.audit import AuditEntry
from orders.models import FlagDecision, OrderWindow
from orders.states import WindowStatus
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, do, told
from tests.volunteers.desk.test_drafting import new_fields
from volunteers.desk.entry import number_of, text_of

LONG = "9" * 5000


def _rows() -> dict[type[models.Model], int]:
    return {model: model._default_manager.count() for model in (OrderWindow, AuditEntry)}


@pytest.mark.parametrize(
    ("given", "number"),
    [("7", 7), ("９", 9), ("9" * 18, 10**18 - 1), ("9" * 19, 0), (LONG, 0), ("-1", 0), ("²", 0)],
)
def test_read_number_takes_at_most_eighteen_digits(given: str, number: int) -> None:
    assert number_of(given) == number


def test_read_text_drops_control_characters() -> None:
    assert text_of(" 雨\0太\x1b大\x7f　") == "雨太大"


def test_search_with_a_nul_finds_what_the_rest_says(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    response = enter(world.organiser).get(at(prepared, "orders/"), {"q": "\x00101"})

    assert response.status_code == 200
    assert [order.household.room for order in response.context["page"]] == ["101"]


def test_settle_with_a_nul_keeps_the_rest(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    response = do(enter(world.checker), prepared, "settle", key="no\0ne", reason="看\0过")

    assert response.status_code == 302
    decision = FlagDecision.objects.get()
    assert (decision.key, decision.reason) == ("none", "看过")


def test_cancel_with_a_nul_keeps_the_rest(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    response = do(enter(world.organiser), open_window, "cancel", reason="没\0货")

    assert response.status_code == 302
    open_window.refresh_from_db()
    assert (open_window.status, open_window.reason) == (WindowStatus.CANCELLED, "没货")


@pytest.mark.parametrize("action", ["settle", "cancel"])
def test_reason_of_nothing_but_nul_is_no_reason(
    world: World, prepared: OrderWindow, enter: Enter, action: str
) -> None:
    before = _rows()

    response = do(enter(world.organiser), prepared, action, key="none", reason="\0")

    assert told(response) == ["请填写原因。"]
    assert _rows() == before


def test_drop_with_a_nul_keeps_the_rest(world: World, prepared: OrderWindow, enter: Enter) -> None:
    order = prepared.orders.order_by("pk").first()
    assert order is not None

    address = at(prepared, f"orders/{order.public_id}/")
    response = enter(world.organiser).post(address, {"reason": "不\0要了"})

    assert response.status_code == 302
    assert AuditEntry.objects.get(action="order.dropped").data == {"reason": "不要了"}


@pytest.mark.parametrize("address", ["phone/", "do/retry/", "do/check/"])
def test_number_of_five_thousand_digits_is_not_found(
    world: World, prepared: OrderWindow, enter: Enter, address: str
) -> None:
    before = _rows()
    fields = dict.fromkeys(("resident", "job", "revision"), LONG)

    response = enter(world.organiser).post(at(prepared, address), fields)

    assert response.status_code == 404
    assert _rows() == before


@pytest.mark.parametrize("name", ["opens_at", "closes_at"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59", "2019-12-31T23:59"])
def test_year_nobody_means_is_refused(world: World, enter: Enter, name: str, moment: str) -> None:
    window = make.make_window(world.home, organiser=world.organiser, state="ready")
    browser, before = enter(world.organiser), _rows()
    times = {"opens_at": "2031-05-06T07:00", "closes_at": "2031-05-06T12:00", name: moment}

    for address, fields in (
        (at(window, "times/"), times),
        (f"{DESK}new/", new_fields(world, **{name: moment})),
    ):
        response: Any = browser.post(address, fields)
        assert response.status_code == 200
        assert response.context["form"].errors[name] == ["请填写2020年到2100年之间的年份。"]
    assert _rows()[OrderWindow] == before[OrderWindow]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_delivery_in_a_year_nobody_means_is_refused(world: World, enter: Enter, day: str) -> None:
    response = enter(world.organiser).post(f"{DESK}new/", new_fields(world, deliver_on=day))

    assert list(response.context["form"].errors) == ["deliver_on"]
    assert OrderWindow.objects.count() == 0
