"""A neighbourhood that orders: residents with tokens, and a fresh hot window for each leg of the measurement.

Ids stand far apart, so that each can be found again in the text of a statement (orders_replay).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from uuid import UUID

from django.db import connection
from django.utils import timezone
from knox.crypto import hash_token
from knox.models import AuthToken

from benchmarks import world
from communities.models import Community, Household, Membership, User
from communities.roles import Role
from orders.models import Offer, OrderLine, OrderWindow, WindowCommunity

HOUSEHOLDS = 2000
OFFERS, CAPPED = 50, 10
# Two capped and two uncapped offers of each order, and how many pieces; every other offer has a household limit.
QUANTITIES = (1, 2, 1, 3)
PRICE_FEN = 910_000
_FIRST = {
    "communities_user": 51_000_000,
    "communities_household": 52_000_000,
    "orders_orderwindow": 54_000_000,
    "orders_offer": 55_000_000,
    "orders_order": 57_000_000,
}
USER, HOUSEHOLD = _FIRST["communities_user"], _FIRST["communities_household"]
REPLAYED_DIGEST = "f" * 120


@dataclass(frozen=True)
class Town:
    """Resident `n` (1 …) has user USER + n, household HOUSEHOLD + n and `tokens[n - 1]`."""

    community_id: int
    tokens: list[str]


@dataclass(frozen=True)
class HotWindow:
    """Offer `k` (1 …) has id first_offer + k and costs PRICE_FEN + k."""

    id: int
    public_id: UUID
    first_offer: int


def build() -> Town:
    """On an empty database. A second token of each resident has a digest that says whose it is: pgbench cannot hash."""
    with connection.cursor() as cursor:
        for table, first in _FIRST.items():
            cursor.execute("SELECT setval(%s, %s)", [f"{table}_id_seq", first])
    where = world.community(HOUSEHOLDS)
    users = User.objects.bulk_create(
        User(username=f"resident{n}") for n in range(1, HOUSEHOLDS + 1)
    )
    homes = Household.objects.filter(community=where).order_by("pk")
    now = timezone.now()
    Membership.objects.bulk_create(
        Membership(user=user, role=Role.RESIDENT, community=where, household=home, started_at=now)
        for user, home in zip(users, homes, strict=True)
    )
    tokens = [f"{user.pk:064x}" for user in users]
    expiry = now + timedelta(days=1)
    digests = [hash_token(token) for token in tokens]
    digests += [f"{REPLAYED_DIGEST}{user.pk}" for user in users]
    AuthToken.objects.bulk_create(
        AuthToken(digest=digest, token_key=digest[:15], user=user, expiry=expiry)
        for digest, user in zip(digests, [*users, *users], strict=True)
    )
    if (users[-1].pk, homes[HOUSEHOLDS - 1].pk) != (USER + HOUSEHOLDS, HOUSEHOLD + HOUSEHOLDS):
        raise RuntimeError("somebody else has taken a number")
    return Town(where.pk, tokens)


def open_window(town: Town) -> HotWindow:
    """Another window of the town; what was ordered in the ones before is history."""
    where = Community.objects.get(pk=town.community_id)
    made = world.window(where, products=OFFERS, cap=1_000_000)
    offers = list(Offer.objects.filter(window=made).order_by("pk"))
    first = offers[0].pk - 1
    for k, offer in enumerate(offers, start=1):
        if (offer.pk, offer.short_number) != (first + k, k):
            raise RuntimeError("offers are not numbered one after the other")
        offer.public_id = offer_uuid(offer.pk)
        offer.price_fen = PRICE_FEN + k
        offer.household_limit = 9999 if k % 2 else None
    Offer.objects.bulk_update(offers, ["public_id", "price_fen", "household_limit"])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return HotWindow(made.pk, made.public_id, first)


def offer_uuid(offer_id: int) -> UUID:
    """Says its number: pgbench cannot look one up."""
    return UUID(f"{offer_id}-0000-4000-8000-000000000000")


def menus() -> list[tuple[int, ...]]:
    """Every choice of two capped and two uncapped offers that a resident may make, as numbers k."""
    capped = list(combinations(range(1, CAPPED + 1), 2))
    others = list(combinations(range(CAPPED + 1, OFFERS + 1), 2))
    return [(*two, *more) for two in capped for more in others]


def check(window: HotWindow, orders: int) -> None:
    """What a leg says it placed is there, line by line and piece by piece."""
    found = WindowCommunity.objects.get(window=window.id).last_number
    lines = OrderLine.objects.filter(window=window.id).count()
    capped = Offer.objects.filter(window=window.id, cap__isnull=False)
    taken = sum(capped.values_list("taken", flat=True))
    placed = OrderWindow.objects.get(pk=window.id).orders.filter(status="placed").count()
    expected = (orders, orders, orders * len(QUANTITIES), orders * sum(QUANTITIES[:2]))
    if (found, placed, lines, taken) != expected:
        raise RuntimeError(f"{(found, placed, lines, taken)} is not what {orders} orders leave")
