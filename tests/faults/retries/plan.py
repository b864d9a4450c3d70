"""Commands and how often, in which way, each is asked again; by a seed. Pure."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Body = Mapping[str, Any]
# The same request: as it was, written differently, three at once, without waiting for the answer.
SAME = ("same", "rewritten", "burst", "lost")
# Another one under the same key: one field changed, another address, another person.
OTHER = ("changed", "route", "person")


@dataclass(frozen=True)
class Step:
    """One command: `kind` is place, change, cancel or acknowledge; `first` how it is asked at first (plain, lost or
    burst); `again`: the retries. `changed` ones go through the fields in turn, from a chosen one.
    """

    kind: str
    first: str
    again: tuple[str, ...]
    turn: int
    seed: int


@dataclass(frozen=True)
class Chain:
    """What one client does, step after step; at the end everything is asked once more."""

    name: str
    steps: tuple[Step, ...]


def residents(name: str, rng: random.Random, count: int, *, again: int) -> list[Chain]:
    """An order each; half of them are changed, two fifths cancelled. About `again` retries to a command."""
    chains = []
    for number in range(count):
        kinds = ["place"]
        kinds += ["change"] * (rng.random() < 0.5)
        kinds += ["cancel"] * (rng.random() < 0.4)
        chains.append(_chain(f"{name}-{number:04d}", kinds, rng, again))
    return chains


def suppliers(name: str, rng: random.Random, count: int, *, again: int) -> list[Chain]:
    """Each acknowledges one revision, some twice (under another key)."""
    return [
        _chain(f"{name}-{number:04d}", ["acknowledge"] * rng.randint(1, 2), rng, again)
        for number in range(count)
    ]


def _chain(name: str, kinds: Sequence[str], rng: random.Random, again: int) -> Chain:
    return Chain(name, tuple(_step(kind, rng, again) for kind in kinds))


def _step(kind: str, rng: random.Random, again: int) -> Step:
    return Step(
        kind=kind,
        first=rng.choices(("plain", "lost", "burst"), (5, 3, 2))[0],
        again=tuple(
            rng.choices((*SAME, *OTHER), (6, 3, 2, 3, 7, 1, 1))[0]
            for _retry in range(rng.randint(again - 2, again + 2))
        ),
        turn=rng.randrange(20),
        seed=rng.randrange(10**9),
    )


def rewritten(body: Body) -> bytes:
    """The same JSON for a reader, in other bytes: members in another order, other blanks."""
    return json.dumps(_reversed(body), indent=1, ensure_ascii=False).encode()


def _reversed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _reversed(value[name]) for name in reversed(list(value))}
    if isinstance(value, list):
        return [_reversed(each) for each in value]
    return value


def changed(body: Body, rng: random.Random) -> dict[str, Body]:
    """The body with one thing changed: name of the change → body. Every field has its turn."""
    others: dict[str, Body] = {"unknown member": {**body, "unknown": 1}, "nothing": {}}
    if body == {}:
        del others["nothing"]
    for name, value in body.items():
        if name != "lines":
            others[f"{name} changed"] = {**body, name: _another(value)}
            others[f"{name} as text"] = {**body, name: f" {value}"}
            others[f"{name} null"] = {**body, name: None}
            others[f"without {name}"] = {key: each for key, each in body.items() if key != name}
    if "note" not in body and "lines" in body:
        others["note added"] = {**body, "note": "放门口"}
    if "lines" in body:
        for name, lines in _changed_lines(body["lines"], rng).items():
            others[name] = {**body, "lines": lines}
    return others


def _another(value: Any) -> Any:
    return value + 1 if isinstance(value, int) else f"{value}!"


def _changed_lines(lines: list[dict[str, Any]], rng: random.Random) -> dict[str, Any]:
    at = rng.randrange(len(lines))
    line, rest = lines[at], [*lines[:at], *lines[at + 1 :]]
    stranger = str(UUID(int=rng.getrandbits(128), version=4))
    others: dict[str, Any] = {
        "offer changed": [*rest[:at], {**line, "offer": stranger}, *rest[at:]],
        "line added": [*lines, {"offer": stranger, "quantity": 1, "tolerance": 0}],
        "line twice": [*lines, line],
        "no lines": [],
    }
    for name in ("quantity", "tolerance"):
        for how, value in (("changed", line[name] + 1), ("as a fraction", line[name] + 0.0)):
            others[f"{name} {how}"] = [*rest[:at], {**line, name: value}, *rest[at:]]
    if len(lines) > 1:
        others["line removed"] = rest
        others["lines turned round"] = lines[::-1]
    return others
