"""What the desk says after the supplier was told: a round cancelled, an order taken off, a list out of date."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import transaction
from django.utils.translation import gettext

from config.kernel import clock
from config.kernel.audit import Actor
from config.kernel.jobs import Job
from orders.models import OrderWindow, SupplierOrder
from orders.supply.dropping import drop_order
from orders.supply.pulling import acknowledge
from orders.supply.releasing import release_cancellation
from tests import factories as make
from tests.api.client import prepare, release, revise
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, at, do
from volunteers.models import PickList, PickListFile
from volunteers.picklists.building import build_pick_lists
from volunteers.states import PickListStatus

STALE = "Something has changed; please do not print yet. The new version is ready in a moment."


def _acknowledge(window: OrderWindow) -> None:
    order = SupplierOrder.objects.get(window=window, status="released")
    with transaction.atomic():
        acknowledge(supplier_order=order, actor=Actor("supplier_key", 1))


@pytest.fixture
def cancelled(world: World, released: OrderWindow, enter: Enter) -> OrderWindow:
    """Acknowledged, then cancelled; the supplier with a number."""
    supplier = released.supplier
    supplier.phone = "021-64380000"
    supplier.save(update_fields=["phone"])
    _acknowledge(released)
    do(enter(world.organiser), released, "cancel", reason="封控")
    released.refresh_from_db()
    return released


def _take_back(window: OrderWindow, *, minutes: int = 0) -> None:
    """The revision that cancels everything goes out, so long ago."""
    order = revise(window)
    with transaction.atomic():
        release_cancellation(supplier_order_id=order.pk)
    moment = clock.now() - timedelta(minutes=minutes)
    SupplierOrder.objects.filter(pk=order.pk).update(released_at=moment)


def _group(world: World, enter: Enter, window: OrderWindow) -> int:
    groups = enter(world.organiser).get(DESK).context["groups"]
    return next(n for n, rows in enumerate(groups) if window.pk in [row.pk for row in rows])


@pytest.mark.parametrize(
    ("minutes", "title", "phone", "group"),
    [
        (0, "Waiting for the supplier to confirm the cancellation", "", 1),
        (
            31,
            "The supplier has not confirmed the cancellation: phone him",
            "021-64380000",
            0,
        ),
    ],
)
def test_page_of_cancelled_round_waits_until_the_supplier_confirms(
    world: World,
    cancelled: OrderWindow,
    enter: Enter,
    minutes: int,
    title: str,
    phone: str,
    group: int,
) -> None:
    _take_back(cancelled, minutes=minutes)

    step = enter(world.organiser).get(at(cancelled)).context["next"]

    assert (str(step.title), step.phone) == (gettext(title), phone)
    assert _group(world, enter, cancelled) == group


def test_page_of_cancelled_round_is_calm_once_confirmed(
    world: World, cancelled: OrderWindow, enter: Enter
) -> None:
    _take_back(cancelled, minutes=31)
    _acknowledge(cancelled)

    step = enter(world.organiser).get(at(cancelled)).context["next"]

    assert (str(step.title), step.tone) == (gettext("This group buy was cancelled."), "calm")
    assert _group(world, enter, cancelled) == 3


def test_page_of_cancelled_round_shows_failed_work_while_the_supplier_is_untold(
    world: World, cancelled: OrderWindow, enter: Enter
) -> None:
    before = enter(world.organiser).get(at(cancelled)).context["next"]
    moment = clock.now()
    Job.objects.create(
        stage="orders.consolidate",
        subject_kind="window",
        subject_id=cancelled.pk,
        created_at=moment,
        run_after=moment,
        parked_at=moment,
        attempts=3,
    )

    after = enter(world.organiser).get(at(cancelled)).context["next"]

    assert (before.waits, before.action, after.action) == (True, "", "retry")


@pytest.fixture
def listed(released: OrderWindow) -> PickList:
    """The building's list with one sheet."""
    with transaction.atomic():
        (row,) = build_pick_lists(supplier_order_id=released.supplier_orders.get().pk)
    PickListFile.objects.create(
        pick_list=row,
        kind="list",
        format="pdf",
        name="1.pdf",
        media_type="application/pdf",
        content=b"%PDF",
        size=4,
        sha256="0" * 64,
    )
    return row


