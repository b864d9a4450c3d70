"""Orders a second through the verb, beside what the disk allows. HTTP is not in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from django.db import connection, transaction

from benchmarks import world
from communities.models import Household
from config.kernel.audit import Actor
from orders.models import Offer, OrderWindow
from orders.placing.placing import place_order
from orders.placing.wishes import Wish

CLIENTS = 4
ORDERS = 1200


def measure() -> dict[str, float]:
    """Four-line orders (one line capped) by four threads, and by one; per second."""
    where = world.community(400)
    window = world.window(where, products=50, cap=1_000_000)
    homes = list(Household.objects.filter(community=where))
    offers = list(Offer.objects.filter(window=window).order_by("short_number"))[8:12]
    alone = _rate(window, homes, offers, clients=1)
    together = _rate(window, homes, offers, clients=CLIENTS)
    return {
        "orders_per_second_one_thread": alone,
        "orders_per_second_four_threads": together,
        "commits_per_second_bare": _bare_commits(),
    }


def _rate(
    window: OrderWindow, homes: list[Household], offers: list[Offer], *, clients: int
) -> float:
    def work(number: int) -> None:
        for turn in range(ORDERS // clients):
            _place(window, homes[(number * 97 + turn) % len(homes)], offers)
        connection.close()

    begun = perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    return ORDERS / (perf_counter() - begun)


def _place(window: OrderWindow, home: Household, offers: list[Offer]) -> None:
    with transaction.atomic(durable=True):
        place_order(
            window_id=window.pk,
            community_id=window.community_id,
            household_id=home.pk,
            actor=Actor("command"),
            wishes=[Wish(offer.public_id, 1) for offer in offers],
            expected_total_fen=sum(offer.price_fen for offer in offers),
        )


def _bare_commits() -> float:
    """One durable INSERT a transaction, one client: what the disk allows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_commits (id bigint GENERATED ALWAYS AS IDENTITY, n int)"
        )
        begun = perf_counter()
        for turn in range(ORDERS):
            cursor.execute("INSERT INTO bench_commits (n) VALUES (%s)", [turn])
    return ORDERS / (perf_counter() - begun)
