"""The matrix can fail: it notices each kind of mistake, and says where."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from communities.models import User
from config.kernel.errors import Forbidden, NotFound
from orders.access import ResidentWindow, access_window_as_resident
from orders.models import OrderWindow
from tests.rights.asking import Asker
from tests.rights.cells import Matrix, cells
from tests.rights.digest import changed, digest, read_anew, rolled_back, rows, written
from tests.rights.expectations import Cell, audience_of, is_outside
from tests.rights.world import World

pytestmark = pytest.mark.django_db

ROUTE = "/api/v1/windows/{public_id}"
FOREIGN = "GET /api/v1/windows/{public_id} far_open by resident"


@pytest.fixture
def few(world: World) -> list[Cell]:
    """What one resident tries with GET."""
    found = [c for c in cells(ROUTE, world) if (c.identity, c.method) == ("resident", "GET")]
    assert FOREIGN in map(str, found)
    return found


def judged(
    monkeypatch: pytest.MonkeyPatch,
    clients: dict[str, Asker],
    world: World,
    few: list[Cell],
    access: Any,
) -> list[str]:
    """What is said when the window is loaded by something else."""
    monkeypatch.setattr("orders.api.resident.access_window_as_resident", access)
    return Matrix(world, clients).wrong(few)


def test_product_as_it_is_passes(
    monkeypatch: pytest.MonkeyPatch, clients: dict[str, Asker], world: World, few: list[Cell]
) -> None:
    assert judged(monkeypatch, clients, world, few, access_window_as_resident) == []


def test_window_of_others_is_noticed(
    monkeypatch: pytest.MonkeyPatch, clients: dict[str, Asker], world: World, few: list[Cell]
) -> None:
    def generous(user: User, *, public_id: UUID) -> ResidentWindow:
        window = OrderWindow.objects.get(public_id=public_id)
        return ResidentWindow(window.pk, window.community_id, 0)

    said = judged(monkeypatch, clients, world, few, generous)

    assert any(one.startswith(f"{FOREIGN}: 404 expected, 200 answered") for one in said)
    assert f"{FOREIGN}: shows '小区-far'" in said


def test_refusal_that_tells_more_is_noticed(
    monkeypatch: pytest.MonkeyPatch, clients: dict[str, Asker], world: World, few: list[Cell]
) -> None:
    def talkative(user: User, *, public_id: UUID) -> ResidentWindow:
        try:
            return access_window_as_resident(user, public_id=public_id)
        except NotFound:
            other = OrderWindow.objects.filter(public_id=public_id).first()
            raise NotFound(fields={"status": other.status} if other else {}) from None

    said = judged(monkeypatch, clients, world, few, talkative)

    assert any(one.startswith(f"{FOREIGN}: not_found expected with nothing else") for one in said)


def test_refusal_that_says_it_is_there_is_noticed(
    monkeypatch: pytest.MonkeyPatch, clients: dict[str, Asker], world: World, few: list[Cell]
) -> None:
    def frank(user: User, *, public_id: UUID) -> ResidentWindow:
        raise Forbidden()

    said = judged(monkeypatch, clients, world, few, frank)

    assert any(one.startswith(f"{FOREIGN}: 404 expected, 403 answered") for one in said)


def test_refused_request_that_writes_is_noticed(
    monkeypatch: pytest.MonkeyPatch, clients: dict[str, Asker], world: World, few: list[Cell]
) -> None:
    """Also if only the first of them changes anything."""

    def curious(user: User, *, public_id: UUID) -> ResidentWindow:
        OrderWindow.objects.filter(public_id=public_id).update(reason="somebody was here")
        return access_window_as_resident(user, public_id=public_id)

    said = judged(monkeypatch, clients, world, few, curious)

    assert "something changes ['orders_orderwindow']" in said
    assert f"{FOREIGN}: changes ['orders_orderwindow']" in said


def test_change_that_was_taken_back_before_is_noticed(world: World) -> None:
    """Tables are read again only if more was written to them; the same change a second time is one, too."""

    def rename() -> None:
        User.objects.filter(pk=world.people["resident"].pk).update(display_name="somebody else")

    with rolled_back():
        rename()
        assert changed(digest(), read_anew()) == set()
        rows()
    before, seen = digest(), rows()
    assert changed(before, read_anew()) == set()

    rename()

    assert changed(before, digest()) == {"communities_user"}
    assert written(seen, rows()) == {"communities_user": {"display_name"}}
    assert changed(digest(), read_anew()) == set()


def test_address_without_a_row_is_named() -> None:
    with pytest.raises(AssertionError, match="/api/v1/new: write a Row for each"):
        audience_of("/api/v1/new")


def test_identity_without_a_kind_is_named() -> None:
    with pytest.raises(AssertionError, match="stranger_yet: write in"):
        is_outside("stranger_yet", ROUTE)
