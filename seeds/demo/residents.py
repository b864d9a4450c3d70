"""A household's part of the story: its orders, and what goes wrong with them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import requests

from seeds.demo.baskets import Basket, Mishap, Wishes
from seeds.demo.phone import Menu, Phone, Unexpected, expect


@dataclass
class Household:
    """What it counts, it knows from its own requests and answers alone."""

    phone: Phone
    wishes: Wishes
    window: str
    menu: Menu
    order: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    def order_first(self) -> None:
        """The first rush: everybody but the latecomers."""
        wishes = self.wishes
        if wishes.mishap is Mishap.LATE:
            return
        if wishes.mishap is Mishap.LOST_REPLY:
            self._place_with_lost_reply(wishes.basket)
            return
        if wishes.mishap is Mishap.HUNG_UP:
            self._place_and_hang_up(wishes.basket)
            return
        if wishes.mishap is Mishap.GREEDY:
            self._refused(self._place(wishes.first), "over_limit")
        if wishes.mishap is Mishap.OUTDATED:
            self._refused(self._place(wishes.basket, off_by=100), "total_differs")
        changes = wishes.mishap in (Mishap.CHANGE, Mishap.CANCEL)
        self._placed(self._place(wishes.first if changes else wishes.basket))

    def order_second(self) -> None:
        """Some minutes later: latecomers, changes of mind."""
        wishes = self.wishes
        if wishes.mishap is Mishap.LATE:
            self._refused(self._place(wishes.first), "sold_out")
            self._placed(self._place(wishes.basket))
        elif wishes.mishap is Mishap.CHANGE:
            path = f"/orders/{self.order}"
            expect(self.phone.send("PUT", path, self._body(wishes.basket)), 200)
            self._count("changes")
        elif wishes.mishap is Mishap.CANCEL:
            expect(self.phone.send("POST", f"/orders/{self.order}/cancel", {}), 200)
            self._count("cancellations")
            self._placed(self._place(wishes.basket))

    def try_too_late(self) -> None:
        """After the cutoff a new order, a change and a cancellation are all refused."""
        more = self._body({next(iter(self.menu)): 1})
        for method, path, body in (
            ("POST", f"/windows/{self.window}/orders", more),
            ("PUT", f"/orders/{self.order}", more),
            ("POST", f"/orders/{self.order}/cancel", {}),
        ):
            self._refused(self.phone.send(method, path, body), "window_not_open")

    def check_own_order(self) -> None:
        """One order stands, and it is what was wanted in the end. Raises Unexpected."""
        answer = expect(self.phone.get(f"/windows/{self.window}/orders"), 200)
        standing = [row for row in answer.json()["results"] if row["status"] == "placed"]
        if [row["id"] for row in standing] != [self.order]:
            raise Unexpected(f"{len(standing)} orders stand instead of {self.order}")
        basket = {line["name"]: line["quantity"] for line in standing[0]["lines"]}
        if (basket, standing[0]["total_fen"]) != (self.wishes.basket, self.total_fen):
            raise Unexpected(f"{basket} instead of {self.wishes.basket}")

    @property
    def total_fen(self) -> int:
        """What its last order costs by the menu it read."""
        return self._price(self.wishes.basket)

    def _price(self, basket: Basket) -> int:
        return sum(self.menu[name].price_fen * pieces for name, pieces in basket.items())

    def _body(self, basket: Basket, *, off_by: int = 0) -> dict[str, Any]:
        lines = [{"offer": self.menu[name].id, "quantity": basket[name]} for name in basket]
        return {"lines": lines, "expected_total_fen": self._price(basket) - off_by}

    def _place(self, basket: Basket, *, key: str = "", off_by: int = 0) -> requests.Response:
        path = f"/windows/{self.window}/orders"
        return self.phone.send("POST", path, self._body(basket, off_by=off_by), key=key)

    def _placed(self, answer: requests.Response) -> None:
        self.order = expect(answer, 201).json()["id"]
        self._count("placed")

    def _place_with_lost_reply(self, basket: Basket) -> None:
        """The answer went out and did not arrive: the same key again gives the same bytes."""
        key = str(uuid.uuid4())
        lost = expect(self._place(basket, key=key), 201)
        again = self._place(basket, key=key)
        self._placed(again)
        if (again.content, again.headers.get("Idempotent-Replayed")) != (lost.content, "true"):
            raise Unexpected(f"another answer under the same key: {again.text}")
        self._count("lost_replies")

    def _place_and_hang_up(self, basket: Basket) -> None:
        key = str(uuid.uuid4())
        path = f"/windows/{self.window}/orders"
        self.phone.send_and_hang_up(path, self._body(basket), key=key)
        self._placed(self._place(basket, key=key))
        self._count("lost_replies")

    def _refused(self, answer: requests.Response, code: str) -> None:
        if (answer.status_code, answer.json().get("code")) != (409, code):
            raise Unexpected(f"{answer.status_code} {answer.text} instead of 409 {code}")
        self._count("refused")

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
