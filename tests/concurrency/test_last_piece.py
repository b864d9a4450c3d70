"""The last piece: however many want it at once, one gets it, and the others are told."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum

from communities.models import Household
from orders.models import Offer, OrderLine, OrderWindow
from orders.placing import statements
from orders.placing.errors import SoldOut
from orders.placing.placing import PlacedOrder, cancel_order
from tests import factories as make
from tests.concurrency.interleaving import (
    PATIENCE,
    after,
    wait_until_somebody_waits_for_a_lock,
)
from tests.connections import at_once, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


class Counter:
    """A window whose first offer has `cap` pieces, and so many households."""

    def __init__(self, *, cap: int, households: int) -> None:
        rooms = [f"{number:03}" for number in range(households)]
        self.community = make.make_community(rooms=rooms)
        self.window: OrderWindow = make.make_window(self.community, offers=[{"cap": cap}])
        self.homes = list(Household.objects.filter(community=self.community).order_by("pk"))

    def buy(self, *, pieces: list[int], threads: int) -> list[PlacedOrder | Exception]:
        """Household i wants pieces[i], all at once."""

        def buyer(home: Household, quantity: int) -> Callable[[], PlacedOrder]:
            return lambda: make.place(self.window, home, quantity)

        pairs = zip(self.homes, pieces, strict=True)
        return at_once([buyer(home, quantity) for home, quantity in pairs], threads=threads)

    def sold(self) -> tuple[int, int]:
        """Pieces in order lines, and pieces counted as taken."""
        lines = OrderLine.objects.filter(window=self.window).aggregate(n=Sum("quantity"))["n"] or 0
        return lines, Offer.objects.get(window=self.window, short_number=1).taken


def winners(outcomes: list[PlacedOrder | Exception]) -> int:
    return sum(isinstance(outcome, PlacedOrder) for outcome in outcomes)


def test_last_piece_goes_to_one_of_fifty_buyers() -> None:
    counter = Counter(cap=1, households=50)

    outcomes = counter.buy(pieces=[1] * 50, threads=50)

    assert winners(outcomes) == 1
    refused = [outcome for outcome in outcomes if isinstance(outcome, SoldOut)]
    assert len(refused) == 49
    assert {tuple(error.fields.values()) for error in refused} == {(0,)}
    assert counter.sold() == (1, 1)


def test_sixty_pieces_go_to_sixty_of_a_hundred_and_fifty_buyers() -> None:
    counter = Counter(cap=60, households=150)

    outcomes = counter.buy(pieces=[1] * 150, threads=50)

    assert winners(outcomes) == 60
    assert sum(isinstance(outcome, SoldOut) for outcome in outcomes) == 90
    assert counter.sold() == (60, 60)
    numbers = [outcome.number for outcome in outcomes if isinstance(outcome, PlacedOrder)]
    assert sorted(numbers) == list(range(1, 61))


def test_pieces_of_different_sizes_never_exceed_the_cap() -> None:
    chance = random.Random(20220421)
    counter = Counter(cap=60, households=60)

    outcomes = counter.buy(pieces=[chance.randint(1, 5) for _home in range(60)], threads=30)

    lines, taken = counter.sold()
    assert lines == taken <= 60
    # Whoever was refused wanted more than what was left for him then, and less can be left now.
    assert all(isinstance(outcome, PlacedOrder | SoldOut) for outcome in outcomes)
    smallest = min(
        (error for error in outcomes if isinstance(error, SoldOut)),
        key=lambda error: min(error.fields.values()),
    )
    assert 60 - taken <= min(smallest.fields.values())


def test_sold_out_is_said_without_waiting_for_the_row() -> None:
    """Somebody holds it, to give a piece back: until he has done so there is none, and afterwards there is."""
    counter = Counter(cap=1, households=2)
    first = make.order(counter.window, counter.homes[0], 1)

    with elsewhere() as buyer, transaction.atomic():
        cancel_order(order=first, actor=make.SETUP)
        with pytest.raises(SoldOut) as refused:
            buyer.run(lambda: make.place(counter.window, counter.homes[1], 1))

    assert list(refused.value.fields.values()) == [0]
    assert make.place(counter.window, counter.homes[1], 1).number == 2
    assert counter.sold() == (2, 1)


def test_piece_that_is_not_bought_after_all_is_his_who_waits_for_its_row() -> None:
    counter = Counter(cap=1, households=2)

    with elsewhere() as buyer:
        with transaction.atomic():
            make.place(counter.window, counter.homes[0], 1)
            bought = buyer.start(lambda: make.place(counter.window, counter.homes[1], 1))
            wait_until_somebody_waits_for_a_lock()
            transaction.set_rollback(True)
        assert bought.result(timeout=PATIENCE).number == 1

    assert counter.sold() == (1, 1)


# The controls.


def take_without_lock(monkeypatch: pytest.MonkeyPatch, *, write: str, buyers: int) -> None:
    """Look first, then write, and everybody looks before anybody writes."""
    everybody_looked = threading.Barrier(buyers, timeout=PATIENCE)
    seen: dict[int, dict[int, int]] = {}

    def look(offer_ids: list[int]) -> dict[int, int]:
        rows = Offer.objects.filter(pk__in=offer_ids, cap__gte=0).values_list("pk", "cap", "taken")
        seen[threading.get_ident()] = {pk: taken for pk, _cap, taken in rows}
        return {pk: (cap or 0) - taken for pk, cap, taken in rows}

    def take(quantities: dict[int, int]) -> bool:
        for pk, quantity in quantities.items():
            now = seen[threading.get_ident()][pk] + quantity
            with connection.cursor() as cursor:
                cursor.execute(write, {"offer": pk, "now": now, "more": quantity})
        return True

    monkeypatch.setattr(statements, "lock_capped", look)
    monkeypatch.setattr(statements, "take_pieces", take)
    after(monkeypatch, statements, "lock_capped", everybody_looked.wait)


def test_control_last_piece_is_sold_ten_times_without_lock_and_guard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counter = Counter(cap=1, households=10)
    take_without_lock(
        monkeypatch,
        write="UPDATE orders_offer SET taken = %(now)s WHERE id = %(offer)s",
        buyers=10,
    )

    outcomes = counter.buy(pieces=[1] * 10, threads=10)

    assert winners(outcomes) == 10
    assert counter.sold() == (10, 1)


def test_control_last_defence_is_the_check_when_only_the_guard_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counter = Counter(cap=1, households=10)
    take_without_lock(
        monkeypatch,
        write="UPDATE orders_offer SET taken = taken + %(more)s WHERE id = %(offer)s",
        buyers=10,
    )

    outcomes = counter.buy(pieces=[1] * 10, threads=10)

    assert winners(outcomes) == 1
    refused = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    assert len(refused) == 9
    assert all("offer_not_oversold" in str(error) for error in refused)
    assert counter.sold() == (1, 1)


def test_control_guarded_update_alone_sells_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter(cap=1, households=10)
    guarded = statements.take_pieces
    take_without_lock(monkeypatch, write="", buyers=10)
    monkeypatch.setattr(statements, "take_pieces", guarded)

    outcomes = counter.buy(pieces=[1] * 10, threads=10)

    assert winners(outcomes) == 1
    assert sum(isinstance(outcome, SoldOut) for outcome in outcomes) == 9
    assert counter.sold() == (1, 1)
