"""Reference data is edited by verbs' rules and audited; what has a state is only looked at."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from communities import personal
from communities.models import Building, Community, Household, Membership, Region, Resident, User
from communities.roles import Role
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from orders.models import Order, OrderWindow, SupplierOrder
from suppliers.models import Product, Supplier
from tests import factories as make
from tests.console import addresses as at
from tests.console.browsing import fill
from tests.console.conftest import Enter, Place
from volunteers.models import PickList

REFERENCE = (Region, Community, Building, Household, Resident, User, Membership, Supplier, Product)
STATEFUL = (OrderWindow, Order, SupplierOrder, PickList, AuditEntry)


def _newest() -> tuple[str, int, dict[str, object]]:
    entry = AuditEntry.objects.latest("pk")
    return entry.action, entry.actor_id, entry.data


def test_rows_with_a_state_are_read_only_even_for_superusers(
    home: Place, root: User, enter: Enter
) -> None:
    browser = enter(root)

    for model in STATEFUL:
        row = home.rows[model]
        before = model._default_manager.values().get(pk=row.pk)
        page = browser.get(at.change(row))
        assert page.context["adminform"].form.fields == {}, model
        assert 'name="_save"' not in page.content.decode(), model
        assert browser.post(at.change(row), {"status": "cancelled"}).status_code == 403, model
        assert browser.get(at.add(model)).status_code == 403, model
        assert browser.post(at.delete(row), {"post": "yes"}).status_code == 403, model
        assert model._default_manager.values().get(pk=row.pk) == before, model


def test_nothing_is_deleted_or_edited_in_bulk(home: Place, root: User, enter: Enter) -> None:
    browser = enter(root)

    for model in (*REFERENCE, *STATEFUL):
        row = home.rows[model]
        assert browser.post(at.delete(row), {"post": "yes"}).status_code == 403, model
        browser.post(
            at.changelist(model),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        )
        assert model._default_manager.filter(pk=row.pk).exists(), model
        assert 'name="action"' not in browser.get(at.changelist(model)).content.decode(), model
    for machinery in (Job, OutboxMessage):
        assert browser.get(at.add(machinery)).status_code == 403


def test_building_is_added_by_the_verb(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)
    fields = {"community": home.community.pk, "lane": "", "number": "12", "unit": "", "floors": "6"}

    response = fill(browser, at.add(Building), **fields, has_lift="on")

    building = Building.objects.get(community=home.community, number="12")
    assert response.status_code == 302
    assert (building.label, building.floors, building.has_lift) == ("12号楼", 6, True)
    assert building.sort_key > home.rows[Building].sort_key
    action, actor, _data = _newest()
    assert (action, actor) == ("building.added", home.organiser.pk)


def test_building_edited_gets_a_new_sort_key_and_an_entry(home: Place, enter: Enter) -> None:
    building = home.rows[Building]

    fill(enter(home.organiser), at.change(building), lane="3", number="10", label="3弄10号")

    building.refresh_from_db()
    assert (building.label, building.number) == ("3弄10号", "10")
    assert building.sort_key == "00000003/00000010/"
    assert _newest() == (
        "building.edited",
        home.organiser.pk,
        {"fields": ["label", "lane", "number"]},
    )


def test_building_that_exists_already_is_refused(home: Place, enter: Enter) -> None:
    fields = {"community": home.community.pk, "lane": "", "number": "1", "unit": ""}

    response = fill(enter(home.organiser), at.add(Building), **fields)

    assert response.status_code == 200
    assert Building.objects.filter(community=home.community).count() == 1


def test_building_relabelled_as_another_is_refused(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)
    fill(browser, at.add(Building), community=home.community.pk, number="2")
    second = Building.objects.get(community=home.community, number="2")

    response = fill(browser, at.change(second), number="2", label="1号楼")

    second.refresh_from_db()
    assert response.status_code == 200
    assert second.label == "2号楼"


def test_household_added_and_edited_sorts_naturally(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)

    fill(browser, at.add(Household), building=home.rows[Building].pk, room="1103")
    household = Household.objects.get(community=home.community, room="1103")
    assert household.sort_key == "00001103"
    fill(browser, at.change(household), room="203", needs_care="on", has_smartphone=None)

    household.refresh_from_db()
    assert (household.room, household.sort_key, household.needs_care) == ("203", "00000203", True)
    assert household.has_smartphone is False
    assert _newest()[2] == {"fields": ["has_smartphone", "needs_care", "room"]}


def test_unchanged_form_writes_no_entry(home: Place, enter: Enter) -> None:
    household = home.rows[Household]
    before = AuditEntry.objects.count()

    response = fill(enter(home.organiser), at.change(household))

    assert response.status_code == 302

    assert AuditEntry.objects.count() == before


def test_resident_is_added_at_his_household_with_an_encrypted_phone(
    home: Place, enter: Enter
) -> None:
    browser = enter(home.organiser)
    where = f"{at.add(Resident)}?household={home.rows[Household].pk}"

    fill(browser, where, name="李四", phone="139 8765 4321", is_contact="on")

    resident = Resident.objects.get(name="李四")
    assert resident.household == home.rows[Household]
    assert resident.phone_masked == "139****4321"
    assert personal.decrypt(bytes(resident.phone_encrypted or b"")) == "+8613987654321"
    assert _newest()[0] == "resident.added"


def test_resident_at_a_foreign_household_is_not_added(
    home: Place, away: Place, enter: Enter
) -> None:
    browser = enter(home.organiser)
    where = f"{at.add(Resident)}?household={away.rows[Household].pk}"

    response = fill(browser, where, name="李四", phone="")

    assert (response.status_code, response["Location"]) == (302, at.changelist(Household))
    assert not Resident.objects.filter(name="李四").exists()


@pytest.mark.parametrize(
    ("fields", "masked"),
    [
        ({"phone": ""}, "138****5678"),
        ({"phone": "13700001111"}, "137****1111"),
        ({"phone": "", "forget_phone": "on"}, ""),
    ],
)
def test_resident_keeps_changes_or_loses_the_phone(
    home: Place, enter: Enter, fields: dict[str, str], masked: str
) -> None:
    resident = home.rows[Resident]
    resident.user = make.make_user()
    resident.save()

    fill(enter(home.organiser), at.change(resident), name="张三丰", **fields)

    resident.refresh_from_db()
    assert (resident.name, resident.phone_masked) == ("张三丰", masked)
    assert bool(resident.phone_encrypted) == bool(resident.phone_index) == bool(masked)
    # His account hears of it: he could be signed in by a number.
    told = list(resident.user.inbox.values_list("kind", flat=True))
    assert told == ([] if masked == "138****5678" else ["phone.changed"])


def test_resident_with_no_phone_number_is_refused(home: Place, enter: Enter) -> None:
    resident = home.rows[Resident]

    response = fill(enter(home.organiser), at.change(resident), name="张三", phone="abc")

    resident.refresh_from_db()
    assert list(response.context["adminform"].form.errors) == ["phone"]
    assert resident.phone_masked == "138****5678"


def test_pages_of_residents_never_hold_the_whole_number(home: Place, enter: Enter) -> None:
    browser = enter(home.organiser)

    for page in (
        at.changelist(Resident),
        at.change(home.rows[Resident]),
        at.change(home.rows[Household]),
    ):
        text = browser.get(page).content.decode()
        assert "138****5678" in text
        assert "13812345678" not in text


def test_supplier_is_registered_for_an_own_community(home: Place, enter: Enter) -> None:
    fields = {
        "kind": "shop",
        "name": "包子铺",
        "short_name": "包子",
        "order_multiple": "1",
        "community": home.community.pk,
    }

    fill(enter(home.organiser), at.add(Supplier), **fields)

    supplier = Supplier.objects.get(name="包子铺")
    assert list(supplier.serves.values_list("community", flat=True)) == [home.community.pk]
    assert set(AuditEntry.objects.order_by("-pk").values_list("action", flat=True)[:2]) == {
        "supplier.registered",
        "supplier.serves",
    }


@pytest.mark.parametrize(("price", "fen"), [("12.5", 1250), ("¥3", 300), ("0", 0)])
def test_product_price_is_written_in_yuan(home: Place, enter: Enter, price: str, fen: int) -> None:
    product = home.rows[Product]
    fill(enter(home.organiser), at.change(product), price=price)

    product.refresh_from_db()
    assert product.price_fen == fen
    assert _newest()[0] == "product.edited"


@pytest.mark.parametrize("price", ["1.234", "-1", "abc", ""])
def test_product_with_bad_price_is_refused(home: Place, enter: Enter, price: str) -> None:
    product = home.rows[Product]

    response = fill(enter(home.organiser), at.change(product), price=price)

    product.refresh_from_db()
    assert list(response.context["adminform"].form.errors) == ["price"]
    assert product.price_fen == 390


def test_product_with_the_barcode_of_another_is_refused(home: Place, enter: Enter) -> None:
    one, other = home.rows[Supplier].products.order_by("pk")[:2]
    Product.objects.filter(pk=one.pk).update(barcode="6901234567892")
    response = fill(enter(home.organiser), at.change(other), barcode="6901234567892")

    other.refresh_from_db()
    assert response.status_code == 200
    assert other.barcode == ""


def test_community_is_edited_by_the_committee_not_by_the_organiser(
    home: Place, committee: User, enter: Enter
) -> None:
    fields = {"kind": "estate", "name": "新名字", "short_name": "新", "zone": "Asia/Urumqi"}

    refused = enter(home.organiser).post(at.change(home.community), fields)
    fill(enter(committee), at.change(home.community), **fields)

    home.community.refresh_from_db()
    assert refused.status_code == 403
    assert (home.community.name, home.community.zone) == ("新名字", "Asia/Urumqi")


@pytest.mark.parametrize("zone", ["Mars/Base", "Asia", "../../etc/passwd", "/etc/passwd"])
def test_community_with_unknown_zone_is_refused(
    home: Place, committee: User, enter: Enter, zone: str
) -> None:
    fields = {"kind": "estate", "name": "新名字", "short_name": "新", "zone": zone}

    response = fill(enter(committee), at.change(home.community), **fields)

    assert list(response.context["adminform"].form.errors) == ["zone"]


def test_region_and_community_grow_below_a_region_one_holds(
    home: Place, away: Place, enter: Enter
) -> None:
    officer = make.make_user(is_staff=True)
    make.grant(officer, Role.COMMITTEE, home.community.region)
    browser = enter(officer)

    fill(
        browser,
        at.add(Region),
        parent=home.community.region.pk,
        kind="grid",
        name="第三网格",
    )
    region = Region.objects.get(name="第三网格")
    fill(
        browser,
        at.add(Community),
        region=region.pk,
        kind="estate",
        name="河畔",
        short_name="河",
        zone="Asia/Shanghai",
        fenced="on",
    )

    community = Community.objects.get(name="河畔")
    assert region.path == f"{home.community.region.path}{region.pk}/"
    assert (community.region, community.fenced) == (region, True)
    refused = fill(
        browser,
        at.add(Region),
        parent=away.community.region.pk,
        kind="grid",
        name="外",
    )
    assert "parent" in refused.context["adminform"].form.errors
    orphan = fill(browser, at.add(Region), parent="", kind="grid", name="野")
    assert "parent" in orphan.context["adminform"].form.errors


def test_too_low_role_edits_nothing(home: Place, enter: Enter) -> None:
    browser = enter(make.make_staff(home.community, Role.VOLUNTEER))

    for model in REFERENCE:
        row = home.rows[model]
        before = model._default_manager.values().get(pk=row.pk)
        assert browser.post(at.change(row), {"name": "x"}).status_code == 403, model
        assert browser.get(at.add(model)).status_code == 403, model
        assert model._default_manager.values().get(pk=row.pk) == before, model


def test_history_page_shows_the_audit_and_django_keeps_no_log_of_its_own(
    home: Place, enter: Enter
) -> None:
    browser = enter(home.organiser)
    fill(browser, at.change(home.rows[Household]), room="102", has_smartphone=None)

    text = browser.get(at.history(home.rows[Household])).content.decode()

    assert "has_smartphone, room" in text
    assert home.organiser.get_full_name() in text
    assert LogEntry.objects.count() == 0
