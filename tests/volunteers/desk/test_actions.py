"""Every action: done once, a second tap harmless, refusals as sentences."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils.translation import gettext

from communities.models import Community
from config.kernel import clock, locks
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import Busy
from config.kernel.jobs import Job
from config.kernel.locks import Namespace
from orders.models import Allocation, FlagDecision, Order, OrderWindow, SupplierOrder
from orders.states import OrderStatus, SupplierOrderStatus, WindowStatus
from orders.supply.pulling import acknowledge
from orders.windows.closing import close_window
from tests import factories as make
from tests.api.client import prepare
from tests.volunteers.desk.conftest import Enter, World, make_world
from tests.volunteers.desk.pages import at, do, told


@pytest.fixture
def world(db: None) -> World:
    """One of this test alone: somebody else must see it committed."""
    return make_world()


def _twice() -> str:
    """The desk's friendly sentence, in the language of the page."""
    return gettext("This was done already, or somebody else was faster. Here is how it stands.")


def _no_reason() -> str:
    return gettext("Please give a reason.")


def _first(window: OrderWindow) -> SupplierOrder:
    return window.supplier_orders.get(revision=1)


def _actions(window: OrderWindow) -> list[str]:
    """What the audit holds about the window and its revisions by now, oldest first."""
    subjects = [
        ("window", window.pk),
        *(("supplier_order", o.pk) for o in window.supplier_orders.all()),
    ]
    entries = AuditEntry.objects.order_by("pk").values_list("subject_kind", "subject_id", "action")
    return [action for kind, pk, action in entries if (kind, pk) in subjects]


def test_ready_draft_and_open_move_the_window_once(world: World, enter: Enter) -> None:
    window = make.make_window(world.home, organiser=world.organiser, state="draft")
    browser = enter(world.organiser)

    for action, status in (
        ("ready", WindowStatus.READY),
        ("draft", WindowStatus.DRAFT),
        ("ready", WindowStatus.READY),
        ("open", WindowStatus.OPEN),
    ):
        first = do(browser, window, action)
        again = do(browser, window, action)

        window.refresh_from_db()
        assert window.status == status
        assert (first.status_code, first["Location"]) == (302, at(window))
        assert told(again)[-1] == _twice()
    assert _actions(window)[-4:] == [
        "window.ready",
        "window.back_to_draft",
        "window.ready",
        "window.opened",
    ]


def test_open_after_the_cutoff_is_refused_with_a_sentence(world: World, enter: Enter) -> None:
    window = make.make_window(world.home, organiser=world.organiser, state="ready")
    make.pass_cutoff(window)

    response = do(enter(world.organiser), window, "open")

    window.refresh_from_db()
    assert window.status == WindowStatus.READY
    assert response.status_code == 302
    assert len(told(response)) == 1


def test_check_twice_checks_once(world: World, prepared: OrderWindow, enter: Enter) -> None:
    browser = enter(world.checker)

    do(browser, prepared, "check", revision="1")
    again = do(browser, prepared, "check", revision="1")

    order = _first(prepared)
    assert order.status == SupplierOrderStatus.CHECKED
    assert order.checked_by == world.checker
    assert told(again)[-1] == _twice()
    assert _actions(prepared).count("supplier_order.checked") == 1


def test_release_twice_releases_once(world: World, prepared: OrderWindow, enter: Enter) -> None:
    browser = enter(world.organiser)
    do(browser, prepared, "check", revision="1")

    do(browser, prepared, "release", revision="1")
    again = do(browser, prepared, "release", revision="1")

    order = _first(prepared)
    assert order.status == SupplierOrderStatus.RELEASED
    assert order.released_by == world.organiser
    assert told(again)[-1] == _twice()
    assert sorted(Allocation.objects.values_list("quantity", flat=True)) == [1, 1, 2]
    assert _actions(prepared).count("supplier_order.released") == 1


def test_release_before_check_is_refused(world: World, prepared: OrderWindow, enter: Enter) -> None:
    response = do(enter(world.organiser), prepared, "release", revision="1")

    assert _first(prepared).status == SupplierOrderStatus.PREPARED
    assert told(response) == [_twice()]


def test_check_without_files_is_refused(world: World, prepared: OrderWindow, enter: Enter) -> None:
    SupplierOrder.objects.filter(window=prepared).update(filed_at=None)

    response = do(enter(world.checker), prepared, "check", revision="1")

    assert _first(prepared).status == SupplierOrderStatus.PREPARED
    assert len(told(response)) == 1


