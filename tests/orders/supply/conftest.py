"""A round just after its cutoff: three households, one product sold in fours, one with a cap."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from communities.models import Community, User
from config.kernel.audit import AuditEntry
from orders.models import Allocation, Order, OrderWindow, SupplierOrder
from tests import factories as make


@dataclass
class Round:
    community: Community
    organiser: User
    checker: User
    window: OrderWindow

    @property
    def current(self) -> SupplierOrder:
        return self.window.supplier_orders.latest("revision")

    def order(self, room: str) -> Order:
        return Order.objects.get(window=self.window, household__room=room)

    def revisions(self) -> list[tuple[int, str]]:
        return list(
            self.window.supplier_orders.order_by("revision").values_list("revision", "status")
        )

    def allocations(self) -> dict[str, list[tuple[int, str, str]]]:
        """By room: (quantity, cause, reason) of each line in menu order."""
        rows = Allocation.objects.filter(window=self.window).order_by("line__offer")
        found: dict[str, list[tuple[int, str, str]]] = {}
        for row in rows.select_related("line__order__household"):
            room = row.line.order.household.room
            found.setdefault(room, []).append((row.quantity, row.cause, row.reason))
        return found

    def actions(self) -> list[tuple[str, str, int]]:
        entries = AuditEntry.objects.filter(subject_kind="supplier_order").order_by("pk")
        return [(entry.action, entry.actor_kind, entry.actor_id) for entry in entries]


@pytest.fixture
def round_() -> Round:
    """101 wants 2 + 1, 102 wants 3, 103 wants 1 of the second; a neighbouring round is released already."""
    community = make.make_community(rooms=("101", "102", "103"))
    organiser, checker = make.make_staff(community), make.make_staff(community)
    window = make.make_window(community, organiser=organiser)
    make.order(window, make.household(community, "101"), 2, 1)
    make.order(window, make.household(community, "102"), 3)
    make.order(window, make.household(community, "103"), 0, 1)
    neighbour = make.make_window(make.make_community())
    make.order(neighbour, make.household(neighbour.community), 5)
    make.release(neighbour, organiser)
    make.prepare(window)
    AuditEntry.objects.all().delete()
    return Round(community, organiser, checker, window)
