"""After a lost reply a repeat never buys twice."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from config.kernel import clock, idempotency, locks
from config.kernel.idempotency import IdempotencyKey, forget_old
from orders.models import Offer, Order, OrderWindow
from tests import factories as make
from tests.api.client import Api, signed_in, wish

KEY = "a-client-made-this"


@pytest.mark.django_db
class TestOneClient:
    """Repeats that follow each other."""

    @pytest.fixture
    def window(self) -> OrderWindow:
        return make.make_window(make.make_community(), offers=[{"cap": 9}])

    @pytest.fixture
    def resident(self, window: OrderWindow) -> Api:
        return signed_in(make.make_resident(window.community))

    def test_repeat_gets_first_answer_byte_for_byte(
        self, resident: Api, window: OrderWindow
    ) -> None:
        path = f"windows/{window.public_id}/orders"
        first = resident.send(path, wish(window, 2), key=KEY)

        again = resident.send(path, wish(window, 2), key=KEY)

        assert (first.status_code, first.headers.get("Idempotent-Replayed")) == (201, None)
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
        assert again.content == first.content
        assert again.headers["Content-Type"] == first.headers["Content-Type"]
        assert Order.objects.count() == 1
        assert Offer.objects.get(window=window, short_number=1).taken == 2

    def test_repeat_after_the_cutoff_still_gets_first_answer(
        self, resident: Api, window: OrderWindow
    ) -> None:
        path = f"windows/{window.public_id}/orders"
        body = wish(window, 2)
        first = resident.send(path, body, key=KEY)
        make.pass_cutoff(window)

        assert resident.send(path, body, key=KEY).content == first.content
        assert resident.send(path, body).status_code == 409

    def test_members_in_another_order_are_the_same_request(
        self, resident: Api, window: OrderWindow
    ) -> None:
        path = f"windows/{window.public_id}/orders"
        body = wish(window, 2)
        first = resident.send(path, body, key=KEY)

        again = resident.send(path, dict(reversed(body.items())), key=KEY)

        assert again.content == first.content

    def test_same_key_for_another_body_or_path_is_refused(
        self, resident: Api, window: OrderWindow
    ) -> None:
        path = f"windows/{window.public_id}/orders"
        order = resident.send(path, wish(window, 2), key=KEY).json()["id"]

        others = [
            resident.send(path, wish(window, 3), key=KEY),
            resident.send(f"orders/{order}/cancel", wish(window, 2), key=KEY),
            resident.send(f"orders/{order}", wish(window, 2), key=KEY, method="PUT"),
        ]

        assert [answer.status_code for answer in others] == [422, 422, 422]
        assert {answer.json()["code"] for answer in others} == {"idempotency_key_reused"}
        assert Order.objects.get().status == "placed"
        assert Order.objects.get().total_fen == 780

    def test_same_key_of_another_person_is_another_request(
        self, resident: Api, window: OrderWindow
    ) -> None:
        neighbour = signed_in(make.make_resident(window.community, "102"))
        path = f"windows/{window.public_id}/orders"

        answers = [client.send(path, wish(window, 1), key=KEY) for client in (resident, neighbour)]

        assert [answer.json()["number"] for answer in answers] == [1, 2]

    @pytest.mark.parametrize("key", ["", "short", "x" * 256, "with blanks in", "键键键键键键键键"])
    def test_key_missing_or_malformed_is_refused(
        self, resident: Api, window: OrderWindow, key: str
    ) -> None:
        answer = resident.send(
            f"windows/{window.public_id}/orders",
            wish(window, 1),
            key=key.encode().decode("latin-1"),
        )

        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
        assert not Order.objects.exists()

    def test_refusals_are_not_kept(self, resident: Api, window: OrderWindow) -> None:
        path = f"windows/{window.public_id}/orders"
        refused = resident.send(path, wish(window, 99), key=KEY)

        assert refused.status_code == 409
        assert resident.send(path, wish(window, 1), key=KEY).status_code == 201

    def test_cancel_repeated_gets_first_answer(self, resident: Api, window: OrderWindow) -> None:
        placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 2)).json()
        first = resident.send(f"orders/{placed['id']}/cancel", {}, key=KEY)

        again = resident.send(f"orders/{placed['id']}/cancel", {}, key=KEY)

        assert (again.status_code, again.content) == (200, first.content)

    def test_answers_are_kept_for_seven_days(self, resident: Api, window: OrderWindow) -> None:
        resident.send(f"windows/{window.public_id}/orders", wish(window, 1), key=KEY)
        rows = IdempotencyKey.objects.all()
        rows.update(created_at=clock.now() - timedelta(days=6, hours=23))
        assert forget_old(clock.now()) == 0
        rows.update(created_at=clock.now() - timedelta(days=7, seconds=1))
        assert forget_old(clock.now()) == 1


@pytest.mark.django_db(transaction=True)
def test_repeat_while_first_is_in_flight_is_told_to_wait() -> None:
    window = make.make_window(make.make_community())
    user = make.make_resident(window.community)
    resident = signed_in(user)
    body, path = wish(window, 1), f"windows/{window.public_id}/orders"
    begun, may_end = threading.Event(), threading.Event()

    def first_request() -> None:
        try:
            with transaction.atomic():
                digest = idempotency.request_hash("POST", f"/api/v1/{path}", body)
                idempotency.begin(principal=f"user:{user.pk}", key=KEY, digest=digest)
                begun.set()
                may_end.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=first_request)
    thread.start()
    assert begun.wait(10)
    refused = resident.send(path, body, key=KEY)
    may_end.set()
    thread.join()
    after = resident.send(path, body, key=KEY)

    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_in_flight")
    assert refused.headers["Retry-After"] == "1"
    assert (after.status_code, Order.objects.count()) == (201, 1)


@pytest.mark.django_db(transaction=True)
def test_same_key_from_many_clients_at_once_buys_once() -> None:
    window = make.make_window(make.make_community(), offers=[{"cap": 50}])
    user = make.make_resident(window.community)
    clients = [signed_in(user) for _turn in range(6)]
    body, path = wish(window, 2), f"windows/{window.public_id}/orders"
    start = threading.Barrier(len(clients))
    answers: list[Any] = []

    def send(client: Api) -> None:
        try:
            start.wait(10)
            answers.append(client.send(path, body, key=KEY))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Order.objects.count() == 1
    assert Offer.objects.get(window=window, short_number=1).taken == 2
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1


@pytest.mark.django_db(transaction=True)
def test_place_order_behind_a_long_lock_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "TIMEOUT_MS", 100)
    window = make.make_window(make.make_community())
    resident = signed_in(make.make_resident(window.community))
    held, may_end = threading.Event(), threading.Event()

    def close() -> None:
        try:
            with transaction.atomic():
                locks.take(exclusive=[locks.key(locks.Namespace.WINDOW, window.pk)])
                held.set()
                may_end.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=close)
    thread.start()
    assert held.wait(10)
    answer = resident.send(f"windows/{window.public_id}/orders", wish(window, 1))
    may_end.set()
    thread.join()

    assert (answer.status_code, answer.json()["code"]) == (409, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert not Order.objects.exists()