def test_release_by_the_checker_himself_where_two_are_needed_is_refused(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    Community.objects.filter(pk=world.home.pk).update(release_needs_two=True)
    browser = enter(world.organiser)
    do(browser, prepared, "check", revision="1")
    page = browser.get(at(prepared)).content.decode()

    response = do(browser, prepared, "release", revision="1")

    assert at(prepared, "do/release/") not in page
    assert _first(prepared).status == SupplierOrderStatus.CHECKED
    assert len(told(response)) == 1


def test_undo_takes_the_release_back_once(
    world: World, released: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)

    do(browser, released, "undo", revision="1", reason="写错价格")
    again = do(browser, released, "undo", revision="1", reason="写错价格")

    released.refresh_from_db()
    assert _first(released).status == SupplierOrderStatus.WITHDRAWN
    assert released.demand_revision == 2
    assert Allocation.objects.count() == 0
    assert told(again)[-1] == _twice()


def test_undo_without_reason_is_refused(world: World, released: OrderWindow, enter: Enter) -> None:
    response = do(enter(world.organiser), released, "undo", revision="1", reason="  ")

    assert _first(released).status == SupplierOrderStatus.RELEASED
    assert told(response) == [_no_reason()]


def test_undo_after_acknowledgement_is_refused_and_not_offered(
    world: World, released: OrderWindow, enter: Enter
) -> None:
    with transaction.atomic():
        acknowledge(supplier_order=_first(released), actor=Actor("supplier_key", 1))
    browser = enter(world.organiser)

    page = browser.get(at(released)).content.decode()
    response = do(browser, released, "undo", revision="1", reason="晚了")

    assert at(released, "do/undo/") not in page
    assert _first(released).status == SupplierOrderStatus.RELEASED
    assert len(told(response)) == 1


@pytest.fixture
def held(world: World) -> OrderWindow:
    window = make.make_window(
        world.home, organiser=world.organiser, minimum_measure="households", minimum=3
    )
    make.order(window, make.household(world.home, "101"), 1)
    make.pass_cutoff(window)
    with transaction.atomic():
        close_window(window_id=window.pk)
    window.refresh_from_db()
    assert window.status == WindowStatus.HELD
    return window


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        ("close", WindowStatus.CLOSED),
        ("extend", WindowStatus.OPEN),
        ("cancel", WindowStatus.CANCELLED),
    ],
)
def test_decide_moves_a_held_window_once(
    world: World, held: OrderWindow, enter: Enter, decision: str, status: str
) -> None:
    browser = enter(world.organiser)

    do(browser, held, "decide", decision=decision, reason="大家同意")
    again = do(browser, held, "decide", decision=decision, reason="大家同意")

    held.refresh_from_db()
    assert held.status == status
    assert told(again)[-1] == _twice()


@pytest.mark.parametrize(("decision", "code"), [("cancel", 302), ("", 404), ("explode", 404)])
def test_decide_without_reason_or_sense_changes_nothing(
    world: World, held: OrderWindow, enter: Enter, decision: str, code: int
) -> None:
    response = do(enter(world.organiser), held, "decide", decision=decision)

    held.refresh_from_db()
    assert held.status == WindowStatus.HELD
    assert response.status_code == code


def test_cancel_cancels_window_and_orders_once(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    browser = enter(world.organiser)

    do(browser, prepared, "cancel", reason="供货商停业")
    again = do(browser, prepared, "cancel", reason="供货商停业")

    prepared.refresh_from_db()
    assert (prepared.status, prepared.reason) == (WindowStatus.CANCELLED, "供货商停业")
    assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.CANCELLED}
    assert told(again)[-1] == _twice()


