"""One round in which every text that people write is hostile: every file, every page, every figure all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from communities.models import Building, Community, Household, User
from communities.natural import natural_key
from orders.models import OrderFile, OrderWindow
from orders.supply.releasing import check_order, release_order
from suppliers.models import Product, Supplier
from tests import factories as make
from tests.api.client import signed_in
from tests.orders.files.test_order_files_hostile import HOSTILE
from tests.volunteers.desk.pages import offences
from volunteers.models import PickListFile
from volunteers.reconciling.reconciling import reconcile

pytestmark = pytest.mark.django_db(transaction=True)

# What a text column of PostgreSQL can hold at all; forms and imports let in much less.
TEXTS = [
    text.replace("\0", "").encode("utf-8", "ignore").decode() or "x" for text in HOSTILE.values()
]


def hostile_world() -> tuple[OrderWindow, list[Household]]:
    """As many products and homes as there are texts, past all forms; each home orders one piece of each product.

    Rooms are only made to look like formulas: `reconcile` finds a bag again by its room, letter by letter.
    """
    community = make.make_community(rooms=[f"={101 + n}" for n in range(len(TEXTS))])
    supplier = make.make_supplier(community, prices_fen=[100 + n for n in range(len(TEXTS))])
    _spoil(Community.objects.filter(pk=community.pk), "name", "short_name")
    _spoil(Building.objects.filter(community=community), "number", "label")
    _spoil(Supplier.objects.filter(pk=supplier.pk), "name", "short_name", "phone")
    _spoil(Product.objects.filter(supplier=supplier), "name", "spec", "unit", "category")
    window = make.make_window(community, supplier=supplier, title="=1+1 <script>x</script>\u202e")
    homes = list(Household.objects.filter(community=community).order_by("pk"))
    for home, text in zip(homes, TEXTS, strict=True):
        make.order(window, home, *[1] * len(TEXTS), note=text[:200])
    return window, homes


def _spoil(rows: object, *fields: str) -> None:
    for number, row in enumerate(rows.order_by("pk")):  # type: ignore[attr-defined]  # a queryset
        for field in fields:
            most = row._meta.get_field(field).max_length
            text = TEXTS[number % len(TEXTS)]
            setattr(row, field, f"{text[: most - 3]}{number}")
        if hasattr(row, "sort_key"):
            row.sort_key = natural_key(getattr(row, fields[0]))
        row.save()


def test_round_of_hostile_names_keeps_every_figure(run_jobs: Callable[[], None]) -> None:
    window, homes = hostile_world()
    organiser = make.make_staff(window.community)
    make.pass_cutoff(window)
    run_jobs()
    order = window.supplier_orders.get()
    for verb in (check_order, release_order):
        with transaction.atomic():
            verb(supplier_order=order, actor=organiser)
        order.refresh_from_db()
    run_jobs()

    result = reconcile(window)

    assert (order.pieces, order.households) == (len(TEXTS) ** 2, len(homes))
    assert result.mismatches == []
    assert OrderFile.objects.count() == 5
    assert PickListFile.objects.count() == 3
    _look_at_every_page(window, organiser)


def _look_at_every_page(window: OrderWindow, organiser: User) -> None:
    browser = Client()
    browser.force_login(organiser)
    names = ["window", "check", "past", "orders"]
    addresses = [
        reverse("desk:index"),
        *(reverse(f"desk:{n}", args=[window.public_id]) for n in names),
    ]
    addresses += [
        reverse("desk:order", args=[window.public_id, order.public_id])
        for order in window.orders.all()
    ]
    for address in addresses:
        page = browser.get(address)
        assert page.status_code == 200, address
        assert offences(page) == [], address
        assert "<script>x" not in page.content.decode(), address
    resident = signed_in(
        make.make_resident(window.community, window.orders.earliest("pk").household.room)
    )
    menu = resident.read(f"windows/{window.public_id}").json()
    assert len(menu["offers"]) == len(TEXTS)
