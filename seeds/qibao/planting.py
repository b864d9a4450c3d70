"""The whole town, once; its past, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from config.kernel import locks
from config.kernel.locks import Namespace
from orders.models import OrderWindow
from seeds.qibao import history
from seeds.qibao.estates import estates
from seeds.qibao.shops import open_shops
from seeds.qibao.town import find_town, look_around, settle

_SEED_NUMBER = 2


@dataclass(frozen=True)
class Planted:
    """`is_new` is False if the town was there already; `windows` of the past were made by this run."""

    name: str
    is_new: bool
    windows: int


def plant(
    *,
    communities: int,
    households: int,
    past: int,
    password: str | None,
    keep: Callable[[], object],
) -> Planted:
    """Set up 七宝镇 with its people, suppliers and `past` group buys, unless they are there: what is there already is
    never changed, whatever the numbers.

    `password` is given to the people on duty; None: nobody can sign in at the console. `keep` is called before a new
    town is committed. Opens its own transaction. Raises IntegrityError if a name of an account is taken, ValueError
    for numbers that make no town.
    """
    with transaction.atomic(durable=True):
        locks.take(exclusive=[locks.key(Namespace.SEED, _SEED_NUMBER)])
        with connection.cursor() as cursor:
            # A hundred thousand rows at once, and all their keys checked at the end.
            cursor.execute("SET LOCAL statement_timeout = 0")
        region = find_town()
        if region is None:
            town = settle(estates(communities, households), password=password)
            open_shops(town)
            keep()
        else:
            town = look_around(region)
        made: list[OrderWindow] = []
        if past and not history.has_history(town):
            made = history.remember(town, past)
    return Planted(town.region.name, region is None, len(made))
