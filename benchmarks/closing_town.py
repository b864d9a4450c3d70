"""Many windows with orders in a town of 100 small communities, and lists whose sheets take long."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from time import monotonic, sleep
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from benchmarks import round_town, world
from communities import places
from communities.models import Community, Household, User
from config.kernel import clock
from config.kernel.audit import Actor
from orders.models import OrderWindow, SupplierOrder
from orders.supply import releasing
from seeds.qibao.planting import plant
from suppliers.models import Supplier
from volunteers.models import PickList

HOUSEHOLDS, PRODUCTS = 6000, 20
LISTS, LONG = 12, 1650
_PATIENCE = 60.0


def build() -> User:
    """On an empty database; a committee officer above all communities."""
    plant(communities=100, households=HOUSEHOLDS, past=0, password=None, keep=lambda: None)
    return User.objects.get(username="qibao-town-1")


def windows(officer: User, count: int) -> list[int]:
    """Ids of open windows, each of one community, in which every household has ordered."""
    supplier = Supplier.objects.get(name="七宝惠民配送中心")
    places = cycle(Community.objects.filter(served_by__supplier=supplier).order_by("pk"))
    made = []
    for _turn in range(count):
        with transaction.atomic(durable=True):
            window = round_town.open_window(
                [next(places)], supplier, officer, products=PRODUCTS, closes_in=timedelta(hours=6)
            )
        round_town.order(window, officer)
        made.append(window.pk)
    round_town.tidy()
    return made


def long_renders(officer: User) -> list[int]:
    """Ids of released pick lists of 1,650 households each, whose sheets nobody has made yet."""
    where = world.community(1)
    supplier = Supplier.objects.get(name="七宝惠民配送中心")
    for number in range(LISTS):
        _building(where, str(number + 2))
    with transaction.atomic(durable=True):
        supplier.serves.create(community=where)
        window = round_town.open_window(
            [where], supplier, officer, products=50, closes_in=timedelta(hours=6)
        )
    round_town.order(window, officer)
    round_town.tidy()
    _release(window, officer)
    return list(PickList.objects.filter(window=window, bag_count=LONG).values_list("pk", flat=True))


def _building(where: Community, number: str) -> None:
    with transaction.atomic():
        building = places.add_building(community=where, number=number, actor=Actor("command"))
    Household.objects.bulk_create(
        Household(community=where, building=building, room=f"{i:04d}", sort_key=f"{i:08d}")
        for i in range(LONG)
    )


def _release(window: OrderWindow, officer: User) -> None:
    """The workers make the files and the pick lists; nobody does it beside them."""
    OrderWindow.objects.filter(pk=window.pk).update(closes_at=clock.database_now())
    filed = SupplierOrder.objects.filter(window=window, filed_at__isnull=False)
    _wait_for(filed)
    for verb in (releasing.check_order, releasing.release_order):
        with transaction.atomic(durable=True):
            verb(supplier_order=filed.get(), actor=officer)
    _wait_for(PickList.objects.filter(window=window, bag_count=LONG))


def _wait_for(rows: QuerySet[Any]) -> None:
    deadline = monotonic() + _PATIENCE
    while not rows.exists():
        if monotonic() > deadline:
            raise RuntimeError("the workers did not come to it")
        sleep(0.02)
