from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client

from communities.models import Community, User
from config.kernel import clock
from config.kernel.intake.confirming import apply_slice, confirm
from config.kernel.intake.models import Import
from config.kernel.intake.rows import mend_row
from config.kernel.intake.uploads import read_upload, store_upload
from orders.models import Order, OrderLine, OrderWindow, WindowCommunity
from orders.states import OrderStatus
from suppliers.models import Product, Supplier
from tests.factories import SETUP, building, make_community, make_staff, make_supplier, make_window
from tests.sessions import signed_in

GOODS = (
    ("蔬菜包", "约8斤", "份", 5800),
    ("鸡蛋", "30枚", "板", 3200),
    ("鲜牛奶", "950ml", "瓶", 1800),
)


@dataclass
class Place:
    """A community of two houses in an open window with three goods; other communities and windows are there too."""

    community: Community
    organiser: User
    window: OrderWindow
    joined: WindowCommunity

    def read(self, content: bytes | str) -> Import:
        data = content.encode() if isinstance(content, str) else content
        with transaction.atomic():
            upload = store_upload(
                kind="orders",
                subject=("window_community", self.joined.pk),
                filename="接龙",
                content=data,
                actor=SETUP,
                at=clock.now(),
            )
        return read_upload(import_id=upload.pk)

    def store(self, upload: Import) -> Import:
        with transaction.atomic():
            confirm(upload=upload, actor=SETUP, at=clock.now())
        assert apply_slice(import_id=upload.pk)
        upload.refresh_from_db()
        return upload

    def choose(self, upload: Import, number: int, how: str) -> None:
        self.mend(upload, number, how=how)

    def mend(self, upload: Import, number: int, **texts: str) -> None:
        with transaction.atomic():
            mend_row(upload=upload, number=number, texts=texts, actor=SETUP)

    def orders(self) -> dict[str, dict[str, int]]:
        """`house-room` → goods by name, of the orders that stand; two orders of a household are both shown."""
        found: dict[str, dict[str, int]] = {}
        rows = Order.objects.filter(window=self.window, status=OrderStatus.PLACED)
        for order in rows.select_related("household__building").order_by("number"):
            door = f"{order.household.building.number}-{order.household.room}"
            while door in found:
                door += "+"
            lines = OrderLine.objects.filter(order=order).order_by("offer__short_number")
            found[door] = dict(lines.values_list("offer__name", "quantity"))
        return found


def make_goods(supplier: Supplier) -> None:
    Product.objects.bulk_create(
        Product(supplier=supplier, name=name, spec=spec, unit=unit, price_fen=price)
        for name, spec, unit, price in GOODS
    )


def make_place(**rules: object) -> Place:
    rooms = [f"{floor}0{flat}" for floor in range(1, 7) for flat in range(1, 4)]
    community = make_community(rooms=rooms)
    building(community, "2", *rooms)
    supplier = make_supplier(community, prices_fen=())
    make_goods(supplier)
    organiser = make_staff(community)
    window = make_window(community, supplier=supplier, organiser=organiser, **rules)  # type: ignore[arg-type]
    return Place(community, organiser, window, window.joined.get())


@pytest.fixture(scope="module")
def module_place(shared_db: None) -> Place:
    """Where no test is transactional, the module's own `place` is a copy of it."""
    make_place()
    return make_place()


@pytest.fixture
def place(db: None) -> Place:
    make_place()
    return make_place()


@pytest.fixture
def browser(place: Place) -> Client:
    return signed_in(place.organiser)


def codes_of(upload: Import) -> dict[int, list[str]]:
    """Row → codes of its reasons, remarks left out."""
    rows = upload.rows.order_by("number").values_list("number", "reasons")
    return {number: [r["code"] for r in reasons if r["level"] != "ok"] for number, reasons in rows}


Jobs = Callable[[], None]
