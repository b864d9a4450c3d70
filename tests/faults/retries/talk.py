"""A client with a chain of commands: asks, loses answers, asks again, asks something else under the same key."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from tests.faults.phone import PATIENCE, Phone, Reply
from tests.faults.retries.plan import Body, Chain, Step, changed, rewritten

_NOT_YET = {"busy", "idempotency_key_in_flight", "unavailable"}


@dataclass(frozen=True)
class Chair:
    """Whose chain it is. `menu`: (offer, price in fen); `stranger`: another principal, whose own orders these are not.
    `target`: the window (public id), or the number of the supplier's order, where he begins.
    """

    principal: str
    authorization: str
    stranger: str
    stranger_authorization: str
    target: str
    other_target: str = ""
    menu: tuple[tuple[str, int], ...] = ()
    revision: int = 1


@dataclass
class Record:
    """One key of one principal: the request, and every reply with how it was asked for."""

    principal: str
    key: str
    kind: str
    method: str
    path: str
    body: Body
    replies: list[tuple[str, Reply]] = field(default_factory=list)
    # A stranger who must be told that there is nothing.
    is_foreign: bool = False

    @property
    def success(self) -> Reply | None:
        return next((r for how, r in self.replies if 200 <= r.status < 300), None)


def code_of(reply: Reply) -> str:
    try:
        return str(json.loads(reply.body)["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def is_definite(reply: Reply) -> bool:
    return reply.status != 0 and reply.status < 500 and code_of(reply) not in _NOT_YET


def work(
    chains: Sequence[Chain], chairs: Sequence[Chair], address: str, threads: int
) -> list[Record]:
    """Every chain from beginning to end, so many at a time."""
    with ThreadPoolExecutor(threads) as pool:
        played = [
            pool.submit(Talk(chain, chair, address).play)
            for chain, chair in zip(chains, chairs, strict=True)
        ]
        return [record for each in played for record in each.result()]


class Talk:
    def __init__(self, chain: Chain, chair: Chair, address: str) -> None:
        self._chain = chain
        self._chair = chair
        self._phone = Phone(address, chair.authorization)
        self._stranger = Phone(address, chair.stranger_authorization)
        self._records: list[Record] = []
        self._order = ""

    def play(self) -> list[Record]:
        for number, step in enumerate(self._chain.steps):
            record = self._record(step, f"{self._chain.name}-{number}-key")
            self._records.append(record)
            rng = random.Random(step.seed)
            self._first(record, step, rng)
            if record.success is None:
                break
            if step.kind == "place":
                self._order = json.loads(record.success.body)["id"]
            for position, how in enumerate(step.again):
                self._again(record, how, step.turn + position, rng)
        for record in list(self._records):
            if not record.is_foreign and record.success:
                self._insist(record, "last", _bytes(record.body), self._phone_of(record))
        self._phone.close()
        self._stranger.close()
        return self._records

    def _phone_of(self, record: Record) -> Phone:
        return self._phone if record.principal == self._chair.principal else self._stranger

    def _record(self, step: Step, key: str) -> Record:
        chair, rng = self._chair, random.Random(step.seed)
        method, path = "POST", ""
        body: dict[str, Any] = {}
        if step.kind == "acknowledge":
            path = f"supplier/orders/{chair.target}/acknowledge"
            body = {"revision": chair.revision}
        elif step.kind == "cancel":
            path = f"orders/{self._order}/cancel"
            body = {"reason": "搬走了"} if rng.random() < 0.5 else {}
        else:
            body = _wanted(chair.menu, rng)
            method = "PUT" if step.kind == "change" else "POST"
            is_new = step.kind == "place"
            path = f"windows/{chair.target}/orders" if is_new else f"orders/{self._order}"
        return Record(chair.principal, key, step.kind, method, f"/api/v1/{path}", body)

    def _first(self, record: Record, step: Step, rng: random.Random) -> None:
        body = _bytes(record.body)
        if step.first == "lost":
            self._ask(record, "first", body, self._phone, copies=1, deaf=1)
        elif step.first == "burst":
            copies = rng.randint(2, 5)
            deaf = rng.randint(0, copies)
            self._ask(record, "first", body, self._phone, copies=copies, deaf=deaf)
        self._insist(record, "first", body, self._phone)

    def _again(self, record: Record, how: str, turn: int, rng: random.Random) -> None:
        body = _bytes(record.body)
        if how in ("same", "rewritten"):
            raw = rewritten(record.body) if how == "rewritten" else body
            self._insist(record, how, raw, self._phone)
        elif how in ("burst", "lost"):
            copies = 1 if how == "lost" else 3
            self._ask(record, how, body, self._phone, copies=copies, deaf=rng.randint(1, copies))
        elif how == "changed":
            others = changed(record.body, rng)
            name = sorted(others)[turn % len(others)]
            self._insist(record, f"changed: {name}", _bytes(others[name]), self._phone)
        elif how == "route":
            self._insist(record, "route", body, self._phone, path=self._other_path(record))
        else:
            self._as_stranger(record)

    def _other_path(self, record: Record) -> str:
        """The same operation on something else."""
        if record.kind in ("change", "cancel"):
            return record.path.replace(self._order, self._chair.other_target)
        return record.path.replace(self._chair.target, self._chair.other_target)

    def _as_stranger(self, record: Record) -> None:
        """The same key and request of somebody else: a request of his own, or none of his business."""
        own = next(
            (r for r in self._records if r.key == record.key and r.principal != record.principal),
            None,
        )
        if own is None:
            own = Record(
                self._chair.stranger,
                record.key,
                record.kind,
                record.method,
                record.path,
                record.body,
                is_foreign=record.kind != "place",
            )
            self._records.append(own)
        self._insist(own, "person", _bytes(record.body), self._stranger)

    def _ask(
        self, record: Record, how: str, body: bytes, phone: Phone, *, copies: int = 1, deaf: int = 0
    ) -> None:
        replies = phone.ask(
            record.method, record.path, body, key=record.key, copies=copies, deaf=deaf
        )
        record.replies += [(how, reply) for reply in replies]

    def _insist(
        self, record: Record, how: str, body: bytes, phone: Phone, *, path: str = ""
    ) -> None:
        """The same until there is a definite answer, or patience ends (then the oracle says so)."""
        deadline = time.monotonic() + PATIENCE
        while True:
            (reply,) = phone.ask(record.method, path or record.path, body, key=record.key)
            record.replies.append((how, reply))
            if is_definite(reply) or time.monotonic() > deadline:
                return
            time.sleep(0.03)


def _bytes(body: Body) -> bytes:
    return json.dumps(body).encode()


def _wanted(menu: Sequence[tuple[str, int]], rng: random.Random) -> dict[str, Any]:
    chosen = rng.sample(list(menu), rng.randint(1, min(3, len(menu))))
    lines = [
        {"offer": offer, "quantity": rng.randint(1, 3), "tolerance": rng.choice((0, 0, 1))}
        for offer, _price in chosen
    ]
    prices = dict(chosen)
    body: dict[str, Any] = {
        "lines": lines,
        "expected_total_fen": sum(
            prices[str(one["offer"])] * int(str(one["quantity"])) for one in lines
        ),
    }
    if rng.random() < 0.5:
        body["note"] = rng.choice(("放门口", "不要打电话", "Thank you 🙏"))
    return body
