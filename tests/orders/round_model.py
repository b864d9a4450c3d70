"""A round played at random against a model of plain dictionaries: every answer, and after every step every figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from config.kernel import clock
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from orders.consolidation.rounding import ordered_quantity
from orders.models import (
    Allocation,
    Offer,
    Order,
    OrderLine,
    OrderWindow,
    SupplierOrder,
    SupplierOrderLine,
    WaitingWish,
)
from orders.placing.placing import cancel_order, change_order
from orders.placing.proxy import Proxy
from orders.placing.wishes import Wish
from orders.supply.adding import add_late_order
from orders.supply.dropping import drop_order
from orders.supply.pulling import acknowledge
from orders.supply.releasing import undo_release
from orders.waiting.joining import join_waiting, leave_waiting
from orders.waiting.line import MOST_WITHOUT_LIMIT
from orders.waiting.serving import serve_next
from orders.windows.cancelling import cancel_window
from orders.windows.closing import close_window
from orders.windows.drafting import set_offer
from orders.windows.limits import set_category_limit
from orders.windows.reopening import reopen_window
from tests import factories as make

ROOMS = ("101", "102", "103")
PRICES = (390, 1250, 100)
# Offer 0 has a cap, offer 1 a limit per household, offer 2 is sold in threes.
LIMIT, MULTIPLE = 4, 3
# Of offers 1 and 2 together a household may have so many.
MEAT, MEAT_LIMIT = "肉类", 9

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
    """Time is in minutes since the window opened. `told`: a supplier has ever been sent a revision."""

    cap: int = 12
    now: int = 0
    closes_at: int = 60
    status: str = "open"
    revision: int = 0
    papers: dict[int, Paper] = field(default_factory=dict)
    # Who waits for offer 0, in the order of joining: wish → room, pieces.
    line: dict[int, tuple[str, int]] = field(default_factory=dict)
    ended: dict[int, str] = field(default_factory=dict)
    released: bool = False
    acknowledged: bool = False
    told: bool = False

    @property
    def takes_orders(self) -> bool:
        return self.status == "open" and self.now < self.closes_at

    def fates(self, old: str, new: str) -> None:
        for paper in self.papers.values():
            if paper.fate == old:
                paper.fate = new

    def wants(self, offer: int, room: str | None = None, *, but: int = 0) -> tuple[int, int]:
        """Wanted and tolerated by placed orders that were not taken off; of one household, without one order."""
        found = [
            paper.lines.get(offer, (0, 0))
            for pk, paper in self.papers.items()
            if paper.fate == "placed" and room in (None, paper.room) and pk != but
        ]
        return sum(q for q, _t in found), sum(t for _q, t in found)

    @property
    def left(self) -> int:
        """Of offer 0 for who orders in the ordinary way: what the line can be served from is its own."""
        free = self.cap - self.wants(0)[0]
        fitting = sum(pieces for _room, pieces in self.line.values() if pieces <= free)
        return max(0, free - fitting)

    def refusal(self, room: str, lines: Lines, *, but: int = 0) -> str | None:
        """The code of the error that these lines must meet."""
        return self.too_much(room, lines, but=but) if self.takes_orders else "window_not_open"

    def late_refusal(self, room: str, lines: Lines) -> str | None:
        """The same after the cutoff."""
        if self.status != "closed":
            return "not_closed"
        return "already_released" if self.released else self.too_much(room, lines)

    def too_much(self, room: str, lines: Lines, *, but: int = 0) -> str | None:
        """What was taken off after the cutoff is free again, and counts in no limit."""
        had = {n: sum(self.wants(n, room, but=but)) for n in (1, 2)}
        if 1 in lines and had[1] + sum(lines[1]) > LIMIT:
            return "over_limit"
        wanted = [sum(lines[offer]) for offer in (1, 2) if offer in lines]
        if wanted and sum(had.values()) + sum(wanted) > MEAT_LIMIT:
            return "over_category_limit"
        held = self.papers[but].lines.get(0, (0, 0))[0] if but else 0
        more = lines.get(0, (0, 0))[0] - held
        return "sold_out" if more > self.left and more > 0 else None

    def refusal_to_wait(self, room: str, pieces: int) -> str | None:
        if not self.takes_orders:
            return "window_not_open"
        if self.left:
            return "not_sold_out"
        if room in [own for own, _pieces in self.line.values()]:
            return "already_waiting"
        most = min(MOST_WITHOUT_LIMIT, self.cap - self.wants(0, room)[0])
        return "too_many_to_wait_for" if pieces > most else None

    def first_that_fits(self) -> int | None:
        if not self.takes_orders:
            return None
        free = self.cap - self.wants(0)[0]
        return next((wish for wish, (_room, pieces) in self.line.items() if pieces <= free), None)

    def ordered(self, offer: int) -> int:
        quantity, tolerance = self.wants(offer)
        multiple = MULTIPLE if offer == 2 else 1
        return ordered_quantity(wanted=quantity, tolerance=tolerance, multiple=multiple)


class RoundMachine(RuleBasedStateMachine):
    orders = Bundle("orders")
    places = Bundle("places")

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.offset = settings.CLOCK_OFFSET_SECONDS
        self.community = make.make_community(rooms=ROOMS)
        self.organiser = make.make_staff(self.community)
        supplier = make.make_supplier(self.community, prices_fen=PRICES)
        supplier.products.exclude(name="商品1").update(category=MEAT)
        self.window = make.make_window(
            self.community,
            organiser=self.organiser,
            supplier=supplier,
            state="draft",
            offers=[
                {"cap": self.model.cap},
                {"household_limit": LIMIT},
                {"order_multiple": MULTIPLE},
            ],
        )
        set_category_limit(
            window=self.window, category=MEAT, household_limit=MEAT_LIMIT, actor=make.SETUP
        )
        make.open_now(self.window)
        self.offers = make.offers_of(self.window)

    def teardown(self) -> None:
        settings.CLOCK_OFFSET_SECONDS = self.offset
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
        expected = None if self.model.takes_orders else "window_not_open"
        if paper.fate == "cancelled":
            expected = "order_cancelled"
        self.check(expected, cancel_order, order=Order.objects.get(pk=pk), actor=make.SETUP)
        if expected is None:
            paper.fate = "cancelled"

    @rule(target=places, room=st.sampled_from(ROOMS), pieces=st.integers(1, 7))
    def join(self, room: str, pieces: int) -> int:
        joined = self.check(
            self.model.refusal_to_wait(room, pieces),
            join_waiting,
            window_id=self.window.pk,
            community_id=self.community.pk,
            household_id=make.household(self.community, room).pk,
            actor=make.SETUP,
            offer=self.offers[0].public_id,
            quantity=pieces,
            expected_total_fen=PRICES[0] * pieces,
        )
        if joined is None:
            return 0
        self.model.line[joined.pk] = (room, pieces)
        return int(joined.pk)

    @rule(pk=places)
    def leave(self, pk: int) -> None:
        if pk == 0:
            return
        expected = None if pk in self.model.line else "not_waiting"
        self.check(expected, leave_waiting, wish=WaitingWish.objects.get(pk=pk), actor=make.SETUP)
        if expected is None:
            del self.model.line[pk]
            self.model.ended[pk] = "left"

    @rule()
    def serve(self) -> None:
        """The background's try, whenever it comes."""
        while (first := self.model.first_that_fits()) is not None:
            assert serve_next(offer_id=self.offers[0].pk)
            room, pieces = self.model.line.pop(first)
            self.model.ended[first] = "served"
            order = Order.objects.get(waited_for=first)
            self.model.papers[order.pk] = Paper(room, {0: (pieces, 0)})
            assert order.number == len(self.model.papers)
        assert not serve_next(offer_id=self.offers[0].pk)

    @rule(cap=st.integers(1, 20))
    def restock(self, cap: int) -> None:
        expected = "cap_too_low" if cap < self.model.wants(0)[0] else None
        expected = expected if self.model.status == "open" else "window_published"
        self.check(expected, set_offer, offer=self.offers[0], cap=cap, actor=make.SETUP)
        if expected is None:
            self.model.cap = cap

    @rule(minutes=st.integers(1, 45))
    def wait(self, minutes: int) -> None:
        settings.CLOCK_OFFSET_SECONDS += 60 * minutes
        self.model.now += minutes

    @rule()
    def close(self) -> None:
        """The background's try, whenever it comes."""
        expected = "not_due" if self.model.now < self.model.closes_at else None
        expected = expected if self.model.status == "open" else "stale_status"
        status = self.check(expected, close_window, window_id=self.window.pk)
        if expected is None:
            wanted = any(paper.fate == "placed" for paper in self.model.papers.values())
            self.model.status = "closed" if wanted else "cancelled"
            self.model.revision += wanted
            assert status == self.model.status

    @rule(minutes=st.integers(1, 90))
    def reopen(self, minutes: int) -> None:
        expected = "supplier_told" if self.model.told else None
        expected = expected if self.model.status == "closed" else "stale_status"
        closes_at = clock.database_now() + timedelta(minutes=minutes)
        self.check(
            expected,
            reopen_window,
            window=self.window,
            closes_at=closes_at,
            actor=make.SETUP,
            reason="power cut",
        )
        if expected is None:
            self.model.status, self.model.closes_at = "open", self.model.now + minutes
            self.model.fates("dropped", "cancelled")

    @precondition(lambda self: len(self.model.papers) >= 6)
    @rule()
    def call_off(self) -> None:
        expected = "illegal_transition" if self.model.status == "cancelled" else None
        window = OrderWindow.objects.get(pk=self.window.pk)
        self.check(expected, cancel_window, window=window, actor=make.SETUP, reason="no lorry")
        if expected is None:
            self.model.status = "cancelled"
            self.model.revision += self.model.told
            for fate in ("placed", "dropped"):
                self.model.fates(fate, "cancelled")

    @rule(pk=orders)
    def take_off(self, pk: int) -> None:
        paper = self.model.papers.get(pk)
        if paper is None:
            return
        expected = None if self.model.status == "closed" else "before_cutoff"
        expected = "order_cancelled" if paper.fate == "cancelled" else expected
        order = Order.objects.get(pk=pk)
        self.check(expected, drop_order, order=order, actor=make.SETUP, reason="moved away")
        if expected is None:
            self.model.revision += paper.fate == "placed"
            paper.fate = "dropped"

    @rule(target=orders, room=st.sampled_from(ROOMS), lines=wanted)
    def add_late(self, room: str, lines: Lines) -> int:
        expected = self.model.late_refusal(room, lines)
        placed = self.check(
            expected,
            add_late_order,
            window_id=self.window.pk,
            household=make.household(self.community, room),
            actor=make.SETUP,
            wishes=self.wishes(lines),
            expected_total_fen=sum(PRICES[offer] * q for offer, (q, _t) in lines.items()),
            proxy=Proxy("phone"),
            reason="the phone was engaged",
        )
        if placed is None:
            return 0
        self.model.papers[placed.id] = Paper(room, lines)
        self.model.revision += 1
        assert placed.number == len(self.model.papers)
        return int(placed.id)

    @precondition(lambda self: self.model.status == "closed")
    @rule()
    def release(self) -> None:
        """Of the first revision, or of whatever is wanted since."""
        prepared = make.prepare(self.window)
        if prepared.status == "prepared":
            make.release(self.window, self.organiser)
            self.model.released, self.model.acknowledged = True, False
            self.model.told = True
        self.compare_supplier_order()

    @precondition(lambda self: self.model.released and self.model.status == "closed")
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
        expected = expected if self.model.status == "closed" else "stale_status"
        self.check(expected, undo_release, supplier_order=order, actor=make.SETUP, reason="wrong")
        if expected is None:
            self.model.released = False
            self.model.revision += 1

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
        assert (cap, taken) == (self.model.cap, self.model.wants(0)[0])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @invariant()
    def the_line_is_as_the_model_has_it(self) -> None:
        waiting = dict.fromkeys(self.model.line, "waiting")
        rows = WaitingWish.objects.filter(window=self.window).values_list("pk", "status")
        assert dict(rows) == waiting | self.model.ended
        counted = Offer.objects.values_list("waiting", flat=True).get(pk=self.offers[0].pk)
        assert counted == sum(pieces for _room, pieces in self.model.line.values())

    @invariant()
    def the_round_stands_where_the_model_has_it(self) -> None:
        window = OrderWindow.objects.get(pk=self.window.pk)
        assert (window.status, window.demand_revision) == (self.model.status, self.model.revision)
        revisions = SupplierOrder.objects.filter(window=window)
        assert revisions.filter(status="released").count() == self.model.released
        assert revisions.filter(status__in=["prepared", "checked"]).count() <= 1

    @invariant()
    def no_order_is_late(self) -> None:
        late = Order.objects.filter(window=self.window, placed_at__gte=F("window__closes_at"))
        late = late.exclude(channel="late")
        assert not late.exists()
