"""A process full of buyers, who order until the window takes no more (test_cutoff.py)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import Any

from django.db import connection

from communities.models import User
from config.kernel import locks
from orders.placing import statements
from tests.api.client import signed_in

# Seconds between the look whether the window is open and the order, where there is no lock.
GAP = 2.0


def work(*, users: list[int], locked: bool, **order: Any) -> list[str]:
    """A thread for each account; ids of the orders that were answered with 201. `order`: window, offer, price."""
    if not locked:
        _take_the_lock_away()
    with ThreadPoolExecutor(max_workers=len(users)) as pool:
        accepted = pool.map(partial(_order_until_refused, **order), users)
        return [order_id for own in accepted for order_id in own]


def _order_until_refused(user: int, *, window: str, offer: str, price: int) -> list[str]:
    body = {"lines": [{"offer": offer, "quantity": 1}], "expected_total_fen": price}
    client, accepted = signed_in(User.objects.get(pk=user)), []
    for number in count():
        answer = client.send(f"windows/{window}/orders", body, key=f"{user}-order-{number}")
        if answer.status_code != 201:
            break
        accepted.append(answer.json()["id"])
    connection.close()
    assert answer.json()["code"] == "window_not_open", answer.content
    return accepted


def _take_the_lock_away() -> None:
    look, pause = statements.read_standing, threading.Event()

    def only_the_household(*, window_id: int, household_id: int) -> None:
        locks.take(exclusive=[locks.key(locks.Namespace.HOUSEHOLD, household_id)])

    def look_and_dawdle(**asked: Any) -> statements.Standing:
        standing = look(**asked)
        pause.wait(GAP)
        return standing

    statements.take_locks = only_the_household
    statements.read_standing = look_and_dawdle
