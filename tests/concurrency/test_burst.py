"""A slice of the burst over HTTP (benchmarks/burst.py has 1,650 households): sold are as many as there are, and
everybody gets a clear answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from communities.models import User
from orders.models import Offer
from tests import factories as make
from tests.api.client import signed_in, wish
from tests.connections import at_once

pytestmark = pytest.mark.django_db(transaction=True)

HOUSEHOLDS, PIECES, AT_ONCE = 80, 12, 20


def test_burst_sells_what_there_is_and_answers_everybody() -> None:
    rooms = [f"{number:03}" for number in range(HOUSEHOLDS)]
    community = make.make_community(rooms=rooms)
    window = make.make_window(community, offers=[{"cap": PIECES}])
    body, path = wish(window, 1), f"windows/{window.public_id}/orders"
    clients = [signed_in(make.make_resident(community, room)) for room in rooms]

    def order(client: Any, number: int) -> Callable[[], tuple[int, str]]:
        def send() -> tuple[int, str]:
            answer = client.send(path, body, key=f"burst-{number:04}")
            return answer.status_code, answer.json().get("code", "")

        return send

    outcomes = at_once(
        [order(client, number) for number, client in enumerate(clients)], threads=AT_ONCE
    )

    assert Counter(outcomes) == {(201, ""): PIECES, (409, "sold_out"): HOUSEHOLDS - PIECES}
    assert Offer.objects.get(window=window, short_number=1).taken == PIECES
    assert User.objects.filter(pk__in=window.orders.values("placed_by")).count() == PIECES
