"""Some repeats over HTTP, and what the oracle makes of wrong ones. `make faults` asks ten thousand times."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.embedded.ports import LOOPBACK, bind
from config.kernel.idempotency import request_hash
from tests.concurrency.processes import environment, running
from tests.faults import programs
from tests.faults.phone import Reply
from tests.faults.retries import oracle, plan, talk, world
from tests.faults.retries.talk import Record

BODY = {
    "lines": [
        {"offer": "3f0e9b0a-6c1e-4a55-8f29-6f0b4a2c8d11", "quantity": 2, "tolerance": 1},
        {"offer": "5a0e9b0a-6c1e-4a55-8f29-6f0b4a2c8d12", "quantity": 1, "tolerance": 0},
    ],
    "expected_total_fen": 780,
    "note": "放门口",
}


@pytest.fixture
def address(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """Of web."""
    with bind(LOOPBACK, 0) as listener, (tmp_path / "log").open("w") as log:
        listener.listen(64)
        handle = listener.fileno()
        env = environment(WEB_WORKERS="1", WEB_THREADS="8", THROTTLE_PRINCIPAL="1000000/minute")
        with running(
            programs.web_command(handle)[1:], env, stdout=log, stderr=log, pass_fds=[handle]
        ):
            yield "http://{}:{}".format(*listener.getsockname()[:2])


@pytest.mark.timeout(90)
def test_repeats_of_every_kind_are_answered_as_the_first_time_or_refused(address: str) -> None:
    place = world.found(homes=4, people=1, released=2)
    rng = random.Random("slice")
    chains = plan.residents("slice", rng, 6, again=6)
    chains += plan.suppliers("slice-supply", rng, 2, again=4)

    records = talk.work(chains, [*place.chairs[:6], *place.supplier_chairs], address, threads=4)

    assert list(oracle.judge(records, world.stored())) == []
    assert list(world.wrong_effects(place, records)) == []
    count = oracle.count(records)
    assert count["commands"] >= 8
    assert count["retries"] > 50
    assert min(count[name] for name in ("replies_lost", "replayed", "refused_as_reused")) > 0


def test_changed_bodies_are_other_requests_and_rewritten_ones_the_same() -> None:
    others = plan.changed(BODY, random.Random(1))

    fields = ("offer", "quantity", "tolerance", "expected_total_fen", "note", "line")
    assert all(any(name.startswith(field) for name in others) for field in fields)
    hashes = {name: request_hash("POST", "/a", body) for name, body in others.items()}
    assert request_hash("POST", "/a", BODY) not in hashes.values()
    raw = plan.rewritten(BODY)
    assert raw != talk._bytes(BODY)
    assert request_hash("POST", "/a", json.loads(raw)) == request_hash("POST", "/a", BODY)


FIRST = Reply(1.0, 2.0, 201, b'{"id":1}', {"content-type": "application/json"})
AGAIN = Reply(3.0, 4.0, 201, b'{"id":1}', {**FIRST.headers, "idempotent-replayed": "true"})
REUSED = Reply(5.0, 6.0, 422, b'{"code":"idempotency_key_reused"}')
IN_FLIGHT = Reply(1.5, 1.6, 409, b'{"code":"idempotency_key_in_flight"}', {"retry-after": "1"})


def record(*replies: tuple[str, Reply], **fields: Any) -> Record:
    made = Record("user:1", "a-key-of-mine", "place", "POST", "/a", BODY, list(replies))
    return replace(made, **fields)


STORED = {("user:1", "a-key-of-mine"): (201, b'{"id":1}')}
RIGHT = [("first", FIRST), ("burst", IN_FLIGHT), ("same", AGAIN), ("changed: note", REUSED)]


def test_judge_of_right_repeats_finds_nothing() -> None:
    assert list(oracle.judge([record(*RIGHT)], STORED)) == []


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (("same", replace(AGAIN, body=b'{"id": 1}')), "in other bytes"),
        (("same", replace(AGAIN, status=200)), "in other bytes"),
        (("same", replace(AGAIN, headers={"idempotent-replayed": "true"})), "other headers"),
        (("same", FIRST), "carried out twice"),
        (("same", replace(IN_FLIGHT, sent=7.0, heard=8.0)), "nothing was in flight"),
        (("burst", replace(IN_FLIGHT, headers={})), "told to wait with 409"),
        (("route", AGAIN), "instead of 422"),
        (("changed: note", replace(REUSED, status=409)), "instead of 422"),
        (("same", Reply(7.0, 8.0, 500, b"")), "500"),
    ],
)
def test_judge_of_a_wrong_repeat_says_what_is_wrong(more: tuple[str, Reply], word: str) -> None:
    found = list(oracle.judge([record(*RIGHT, more)], STORED))

    assert len(found) == 1
    assert word in found[0]


def test_judge_of_what_is_kept_says_what_is_wrong() -> None:
    foreign = [("person", FIRST)]

    assert "is not the one that is kept" in next(oracle.judge([record(*RIGHT)], {}))
    assert "nobody asked for" in next(oracle.judge([], STORED))
    assert "for somebody else" in next(oracle.judge([record(*foreign, is_foreign=True)], STORED))
    assert "never answered" in next(oracle.judge([record(("first", Reply(1.0, 2.0)))], {}))
