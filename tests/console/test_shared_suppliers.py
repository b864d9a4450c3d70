"""A supplier of several communities is kept by whoever coordinates all of them; the others look and buy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from communities.models import Community, User
from communities.places import create_community
from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.intake.models import Import
from suppliers.keys import find_key, issue_key
from suppliers.models import Product, Supplier, SupplierKey
from tests import factories as make
from tests.console import addresses as at
from tests.console.browsing import fill
from tests.console.conftest import Enter

pytestmark = pytest.mark.django_db


@pytest.fixture
def one() -> Community:
    return make.make_community()


@pytest.fixture
def two(one: Community) -> Community:
    """Another community of the same region."""
    with transaction.atomic():
        return create_community(region=one.region, name="东院", short_name="东", actor=make.SETUP)


@pytest.fixture
def shared(one: Community, two: Community) -> Supplier:
    return make.make_supplier(one, two)


def _keys(supplier: Supplier) -> str:
    return reverse("admin:suppliers_supplier_issue_key", args=[supplier.pk])


def _state(supplier: Supplier) -> list[object]:
    tables = (
        Supplier.objects.filter(pk=supplier.pk),
        supplier.products.order_by("pk"),
        supplier.keys.order_by("pk"),
        Import.objects.order_by("pk"),
        AuditEntry.objects.order_by("pk"),
    )
    return [list(rows.values()) for rows in tables]


def _revoke(browser: Client, supplier: Supplier) -> int:
    path = reverse("admin:suppliers_supplier_revoke_key", args=[supplier.pk, _key_of(supplier).pk])
    return browser.post(path).status_code


def _key_of(supplier: Supplier) -> SupplierKey:
    return supplier.keys.get()


def _import(browser: Client, supplier: Supplier) -> int:
    return browser.post(reverse("catalogue:index", args=[supplier.public_id])).status_code


WRITES: dict[str, Callable[[Client, Supplier], int]] = {
    "issue a key": lambda browser, supplier: browser.post(_keys(supplier)).status_code,
    "revoke a key": _revoke,
    "edit": lambda browser, supplier: browser.post(at.change(supplier), {}).status_code,
    "edit a product": lambda browser, supplier: (
        browser.post(at.change(supplier.products.order_by("pk")[0]), {}).status_code
    ),
    "import": _import,
}


@pytest.mark.parametrize("write", WRITES)
def test_shared_supplier_is_not_kept_by_whoever_coordinates_one_of_its_communities(
    write: str, one: Community, shared: Supplier, enter: Enter
) -> None:
    with transaction.atomic():
        _key, text = issue_key(supplier=shared, label="", actor=make.SETUP, at=clock.now())
    browser = enter(make.make_staff(one))
    before = _state(shared)

    status = WRITES[write](browser, shared)

    assert (status, _state(shared)) == (403, before)
    assert find_key(text) is not None


def test_shared_supplier_is_read_by_whoever_coordinates_one_of_its_communities(
    one: Community, shared: Supplier, enter: Enter
) -> None:
    browser = enter(make.make_staff(one))
    product = shared.products.order_by("pk")[0]

    pages = [browser.get(at.change(row)) for row in (shared, product)]

    assert [page.status_code for page in pages] == [200, 200]
    assert [page.context["has_change_permission"] for page in pages] == [False, False]
    assert "/keys/" not in pages[0].content.decode()
    assert shared.pk in at.listed(browser.get(at.changelist(Supplier)))


def test_shared_supplier_gets_no_new_product_from_whoever_coordinates_one_of_its_communities(
    one: Community, shared: Supplier, enter: Enter
) -> None:
    make.make_supplier(one)
    before = Product.objects.count()
    given = {"name": "青菜", "unit": "袋", "price": "3.90", "supplier": shared.pk}

    answer = fill(enter(make.make_staff(one)), at.add(Product), **given)

    assert "supplier" in answer.context["adminform"].form.errors
    assert Product.objects.count() == before


def _of_both(one: Community, two: Community) -> User:
    user = make.make_staff(one)
    make.grant(user, Role.COMMITTEE, two)
    return user


def _of_region(one: Community, two: Community) -> User:
    user = make.make_user(is_staff=True)
    make.grant(user, Role.COMMITTEE, one.region)
    return user


@pytest.mark.parametrize("who", [_of_both, _of_region])
def test_shared_supplier_is_kept_by_whoever_coordinates_all_its_communities(
    who: Callable[[Community, Community], User],
    one: Community,
    two: Community,
    shared: Supplier,
    enter: Enter,
) -> None:
    browser = enter(who(one, two))
    product = shared.products.order_by("pk")[0]

    assert find_key(browser.post(_keys(shared)).context["secret"]) is not None
    assert _revoke(browser, shared) == 302
    assert fill(browser, at.change(shared), phone="5559").status_code == 302
    assert fill(browser, at.change(product), price="5.00").status_code == 302
    assert _import(browser, shared) == 200

    shared.refresh_from_db()
    product.refresh_from_db()
    assert (shared.phone, product.price_fen) == ("5559", 500)
    assert _key_of(shared).revoked_at is not None


def test_catalogues_list_the_kept_suppliers_and_count_each_product_once(
    one: Community, two: Community, shared: Supplier, enter: Enter
) -> None:
    own = make.make_supplier(one)
    address = reverse("catalogue:suppliers")

    def listed(user: User) -> dict[Supplier, int]:
        rows = enter(user).get(address).context["suppliers"]
        return {row: row.on_sale for row in rows}

    assert listed(make.make_staff(one)) == {own: 2}
    assert listed(_of_both(one, two)) == {own: 2, shared: 2}


NEW = {"name": "菜场", "short_name": "菜场", "kind": "shop", "order_multiple": 1}


def test_new_supplier_serves_the_community_of_its_maker_who_keeps_it(
    one: Community, enter: Enter
) -> None:
    browser = enter(make.make_staff(one))

    fill(browser, at.add(Supplier), **NEW, community=one.pk)

    supplier = Supplier.objects.get()
    assert supplier.serves.get().community == one
    assert find_key(browser.post(_keys(supplier)).context["secret"]) is not None


def test_new_supplier_for_a_community_of_others_is_refused(
    one: Community, two: Community, enter: Enter
) -> None:
    answer = fill(enter(make.make_staff(one)), at.add(Supplier), **NEW, community=two.pk)

    assert "community" in answer.context["adminform"].form.errors
    assert Supplier.objects.count() == 0


def test_supplier_is_edited_after_somebody_opened_the_form_of_a_new_one(
    one: Community, enter: Enter
) -> None:
    supplier, browser = make.make_supplier(one), enter(make.make_staff(one))
    browser.get(at.add(Supplier))

    assert fill(browser, at.change(supplier), phone="5559").status_code == 302

    supplier.refresh_from_db()
    assert supplier.phone == "5559"
