"""Who gets in: one's own communities, one's own role; a foreign round does not exist."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.test import Client

from config.kernel.audit import AuditEntry
from orders.models import OrderWindow, SupplierOrder
from orders.states import SupplierOrderStatus
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World, make_prepared
from tests.volunteers.desk.pages import DESK, at, do

NOBODYS = "00000000-0000-4000-8000-000000000000"
PAGES = ("", "progress/", "check/", "past/", "orders/", "offers/")
# page: people who may read it, of organiser, checker, volunteer, property
READERS = {
    "": "organiser checker volunteer property",
    "progress/": "organiser checker volunteer property",
    "check/": "organiser checker volunteer property",
    "past/": "organiser checker volunteer property",
    "orders/": "organiser checker volunteer",
    "offers/": "organiser",
}


@pytest.fixture(scope="module")
def round_prepared(_world: World) -> OrderWindow:
    return make_prepared(_world, make.make_window(_world.home, organiser=_world.organiser))


@pytest.fixture
def prepared(round_prepared: OrderWindow, db: None) -> OrderWindow:
    """As everywhere at the desk, but the same row for the module."""
    return deepcopy(round_prepared)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["organiser", "checker", "volunteer", "property"])
def test_page_opens_by_role(
    world: World, prepared: OrderWindow, enter: Enter, page: str, name: str
) -> None:
    response = enter(getattr(world, name)).get(at(prepared, page))

    assert response.status_code == (200 if name in READERS[page].split() else 403)
    if response.status_code == 403:
        assert "1号楼" not in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_page_of_foreign_window_is_not_found(
    world: World, prepared: OrderWindow, enter: Enter, page: str
) -> None:
    response = enter(world.stranger).get(at(prepared, page))

    assert response.status_code == 404
    assert prepared.title not in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_page_of_no_window_is_not_found(world: World, enter: Enter, page: str) -> None:
    assert enter(world.organiser).get(f"{DESK}{NOBODYS}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "new/", *(f"{NOBODYS}/{page}" for page in PAGES)])
def test_page_without_log_in_asks_for_it(db: None, page: str) -> None:
    response = Client().get(f"{DESK}{page}")

    assert response.status_code == 302
    assert response["Location"] == f"/admin/login/?next={DESK}{page}"


def test_page_for_resident_is_forbidden(world: World, prepared: OrderWindow, enter: Enter) -> None:
    assert enter(world.resident).get(DESK).status_code == 403
    assert enter(world.resident).get(at(prepared)).status_code == 403


def test_index_lists_own_windows_only(world: World, open_window: OrderWindow, enter: Enter) -> None:
    foreign = make.make_window(world.away, organiser=world.stranger)

    text = enter(world.volunteer).get(DESK).content.decode()

    assert str(open_window.public_id) in text
    assert str(foreign.public_id) not in text


def test_index_for_superuser_lists_all(
    world: World, open_window: OrderWindow, enter: Enter
) -> None:
    foreign = make.make_window(world.away, organiser=world.stranger)
    root = make.make_user(is_staff=True)
    root.is_superuser = True
    root.save(update_fields=["is_superuser"])

    text = enter(root).get(DESK).content.decode()

    assert str(open_window.public_id) in text
    assert str(foreign.public_id) in text


# action: the lowest role that may, the one just below it
LOWEST = {
    "ready": ("organiser", "checker"),
    "draft": ("organiser", "checker"),
    "open": ("organiser", "checker"),
    "decide": ("organiser", "checker"),
    "check": ("checker", "volunteer"),
    "release": ("organiser", "checker"),
    "undo": ("organiser", "checker"),
    "settle": ("checker", "volunteer"),
    "retry": ("checker", "volunteer"),
    "cancel": ("organiser", "checker"),
}
FIELDS = {"revision": "1", "reason": "理由", "decision": "close", "key": "x:1", "job": "1"}


@pytest.mark.parametrize("action", LOWEST)
def test_action_with_too_low_role_is_forbidden_and_changes_nothing(
    world: World, prepared: OrderWindow, enter: Enter, action: str
) -> None:
    before = AuditEntry.objects.count()

    response = do(enter(getattr(world, LOWEST[action][1])), prepared, action, **FIELDS)

    assert response.status_code == 403
    _assert_untouched(prepared, before)


@pytest.mark.parametrize("action", LOWEST)
def test_action_on_foreign_window_is_not_found_and_changes_nothing(
    world: World, prepared: OrderWindow, enter: Enter, action: str
) -> None:
    before = AuditEntry.objects.count()

    response = do(enter(world.stranger), prepared, action, **FIELDS)

    assert response.status_code == 404
    _assert_untouched(prepared, before)


@pytest.mark.parametrize("action", LOWEST)
def test_action_by_get_is_refused(
    world: World, prepared: OrderWindow, enter: Enter, action: str
) -> None:
    assert enter(world.organiser).get(at(prepared, f"do/{action}/")).status_code == 405


def test_action_without_token_of_the_form_is_refused(world: World, prepared: OrderWindow) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.organiser)

    response = do(client, prepared, "check", revision="1")

    assert response.status_code == 403
    assert prepared.supplier_orders.get().status == SupplierOrderStatus.PREPARED


def test_action_that_does_not_exist_is_not_found(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    assert do(enter(world.organiser), prepared, "explode").status_code == 404


def test_check_of_revision_of_another_window_is_not_found(
    world: World, prepared: OrderWindow, open_window: OrderWindow, enter: Enter
) -> None:
    other = make.make_window(world.home, organiser=world.organiser)

    response = do(enter(world.organiser), other, "check", revision="1")

    assert response.status_code == 404
    assert SupplierOrder.objects.get(window=prepared).status == SupplierOrderStatus.PREPARED


def _assert_untouched(window: OrderWindow, entries: int) -> None:
    status = window.status
    window.refresh_from_db()
    assert window.status == status
    assert window.supplier_orders.get().status == SupplierOrderStatus.PREPARED
    assert AuditEntry.objects.count() == entries