def test_cancel_without_reason_is_refused(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    response = do(enter(world.organiser), prepared, "cancel")

    prepared.refresh_from_db()
    assert prepared.status == WindowStatus.CLOSED
    assert told(response) == [_no_reason()]


@pytest.fixture
def odd(world: World) -> OrderWindow:
    """Three households want 1, the fourth 20: a flag."""
    window = make.make_window(world.home, organiser=world.organiser)
    for room, quantity in (("101", 1), ("102", 1), ("201", 1), ("202", 20)):
        make.order(window, make.household(world.home, room), quantity)
    prepare(window)
    return window


def test_settle_removes_a_flag_once(world: World, odd: OrderWindow, enter: Enter) -> None:
    browser = enter(world.checker)
    flag = browser.get(at(odd)).context["flags"][0]

    do(browser, odd, "settle", key=flag.key, reason="问过了")
    again = do(browser, odd, "settle", key=flag.key, reason="问过了")

    assert flag.key not in [left.key for left in browser.get(at(odd)).context["flags"]]
    assert FlagDecision.objects.get(key=flag.key).decided_by == world.checker
    assert told(again)[-1] == _twice()


def test_settle_without_reason_is_refused(world: World, odd: OrderWindow, enter: Enter) -> None:
    browser = enter(world.checker)
    before = browser.get(at(odd)).context["flags"]

    response = do(browser, odd, "settle", key=before[0].key, reason="")

    assert FlagDecision.objects.count() == 0
    assert told(response) == [_no_reason()]


def _park(window: OrderWindow, **fields: Any) -> Job:
    moment = clock.now()
    return Job.objects.create(
        stage="orders.consolidate",
        subject_kind="window",
        subject_id=window.pk,
        revision=99,
        created_at=moment,
        run_after=moment - timedelta(minutes=1),
        attempts=3,
        failures=3,
        last_error="ValueError: 坏了",
        parked_at=moment,
        **fields,
    )


def test_retry_starts_a_parked_job_over_once(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    job = _park(prepared)
    browser = enter(world.checker)
    page = browser.get(at(prepared)).content.decode()

    do(browser, prepared, "retry", job=job.pk)
    again = do(browser, prepared, "retry", job=job.pk)

    job.refresh_from_db()
    assert "ValueError: 坏了" in page
    assert (job.parked_at, job.failures, job.attempts) == (None, 0, 0)
    assert told(again)[-1] == _twice()
    assert _actions(prepared).count("job.retried") == 1


def test_retry_of_a_job_of_another_window_is_not_found(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    foreign = make.make_window(world.away, organiser=world.stranger)
    job = _park(foreign)

    response = do(enter(world.organiser), prepared, "retry", job=job.pk)

    job.refresh_from_db()
    assert response.status_code == 404
    assert job.parked_at is not None


def test_two_taps_lead_from_cutoff_to_release(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    """Each tap is the one large button that the page shows."""
    browser = enter(world.organiser)
    taps = 0

    while _first(prepared).status != SupplierOrderStatus.RELEASED:
        step = browser.get(at(prepared)).context["next"]
        do(browser, prepared, step.action, revision=step.revision.revision)
        taps += 1

    assert taps == 2


@pytest.mark.django_db(transaction=True)
def test_action_under_a_lock_says_busy(world: World, prepared: OrderWindow, enter: Enter) -> None:
    """Another session holds the window's lock for longer than three seconds: a sentence, not a 500."""
    key = locks.key(Namespace.WINDOW, prepared.pk)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        response = do(enter(world.checker), prepared, "check", revision="1")
    finally:
        other.close()

    assert response.status_code == 302
    assert told(response) == [Busy().sentence]
    assert _first(prepared).status == SupplierOrderStatus.PREPARED


def test_sign_in_by_form_leads_to_the_desk(world: World) -> None:
    user = make.make_staff(world.home, password="langes-wort-77")
    client = Client()

    response = client.post(
        "/admin/login/", {"username": user.username, "password": "langes-wort-77", "next": ""}
    )

    assert (response.status_code, response["Location"]) == (302, "/admin/desk/")


def test_reopen_takes_orders_again_and_a_second_tap_changes_nothing(
    world: World, enter: Enter, prepared: OrderWindow
) -> None:
    browser = enter(world.organiser)
    page = browser.get(at(prepared)).content.decode()
    assert f"/{prepared.public_id}/do/reopen/" in page
    until = (clock.now() + timedelta(hours=2)).astimezone(ZoneInfo("Asia/Shanghai"))
    fields = {"closes_at": until.strftime("%Y-%m-%dT%H:%M"), "reason": "power cut"}

    first = do(browser, prepared, "reopen", **fields)
    again = do(browser, prepared, "reopen", **fields)

    prepared.refresh_from_db()
    assert (prepared.status, _first(prepared).status) == ("open", "superseded")
    assert prepared.closes_at == until.replace(second=0, microsecond=0)
    assert told(first) == [gettext("Open again until the new cutoff.")]
    assert told(again)[-1] == _twice()


@pytest.mark.parametrize(
    "fields",
    [
        {"closes_at": "tomorrow", "reason": "power cut"},
        {"closes_at": "", "reason": "power cut"},
        {"closes_at": "2020-01-01T00:00", "reason": "power cut"},
        {"closes_at": "2099-01-01T00:00", "reason": ""},
    ],
)
def test_reopen_with_bad_fields_is_refused_in_a_sentence(
    fields: dict[str, str], world: World, enter: Enter, prepared: OrderWindow
) -> None:
    response = do(enter(world.organiser), prepared, "reopen", **fields)

    prepared.refresh_from_db()
    assert (prepared.status, response.status_code) == ("closed", 302)
    assert len(told(response)) == 1


def test_reopen_is_not_offered_once_the_supplier_was_told(
    world: World, enter: Enter, released: OrderWindow
) -> None:
    browser = enter(world.organiser)
    assert "do/reopen" not in browser.get(at(released)).content.decode()

    response = do(browser, released, "reopen", closes_at="2099-01-01T00:00", reason="power cut")

    released.refresh_from_db()
    assert released.status == "closed"
    assert told(response) == [
        gettext("The supplier has been sent this order already; it can no longer be opened again.")
    ]
