"""The same request twenty times at the same moment, under one Idempotency-Key: one order, one answer."""

from __future__ import annotations

from typing import Any

import pytest

from communities.models import Community, User
from config.kernel import idempotency
from config.kernel.idempotency import IdempotencyKey
from orders.models import Order, OrderWindow
from tests import factories as make
from tests.api.client import signed_in
from tests.concurrency.interleaving import meet_after, without
from tests.connections import at_once

pytestmark = pytest.mark.django_db(transaction=True)


class Till:
    def __init__(self) -> None:
        community: Community = make.make_community()
        self.user: User = make.make_resident(community)
        self.window: OrderWindow = make.make_window(community)
        self.token = signed_in(self.user)
        offer = make.offers_of(self.window)[0]
        self.body = {
            "lines": [{"offer": str(offer.public_id), "quantity": 1}],
            "expected_total_fen": offer.price_fen,
        }

    def order(self, times: int) -> list[Any]:
        def send() -> Any:
            return self.token.send(
                f"windows/{self.window.public_id}/orders", self.body, key="the-same-key"
            )

        return at_once([send] * times)


def test_twenty_requests_under_one_key_buy_once() -> None:
    till = Till()

    answers = till.order(20)

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {201, 409}
    assert statuses.count(201) >= 1
    assert Order.objects.count() == IdempotencyKey.objects.count() == 1
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "idempotency_key_in_flight"
            assert answer.headers["Retry-After"] == "1"
    (again,) = till.order(1)
    first = next(answer for answer in answers if answer.status_code == 201)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Order.objects.count() == 1


def test_control_requests_collide_without_the_keys_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()
    without(monkeypatch, idempotency, "try_take", instead=True)
    meet_after(monkeypatch, idempotency, "begin", parties=5)

    answers = till.order(5)

    # The unique constraint is the last defence: nothing is bought twice, but four are told of a server error.
    assert sorted(answer.status_code for answer in answers) == [201, 500, 500, 500, 500]
    assert Order.objects.count() == 1


def test_control_every_request_buys_where_no_key_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()
    without(monkeypatch, idempotency, "begin")
    without(monkeypatch, idempotency, "store")

    answers = till.order(5)

    assert [answer.status_code for answer in answers] == [201] * 5
    assert Order.objects.count() == 5