def _drop_first(world: World, window: OrderWindow) -> None:
    order = window.orders.order_by("pk").first()
    assert order is not None
    with transaction.atomic():
        drop_order(order=order, actor=Actor("user", world.organiser.pk), reason="搬走")


def test_lists_after_dropping_are_not_to_be_printed_until_the_new_one_is_there(
    world: World, released: OrderWindow, listed: PickList, enter: Enter
) -> None:
    browser = enter(world.organiser)
    before = browser.get(at(released)).content.decode()
    _drop_first(world, released)
    dropped = browser.get(at(released)).content.decode()
    release(revise(released), world.organiser)
    again = browser.get(at(released)).content.decode()

    assert ("/sheets/" in before, gettext(STALE) in before) == (True, False)
    assert ("/sheets/" in dropped, gettext(STALE) in dropped) == (False, True)
    assert ("/sheets/" in again, gettext(STALE) in again) == (False, True)


def test_list_being_picked_stays_in_force_under_the_next_revision(
    world: World, released: OrderWindow, listed: PickList, enter: Enter
) -> None:
    PickList.objects.filter(pk=listed.pk).update(status=PickListStatus.PICKING)
    _drop_first(world, released)
    release(revise(released), world.organiser)

    text = enter(world.organiser).get(at(released)).content.decode()

    assert ("/sheets/" in text, gettext(STALE) in text) == (True, False)


@pytest.fixture
def odd(world: World, open_window: OrderWindow) -> OrderWindow:
    """Three want one piece, 202 wants forty; the order waits to be checked."""
    for room, quantity in (("101", 1), ("102", 1), ("201", 1), ("202", 40)):
        make.order(open_window, make.household(world.home, room), quantity)
    prepare(open_window)
    return open_window


def test_flag_about_a_door_links_to_its_orders(
    world: World, odd: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)
    text = browser.get(at(odd)).content.decode()
    query = f"?q={quote('1号楼')}%20202"

    page = browser.get(at(odd, "orders/") + query).context["page"]

    assert f'href="{at(odd, "orders/")}{query}"' in text
    assert [row.household.room for row in page] == ["202"]


def test_button_says_how_many_flags_are_open_until_none_is(
    world: World, odd: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)
    flags = browser.get(at(odd)).context["flags"]
    before = [browser.get(at(odd, page)).content.decode() for page in ("", "check/")]
    do(browser, odd, "check", revision="1")
    checked = browser.get(at(odd)).content.decode()
    for flag in flags:
        do(browser, odd, "settle", key=flag.key, reason="问过了")
    after = browser.get(at(odd)).content.decode()

    line = f"还有 {len(flags)} 项待核对"
    assert [line in text for text in (*before, checked, after)] == [True, True, True, False]
    assert flags


def test_dropped_order_has_nothing_to_pay(
    world: World, released: OrderWindow, enter: Enter
) -> None:
    order = released.orders.get(household__room="101")
    page = at(released, f"orders/{order.public_id}/")
    before = enter(world.organiser).get(page)
    _drop_first(world, released)

    after = enter(world.organiser).get(page)

    total = 2 * 390 + 1250
    assert (before.context["due_fen"], after.context["due_fen"]) == (total, 0)
    assert '<s class="small">¥20.30</s> ¥0.00' in after.content.decode()
    assert "<s " not in before.content.decode()


def test_history_folds_files_fetched_in_a_row(
    world: World, released: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)
    for file in SupplierOrder.objects.get(window=released).files.all()[:3]:
        browser.get(at(released, f"files/{file.public_id}/"))

    text = browser.get(at(released, "past/")).content.decode()

    assert text.count("<details><summary>") == 1
    assert '<span class="count">3</span>' in text


@pytest.mark.parametrize(
    ("minimum", "text"),
    [(1, "已有 2 户，起订 1 户 ✓"), (2, "已有 2 户，起订 2 户 ✓"), (9, "已有 2 户，起订 9 户<")],
)
def test_meter_says_how_much_of_the_minimum_is_there(
    world: World, enter: Enter, minimum: int, text: str
) -> None:
    window = make.make_window(
        world.home, organiser=world.organiser, minimum_measure="households", minimum=minimum
    )
    for room in ("101", "102"):
        make.order(window, make.household(world.home, room), 1)

    assert text in enter(world.organiser).get(at(window)).content.decode()
