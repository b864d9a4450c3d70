"""The round of 99 households, closed and filed by real workers and beat: seconds that a volunteer waits."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import monotonic, sleep

from django.db import transaction

from benchmarks.running import workers
from communities.models import Household, User
from config.kernel import clock
from config.kernel.audit import Actor
from orders.files.writing import ORDER_WRITERS
from orders.models import OrderFile, OrderWindow, SupplierOrder
from orders.placing.placing import place_order
from orders.placing.wishes import Wish
from orders.supply import releasing
from orders.windows import drafting, opening
from seeds.demo.baskets import Good, all_wishes
from seeds.wanping.plan import BUILDINGS, homes
from seeds.wanping.planting import Planted, plant
from volunteers.models import PickList

# Cutoffs and releases at so many parts of a second, since beat ticks and nobody knows when.
PHASES = (0.0, 0.25, 0.5, 0.75, 0.9)
_LEAD = timedelta(seconds=2)
_LOOK_EVERY = 0.02
_PATIENCE = 120.0
_ACTOR = Actor("command")


def measure() -> dict[str, float]:
    """The slowest of five rounds, and the median.

    To files: from closes_at until another connection sees every order file. To sheets: from the commit of the release,
    which rings no bell, until it sees the last sheet of four buildings.
    """
    planted = plant(password=None, keep=lambda _credentials: None)
    organiser = User.objects.get(username="organiser")
    files, sheets = [], []
    with workers(Path(os.environ["VAR_DIR"])):
        # The first round waits for the processes to come up.
        for number, phase in enumerate((0.0, *PHASES)):
            window = order_round(planted, organiser)
            to_files = _close(window, phase)
            to_sheets = _release(window, organiser, phase)
            if number:
                files.append(to_files)
                sheets.append(to_sheets)
    return {
        "wanping_close_to_files_seconds": max(files),
        "wanping_close_to_files_median_seconds": median(files),
        "wanping_release_to_sheets_seconds": max(sheets),
        "wanping_release_to_sheets_median_seconds": median(sheets),
    }


def order_round(planted: Planted, organiser: User) -> OrderWindow:
    """An open round in which every household that orders has ordered what it orders in the demo."""
    window = _open(planted, organiser)
    offers = {offer.name: offer for offer in window.offers.all()}
    goods = [Good(offer.name, offer.category, offer.price_fen) for offer in offers.values()]
    doors = {
        (home.building.number, home.room): home.pk
        for home in Household.objects.filter(community=planted.community).select_related("building")
    }
    for wish in all_wishes(homes(), goods):
        basket = [(offers[name], pieces) for name, pieces in wish.basket.items()]
        with transaction.atomic(durable=True):
            place_order(
                window_id=window.pk,
                community_id=planted.community.pk,
                household_id=doors[wish.home.building, wish.home.room],
                actor=_ACTOR,
                wishes=[Wish(offer.public_id, pieces) for offer, pieces in basket],
                expected_total_fen=sum(offer.price_fen * pieces for offer, pieces in basket),
            )
    return window


def _open(planted: Planted, organiser: User) -> OrderWindow:
    moment = clock.database_now()
    with transaction.atomic(durable=True):
        window = drafting.draft_window(
            community=planted.community,
            supplier=planted.supplier,
            opens_at=moment - timedelta(minutes=1),
            closes_at=moment + timedelta(hours=1),
            actor=organiser,
        )
        goods = planted.supplier.products.order_by("pk")
        drafting.offer_products(window=window, products=goods, actor=_ACTOR)
        opening.make_ready(window=window, actor=_ACTOR)
        opening.open_window(window=window, actor=_ACTOR)
    return window


def _close(window: OrderWindow, phase: float) -> float:
    cutoff = _next(phase)
    OrderWindow.objects.filter(pk=window.pk).update(closes_at=cutoff)
    filed = SupplierOrder.objects.filter(window=window, filed_at__isnull=False)
    seconds = _seconds_until(filed.exists, since=cutoff)
    if OrderFile.objects.filter(supplier_order__window=window).count() != len(ORDER_WRITERS):
        raise RuntimeError("not every file is there")
    return seconds


def _release(window: OrderWindow, organiser: User, phase: float) -> float:
    order = SupplierOrder.objects.get(window=window)
    with transaction.atomic(durable=True):
        releasing.check_order(supplier_order=order, actor=organiser)
    begins = _next(phase)
    sleep(max(0.0, (begins - clock.database_now()).total_seconds()))
    order.refresh_from_db()
    with transaction.atomic(durable=True):
        releasing.release_order(supplier_order=order, actor=organiser)
    released = clock.database_now()
    filed = PickList.objects.filter(window=window, filed_at__isnull=False)
    return _seconds_until(lambda: filed.count() == len(BUILDINGS), since=released)


def _next(phase: float) -> datetime:
    """In two or three seconds, at that part of a second."""
    return clock.database_now().replace(microsecond=0) + _LEAD + timedelta(seconds=phase)


def _seconds_until(is_done: Callable[[], bool], *, since: datetime) -> float:
    deadline = monotonic() + _PATIENCE
    while not is_done():
        if monotonic() > deadline:
            raise RuntimeError("the workers have not done it")
        sleep(_LOOK_EVERY)
    return (clock.database_now() - since).total_seconds()
