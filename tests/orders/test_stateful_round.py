"""A round played at random against a model of plain dictionaries: every answer, and after every step every figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from orders.consolidation.rounding import ordered_quantity
from orders.models import Allocation, Offer, Order, OrderLine, SupplierOrder, SupplierOrderLine
from orders.placing.placing import cancel_order, change_order
from orders.placing.wishes import Wish
from orders.supply.dropping import drop_order
from orders.supply.pulling import acknowledge
from orders.supply.releasing import undo_release
from orders.windows.drafting import set_offer
from tests import factories as make

ROOMS = ("101", "102", "103")
PRICES = (390, 1250, 100)
# Offer 0 has a cap, offer 1 a limit per household, offer 2 is sold in threes.
LIMIT, MULTIPLE = 4, 3

Lines = dict[int, tuple[int, int]]
wanted = st.dictionaries(
    st.integers(0, 2), st.tuples(st.integers(1, 4), st.integers(0, 2)), min_size=1
)


@dataclass
class Paper:
    """An order as the model knows it; `fate` is placed, cancelled or dropped."""

    room: str
    lines: Lines
    fate: str = "placed"


@dataclass
class Model:
    cap: int = 12
    closed: bool = False
    papers: dict[int, Paper] = field(default_factory=dict)
    released: bool = False
    acknowledged: bool = False

    def wants(self, offer: int, room: str | None = None, *, but: int = 0) -> tuple[int, int]:
        """Wanted and tolerated by placed orders that were not taken off; of one household, without one order."""
        found = [
            paper.lines.get(offer, (0, 0))
            for pk, paper in self.papers.items()
            if paper.fate == "placed" and room in (None, paper.room) and pk != but
        ]
        return sum(q for q, _t in found), sum(t for _q, t in found)

    def refusal(self, room: str, lines: Lines, *, but: int = 0) -> str | None:
        """The code of the error that these lines must meet."""
        if self.closed:
            return "window_not_open"
        if 1 in lines and sum(self.wants(1, room, but=but)) + sum(lines[1]) > LIMIT:
            return "over_limit"
        if 0 in lines and self.wants(0, but=but)[0] + lines[0][0] > self.cap:
            return "sold_out"
        return None

    def ordered(self, offer: int) -> int:
        quantity, tolerance = self.wants(offer)
        multiple = MULTIPLE if offer == 2 else 1
        return ordered_quantity(wanted=quantity, tolerance=tolerance, multiple=multiple)


class RoundMachine(RuleBasedStateMachine):
    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.community = make.make_community(rooms=ROOMS)
        self.organiser = make.make_staff(self.community)
        self.window = make.make_window(
            self.community,
            organiser=self.organiser,
            supplier=make.make_supplier(self.community, prices_fen=PRICES),
            offers=[
                {"cap": self.model.cap},
                {"household_limit": LIMIT},
                {"order_multiple": MULTIPLE},
            ],
        )
        self.offers = make.offers_of(self.window)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def wishes(self, lines: Lines) -> list[Wish]:
        return [Wish(self.offers[offer].public_id, *numbers) for offer, numbers in lines.items()]

    def check(self, expected: str | None, verb: Any, **arguments: Any) -> Any:
        """Run the verb; it must be refused with exactly this code, or not at all."""
        code, result = None, None
        try:
            with transaction.atomic():
                result = verb(**arguments)
        except DomainError as error:
            code = error.code
        assert code == expected
        return result

    @rule(target=orders, room=st.sampled_from(ROOMS), lines=wanted)
    def place(self, room: str, lines: Lines) -> int:
        home = make.household(self.community, room)
        placed = self.check(
            self.model.refusal(room, lines),
            make.place_wishes,
            window=self.window,
            home=home,
            wishes=self.wishes(lines),
        )
        if placed is None:
            return 0
        self.model.papers[placed.id] = Paper(room, lines)
        assert placed.number == len(self.model.papers)
        return int(placed.id)

    @rule(pk=orders, lines=wanted)
    def change(self, pk: int, lines: Lines) -> None:
        paper = self.model.papers.get(pk)
        if paper is None:
            return
        gone = "order_cancelled" if paper.fate == "cancelled" else None
        expected = gone or self.model.refusal(paper.room, lines, but=pk)
        self.check(
            expected,
            change_order,
            order=Order.objects.get(pk=pk),
            actor=make.SETUP,
            wishes=self.wishes(lines),
            expected_total_fen=sum(PRICES[offer] * q for offer, (q, _t) in lines.items()),
        )
        if expected is None:
            paper.lines = lines

    @rule(pk=orders)
    def cancel(self, pk: int) -> None:
        paper = self.model.papers.get(pk)
        if paper is None:
            return
        expected = "window_not_open" if self.model.closed else None
        if paper.fate == "cancelled":
            expected = "order_cancelled"
        self.check(expected, cancel_order, order=Order.objects.get(pk=pk), actor=make.SETUP)
        if expected is None:
            paper.fate = "cancelled"

    @rule(cap=st.integers(1, 20))
    def restock(self, cap: int) -> None:
        expected = "cap_too_low" if cap < self.model.wants(0)[0] else None
        expected = "window_published" if self.model.closed else expected
        self.check(expected, set_offer, offer=self.offers[0], cap=cap, actor=make.SETUP)
        if expected is None:
            self.model.cap = cap

    @precondition(
        lambda self: (
            not self.model.closed and any(p.fate == "placed" for p in self.model.papers.values())
        )
    )
    @rule()
    def cutoff(self) -> None:
        make.close(self.window)
        assert self.window.status == "closed"
        self.model.closed = True

    @precondition(lambda self: self.model.closed)
    @rule(pk=orders)
    def take_off(self, pk: int) -> None:
        paper = self.model.papers.get(pk)
        if paper is None:
            return
        expected = "order_cancelled" if paper.fate == "cancelled" else None
        order = Order.objects.get(pk=pk)
        self.check(expected, drop_order, order=order, actor=make.SETUP, reason="moved away")
        if expected is None:
            paper.fate = "dropped"

    @precondition(lambda self: self.model.closed)
    @rule()
    def release(self) -> None:
        prepared = make.prepare(self.window)
        if prepared.status == "prepared":
            make.release(self.window, self.organiser)
            self.model.released, self.model.acknowledged = True, False
        self.compare_supplier_order()

    @precondition(lambda self: self.model.released)
    @rule()
    def acknowledge(self) -> None:
        order = SupplierOrder.objects.get(window=self.window, status="released")
        self.check(None, acknowledge, supplier_order=order, actor=Actor("supplier_key", 1))
        self.model.acknowledged = True

    @precondition(lambda self: self.model.released)
    @rule()
    def undo(self) -> None:
        order = SupplierOrder.objects.get(window=self.window, status="released")
        expected = "acknowledged" if self.model.acknowledged else None
        self.check(expected, undo_release, supplier_order=order, actor=make.SETUP, reason="wrong")
        if expected is None:
            self.model.released = False

    def compare_supplier_order(self) -> None:
        """What is asked of the supplier and what is handed out, right after a release."""
        order = SupplierOrder.objects.get(window=self.window, status="released")
        lines = SupplierOrderLine.objects.filter(supplier_order=order)
        asked = dict(lines.values_list("position", "ordered"))
        expected = {n + 1: self.model.ordered(n) for n in range(3) if self.model.wants(n)[0]}
        assert asked == expected
        given: dict[int, int] = {}
        for row in Allocation.objects.filter(window=self.window).select_related(
            "line__offer", "line__order"
        ):
            if self.model.papers[row.line.order_id].fate == "dropped":
                assert (row.quantity, row.cause) == (0, "dropped")
            assert row.quantity <= row.line.quantity + row.line.tolerance
            position = row.line.offer.short_number
            given[position] = given.get(position, 0) + row.quantity
        assert {position: given.get(position, 0) for position in asked} == asked

    @invariant()
    def every_line_is_as_the_model_has_it(self) -> None:
        stored: dict[int, Lines] = {pk: {} for pk in self.model.papers}
        for line in OrderLine.objects.filter(window=self.window).select_related("offer"):
            stored[line.order_id][line.offer.short_number - 1] = (line.quantity, line.tolerance)
        assert stored == {pk: paper.lines for pk, paper in self.model.papers.items()}
        statuses = dict(Order.objects.filter(window=self.window).values_list("pk", "status"))
        assert statuses == {
            pk: "cancelled" if paper.fate == "cancelled" else "placed"
            for pk, paper in self.model.papers.items()
        }

    @invariant()
    def pieces_are_counted_and_constraints_hold(self) -> None:
        cap, taken = Offer.objects.values_list("cap", "taken").get(pk=self.offers[0].pk)
        live = [paper for paper in self.model.papers.values() if paper.fate != "cancelled"]
        assert (cap, taken) == (self.model.cap, sum(p.lines.get(0, (0, 0))[0] for p in live))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
def test_round_at_random_is_as_the_model_says() -> None:
    run_state_machine_as_test(
        RoundMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
