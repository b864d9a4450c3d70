"""Files handed out at the desk: the stored bytes, to the right people, each time noted."""

from __future__ import annotations

import hashlib

import pytest
from django.db import transaction

from communities.places import add_building
from communities.roles import Role
from config.kernel.audit import AuditEntry
from orders.models import OrderFile, OrderWindow
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import at
from volunteers.models import PickListFile
from volunteers.picklists.building import build_pick_lists


@pytest.fixture
def sheet(world: World, released: OrderWindow) -> PickListFile:
    """A sheet with bytes of its own: how they are rendered is tested elsewhere."""
    with transaction.atomic():
        (pick_list,) = build_pick_lists(supplier_order_id=released.supplier_orders.get().pk)
    content = b"%PDF-1.7 1\xe5\x8f\xb7\xe6\xa5\xbc"
    return PickListFile.objects.create(
        pick_list=pick_list,
        kind="list",
        format="pdf",
        name="1号楼 分拣单.pdf",
        media_type="application/pdf",
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


@pytest.mark.parametrize("form", ["xlsx", "csv", "json", "pdf", "txt"])
def test_order_file_is_handed_out_byte_for_byte_and_noted(
    world: World, prepared: OrderWindow, enter: Enter, form: str
) -> None:
    file = OrderFile.objects.get(supplier_order__window=prepared, format=form)

    response = enter(world.property).get(at(prepared, f"files/{file.public_id}/"))

    assert response.content == bytes(file.content)
    assert response["Content-Type"] == file.media_type
    assert response["ETag"] == f'"{file.sha256}"'
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["X-Content-Type-Options"] == "nosniff"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.actor_id) == ("file.downloaded", world.property.pk)
    assert entry.data["file"] == file.pk


@pytest.mark.parametrize(("name", "code"), [("stranger", 404), ("resident", 403)])
def test_order_file_for_others_is_refused_and_not_noted(
    world: World, prepared: OrderWindow, enter: Enter, name: str, code: int
) -> None:
    file = OrderFile.objects.filter(supplier_order__window=prepared).first()
    assert file is not None
    before = AuditEntry.objects.count()

    response = enter(getattr(world, name)).get(at(prepared, f"files/{file.public_id}/"))

    assert response.status_code == code
    assert AuditEntry.objects.count() == before


def test_order_file_under_another_window_is_not_found(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    other = make.make_window(world.home, organiser=world.organiser)
    file = OrderFile.objects.filter(supplier_order__window=prepared).first()
    assert file is not None

    assert enter(world.organiser).get(at(other, f"files/{file.public_id}/")).status_code == 404


def test_text_page_shows_the_text_to_copy(
    world: World, prepared: OrderWindow, enter: Enter
) -> None:
    file = OrderFile.objects.get(supplier_order__window=prepared, format="txt")
    pdf = OrderFile.objects.get(supplier_order__window=prepared, format="pdf")
    browser = enter(world.volunteer)

    response = browser.get(at(prepared, f"files/{file.public_id}/text/"))

    assert response.context["text"] == bytes(file.content).decode("utf-8-sig")
    assert browser.get(at(prepared, f"files/{pdf.public_id}/text/")).status_code == 404


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("organiser", 200),
        ("checker", 200),
        ("volunteer", 200),
        ("property", 403),
        ("stranger", 404),
    ],
)
def test_sheet_with_doors_is_for_hands_only(
    world: World, released: OrderWindow, sheet: PickListFile, enter: Enter, name: str, code: int
) -> None:
    browser = enter(getattr(world, name))

    response = browser.get(at(released, f"sheets/{sheet.public_id}/"))

    assert response.status_code == code
    if code == 200:
        assert response.content == bytes(sheet.content)
        assert response["Content-Disposition"].startswith("inline; filename*=UTF-8''1%E5%8F%B7")


def test_sheet_is_for_the_leader_of_that_building_only(
    world: World, released: OrderWindow, sheet: PickListFile, enter: Enter
) -> None:
    with transaction.atomic():
        second = add_building(community=world.home, number="2", actor=make.SETUP)
    own, other = make.make_user(is_staff=True), make.make_user(is_staff=True)
    make.grant(own, Role.BUILDING_LEADER, world.home, building=sheet.pick_list.building)
    make.grant(other, Role.BUILDING_LEADER, world.home, building=second)

    assert enter(own).get(at(released, f"sheets/{sheet.public_id}/")).status_code == 200
    assert enter(other).get(at(released, f"sheets/{sheet.public_id}/")).status_code == 404


def test_page_links_sheets_for_hands_only(
    world: World, released: OrderWindow, sheet: PickListFile, enter: Enter
) -> None:
    link = at(released, f"sheets/{sheet.public_id}/")

    assert link in enter(world.volunteer).get(at(released)).content.decode()
    assert link not in enter(world.property).get(at(released)).content.decode()
