"""The same orders once more in an empty database, undisturbed: what the files would have been."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import override_settings

from config.kernel import clock, jobs
from config.kernel.audit import Actor
from config.kernel.jobs import Job
from orders.models import Order, OrderFile
from orders.placing.placing import place_order
from orders.placing.wishes import Wish
from tests.faults import town as towns
from tests.faults.book import Book, Entry
from tests.faults.organiser import Organiser
from tests.faults.stage import Stage
from tests.faults.town import Seat, Town
from volunteers.models import PickListFile

# What a file is of, and its SHA-256.
Files = dict[tuple[str, ...], str]


@dataclass(frozen=True)
class Wanted:
    """An order as its buyer was told it stands. `lines`: (position on the menu, quantity, tolerance)."""

    user_id: int
    window: int
    lines: tuple[tuple[int, int, int], ...]
    wished_at: datetime


def stored_files() -> Files:
    """Of every round in this database."""
    found: Files = {}
    for file in OrderFile.objects.select_related("supplier_order"):
        order = file.supplier_order
        found[f"{order.number} r{order.revision}", file.kind, file.format] = file.sha256
    for sheet in PickListFile.objects.select_related("pick_list__supplier_order", "pick_list"):
        pick_list = sheet.pick_list
        what = f"{pick_list.supplier_order.number} r{pick_list.revision}"
        found[what, f"building {pick_list.building_id}", sheet.kind, sheet.format] = sheet.sha256
    return found


def standing(book: Book, town: Town) -> list[Wanted]:
    """What residents were told they have, in the order of their wishes; only the time of a wish is the database's."""
    positions = {
        str(good.id): place for menu in town.menus.values() for place, good in enumerate(menu)
    }
    windows = {str(window.public_id): window.pk for window in town.windows}
    wished = {str(key): at for key, at in Order.objects.values_list("public_id", "wished_at")}
    orders: dict[str, tuple[int, int, Any]] = {}
    for entry in book.entries.values():
        _follow(entry, orders, windows)
    return sorted(
        (
            Wanted(user, window, _lines(body, positions), wished[order])
            for order, (user, window, body) in orders.items()
            if order in wished
        ),
        key=lambda wanted: wanted.wished_at,
    )


def _follow(entry: Entry, orders: dict[str, tuple[int, int, Any]], windows: dict[str, int]) -> None:
    """Each order's commands were sent one after the other, so the book has them in their order."""
    if entry.success is None:
        return
    _empty, kind, name, *rest = entry.path.split("/")
    user = int(entry.principal.removeprefix("user:"))
    if kind == "windows":
        orders.setdefault(str(json.loads(entry.success)["id"]), (user, windows[name], entry.body))
    elif rest:
        orders.pop(name)
    else:
        orders[name] = (user, orders[name][1], entry.body)


def _lines(body: Any, positions: dict[str, int]) -> tuple[tuple[int, int, int], ...]:
    return tuple(
        (positions[line["offer"]], line["quantity"], line["tolerance"]) for line in body["lines"]
    )


def replay(
    stage: Stage, wanted: Sequence[Wanted], *, opens_at: datetime, cutoffs: Sequence[datetime]
) -> Files:
    """Build the same town, place the same orders, let it close; the hashes of its files."""
    stage.fresh_database()
    # The clock goes back to the opening, and runs on from there.
    offset = int((opens_at - clock.now()).total_seconds()) + 1
    with override_settings(CLOCK_OFFSET_SECONDS=offset):
        town = towns.build(opens_at, cutoffs)
    seats = {seat.user_id: seat for seat in town.seats}
    for each in wanted:
        offset = int((opens_at - clock.now()).total_seconds()) + 1
        with override_settings(CLOCK_OFFSET_SECONDS=offset), transaction.atomic():
            place(town, seats[each.user_id], each)
    organiser = Organiser(stage, town.organiser)
    do_all()
    organiser.look()
    do_all()
    return stored_files()


def place(town: Town, seat: Seat, wanted: Wanted) -> None:
    """Through the verb, while all windows are open; then it has the time of its wish. Needs a transaction."""
    menu = town.menus[wanted.window]
    wishes = [Wish(UUID(str(menu[place].id)), pieces, more) for place, pieces, more in wanted.lines]
    placed = place_order(
        window_id=wanted.window,
        community_id=seat.community_id,
        household_id=seat.household_id,
        actor=Actor("user", seat.user_id),
        wishes=wishes,
        expected_total_fen=sum(
            menu[place].price_fen * pieces for place, pieces, _more in wanted.lines
        ),
    )
    # Nobody wishes after he has ordered: the database refuses that.
    Order.objects.filter(pk=placed.id).update(
        wished_at=wanted.wished_at, placed_at=wanted.wished_at
    )


def do_all() -> None:
    """All background work, in this process."""
    deadline = clock.now() + timedelta(minutes=2)
    while clock.now() < deadline:
        Job.objects.filter(done_at=None).update(rung_at=None)
        ids = jobs.sweep()
        if not ids:
            return
        for job_id in ids:
            jobs.run(job_id)
