"""Pieces come free while a line is served by several hands and newcomers order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum

from communities.models import Household
from orders.models import Offer, Order, OrderLine, OrderWindow, WaitingWish
from orders.placing import statements
from orders.placing.errors import SoldOut
from orders.placing.placing import PlacedOrder, cancel_order
from orders.waiting import serving
from orders.waiting.joining import join_waiting, leave_waiting
from tests import factories as make
from tests.concurrency.interleaving import Gate, after, wait_until_somebody_waits_for_a_lock
from tests.connections import at_once, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 10
Look = Callable[[Sequence[int]], dict[int, int]]


class Queue:
    """Ten pieces with ten households, and ten more who wait for one each."""

    def __init__(self) -> None:
        rooms = [f"{number:03}" for number in range(4 * BUYERS)]
        self.community = make.make_community(rooms=rooms)
        self.window: OrderWindow = make.make_window(self.community, offers=[{"cap": BUYERS}])
        self.offer = make.offers_of(self.window)[0]
        homes = list(Household.objects.filter(community=self.community).order_by("pk"))
        self.sold = [make.order(self.window, home, 1) for home in homes[:BUYERS]]
        self.line = [self.join(home) for home in homes[BUYERS : 2 * BUYERS]]
        self.newcomers = homes[2 * BUYERS :]

    @transaction.atomic
    def join(self, home: Household) -> WaitingWish:
        return join_waiting(
            window_id=self.window.pk,
            community_id=self.community.pk,
            household_id=home.pk,
            actor=make.SETUP,
            offer=self.offer.public_id,
            quantity=1,
            expected_total_fen=self.offer.price_fen,
        )

    def serve(self) -> int:
        return serving.serve_offer(offer_id=self.offer.pk, revision=0)

    def served(self) -> list[int]:
        rows = WaitingWish.objects.filter(window=self.window, status="served")
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def counted(self) -> tuple[int, int, int]:
        """Pieces in placed lines, as the offer counts them, and waited for."""
        lines = OrderLine.objects.filter(window=self.window, order__status="placed")
        taken, waiting = Offer.objects.values_list("taken", "waiting").get(pk=self.offer.pk)
        return lines.aggregate(n=Sum("quantity"))["n"] or 0, taken, waiting


@transaction.atomic
def give_back(order: Order) -> None:
    cancel_order(order=order, actor=make.SETUP)


def test_pieces_given_back_go_to_the_first_in_line_whatever_happens_at_once() -> None:
    queue = Queue()
    hands = [queue.serve] * 4
    givers = [partial(give_back, order) for order in queue.sold[:4]]
    buyers = [partial(make.place, queue.window, home, 1) for home in queue.newcomers]

    works: list[Callable[[], object]] = [*hands, *givers, *buyers]
    outcomes = at_once(works)
    queue.serve()

    bought = [outcome for outcome in outcomes if isinstance(outcome, PlacedOrder)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, SoldOut)]
    assert (len(bought), len(refused)) == (0, 2 * BUYERS)
    assert queue.served() == [wish.pk for wish in queue.line[:4]]
    assert queue.counted() == (BUYERS, BUYERS, BUYERS - 4)


def test_wish_that_is_given_up_while_it_is_served_is_one_or_the_other() -> None:
    queue = Queue()
    for order in queue.sold[:5]:
        give_back(order)

    def leave(wish: WaitingWish) -> None:
        with transaction.atomic():
            leave_waiting(wish=wish, actor=make.SETUP)

    works: list[Callable[[], object]] = [partial(leave, wish) for wish in queue.line[:5]]
    at_once([*[queue.serve] * 3, *works])
    queue.serve()

    pieces, taken, waiting = queue.counted()
    left = WaitingWish.objects.filter(window=queue.window, status="left").count()
    assert (pieces, taken) == (BUYERS, BUYERS)
    assert len(queue.served()) == 5
    assert waiting == BUYERS - 5 - left


def test_whoever_was_first_when_the_hand_looked_and_left_is_not_served() -> None:
    queue, gate = Queue(), Gate()
    give_back(queue.sold[0])
    with pytest.MonkeyPatch.context() as patch:
        after(patch, serving, "_first_that_fits", gate.stop)
        with elsewhere() as hand:
            working = hand.start(queue.serve)
            gate.wait_until_reached()
            patch.undo()
            with transaction.atomic():
                leave_waiting(wish=queue.line[0], actor=make.SETUP)
            gate.open()
            working.result()

    assert queue.served() == [queue.line[1].pk]
    assert queue.counted() == (BUYERS, BUYERS, BUYERS - 2)


@transaction.atomic
def look_and_lock(offer_id: int, look: Look) -> dict[int, int]:
    return look([offer_id])


def left_after_somebody_joined_and_pieces_came_free(queue: Queue, look: Look) -> dict[int, int]:
    """What a newcomer is told who asked for the offer's row before either."""
    for wish in queue.line:
        with transaction.atomic():
            leave_waiting(wish=wish, actor=make.SETUP)
    with elsewhere() as newcomer:
        with transaction.atomic():
            Offer.objects.select_for_update(no_key=True).get(pk=queue.offer.pk)
            asking = newcomer.start(partial(look_and_lock, queue.offer.pk, look))
            wait_until_somebody_waits_for_a_lock()
            queue.join(queue.newcomers[0])
            give_back(queue.sold[0])
        return asking.result()


def test_newcomer_who_queued_for_the_row_sees_who_joined_the_line_meanwhile() -> None:
    queue = Queue()
    left = left_after_somebody_joined_and_pieces_came_free(queue, statements.lock_capped)
    assert left == {queue.offer.pk: 0}


# The controls.


def test_control_newcomer_does_not_where_one_statement_locks_and_reads_the_line() -> None:
    def at_once_looked_and_locked(offer_ids: Sequence[int]) -> dict[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(f"{statements._LEFT_OF} FOR NO KEY UPDATE", [list(offer_ids)])
            return dict(cursor.fetchall())

    queue = Queue()
    left = left_after_somebody_joined_and_pieces_came_free(queue, at_once_looked_and_locked)
    assert left == {queue.offer.pk: 1}


def test_control_newcomer_overtakes_the_line_where_its_pieces_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def everything_left(offer_ids: list[int]) -> dict[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, cap - taken FROM orders_offer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                [offer_ids],
            )
            return dict(cursor.fetchall())

    look = statements.read_standing

    def look_at_no_line(**asked: Any) -> statements.Standing:
        standing = look(**asked)
        return replace(standing, offers=[row._replace(left=None) for row in standing.offers])

    queue = Queue()
    monkeypatch.setattr(statements, "lock_capped", everything_left)
    monkeypatch.setattr(statements, "read_standing", look_at_no_line)
    give_back(queue.sold[0])

    make.place(queue.window, queue.newcomers[0], 1)
    queue.serve()

    assert queue.served() == []
    assert queue.counted() == (BUYERS, BUYERS, BUYERS)
