"""A round with everything in it that can differ: two communities, an order multiple, a cap, a second revision."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from communities.models import Community, Household, User
from config.kernel.audit import Actor
from orders.models import OrderWindow, SupplierOrder
from orders.supply.dropping import drop_order
from orders.supply.releasing import check_order, release_order
from tests import factories as make
from tests.jobs import run_all


@dataclass(frozen=True)
class Round:
    window: OrderWindow
    organiser: User
    first: Community
    second: Community


def open_round() -> Round:
    """Orders of four households; the first product comes in fours, of the second there are nine."""
    first = make.make_community("南苑", rooms=("101", "102", "1101"))
    second = make.make_community("北苑", rooms=("201",))
    make.building(first, "2", "301")
    organiser = make.make_staff(first)
    window = make.make_window(
        first,
        others=[second],
        supplier=make.make_supplier(first, second, prices_fen=(390, 1250, 800)),
        organiser=organiser,
        offers=[{"order_multiple": 4}, {"cap": 9}, {"household_limit": 3}],
    )
    make.order(window, make.household(first, "101"), 3, 2, 1)
    make.order(window, make.household(first, "102"), 5, 1)
    make.order(window, make.household(first, "301"), 0, 3, 3)
    make.order(window, make.household(second, "201"), 4, 1, 2)
    return Round(window, organiser, first, second)


def play_to_second_revision(played: Round) -> None:
    """Closed, released, one order taken off, released again, all files and sheets made."""
    late = make.order(played.window, Household.objects.get(room="1101"), 0, 2)
    make.pass_cutoff(played.window)
    run_all()
    release(played)
    run_all()
    with transaction.atomic():
        actor = Actor("user", played.organiser.pk)
        drop_order(order=late, actor=actor, reason="搬走了")
    run_all()
    release(played)
    run_all()
    played.window.refresh_from_db()


def release(played: Round) -> None:
    """Check and release the newest revision."""
    for verb in (check_order, release_order):
        newest = SupplierOrder.objects.filter(window=played.window).order_by("-revision")[0]
        with transaction.atomic():
            verb(supplier_order=newest, actor=played.organiser)
