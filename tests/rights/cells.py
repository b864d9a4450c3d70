"""The cells of the matrix: which there are, and how the answer to each is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import cache

from django.http import HttpResponse

from tests.rights.asking import Asker
from tests.rights.digest import changed, digest, rolled_back
from tests.rights.expectations import HERE, ROWS, Cell, Row, asked_by, expected, is_outside
from tests.rights.identities import LIVES
from tests.rights.routes import METHODS
from tests.rights.targets import NOTHING
from tests.rights.world import (
    COMMUNITIES,
    RESIDENTS,
    ROOMS,
    STAFF_HERE,
    STAFF_THERE,
    World,
    phone_of,
)


@cache
def cells(route: str, world: World) -> tuple[Cell, ...]:
    """Method × identity × object; HEAD comes right behind its GET.

    A method without a row must be refused whatever the address names, so one object does. HEAD, and whoever is not let
    in at all, try one object that there is and one that there is not.
    """
    return tuple(_cells(route, world))


def _cells(route: str, world: World) -> Iterator[Cell]:
    objects = {
        row.method: {target.name: target for target in row.targets(world)}
        for row in ROWS
        if row.route == route
    }
    everything = {name: target for some in objects.values() for name, target in some.items()}
    sample = next(iter(everything))
    few = {sample, NOTHING}
    for identity in asked_by(route):
        outside = is_outside(identity, route)
        for name, target in everything.items():
            tried = name in few if outside else target.for_all or identity in RESIDENTS
            for method in METHODS if tried else ():
                known = objects.get("GET" if method == "HEAD" else method)
                if known is None and name == sample:
                    yield Cell(method, route, identity, target)
                elif known is not None and (method != "HEAD" or name in few):
                    yield Cell(method, route, identity, known[name])


def success_of(row: Row, world: World) -> Cell:
    """A cell in which the row does what it is for."""
    for cell in cells(row.route, world):
        if cell.method == row.method and expected(cell)[0] < 400:
            return cell
    raise AssertionError(f"{row}: it needs a target in {HERE} with which it succeeds")


def address_of(cell: Cell) -> str:
    return cell.route.format(**cell.target.path)


def private_from(identity: str, world: World) -> list[str]:
    """What this identity must read nowhere: names, phones and notes of all, places and goods of others."""
    homes = LIVES.get(identity, [])
    near = {home.partition(" ")[0] for home in homes}
    near |= {"sister"} if identity == "empty_flat" else set()
    near |= {"home"} if identity in (*STAFF_HERE, "supplier_shop") else set()
    near |= {"far"} if identity in (*STAFF_THERE, "supplier_baker") else set()
    if identity == "supplier_shared":
        near |= {"home", "far"}
    words = ["138****", "+86138", *(f"{place}居民" for place in COMMUNITIES)]
    words += [phone_of(place, room) for place in COMMUNITIES for room in ROOMS]
    for place in COMMUNITIES:
        words += world.private[place] if place not in near else []
        words += [f"备注-{place}-{room}" for room in ROOMS if f"{place} {room}" not in homes]
    return words


@dataclass
class Matrix:
    """The world, a client for each identity, and the cells that were judged."""

    world: World
    askers: dict[str, Asker]
    judged: dict[str, int] = field(default_factory=dict)
    # Every refusal of one kind has the same bytes, whatever was asked for and whoever asked.
    refusals: dict[tuple[str, str], bytes] = field(default_factory=dict)
    _words: dict[str, list[str]] = field(default_factory=dict)
    _shown: HttpResponse | None = None

    def judge(self, route: str) -> list[str]:
        """What is wrong with a route, as sentences."""
        tried = cells(route, self.world)
        wrong = self.wrong(tried)
        self.judged[route] = len(tried)
        return wrong

    def wrong(self, tried: Sequence[Cell]) -> list[str]:
        """Requests that must not write are made one after the other, then the whole database must be as it was; the
        others are rolled back.
        """
        with rolled_back():
            before = digest()
            wrong = [f"{cell}: {why}" for cell in tried for why in self._judge(cell)]
            tables = changed(before, digest())
        if tables:
            wrong += [f"something changes {sorted(tables)}", *self._culprits(tried)]
        return wrong

    def _ask(self, cell: Cell) -> HttpResponse:
        client = self.askers[cell.identity]
        return client.ask(cell.method, address_of(cell), cell.target.body)

    def _judge(self, cell: Cell) -> Iterator[str]:
        status, code = expected(cell)
        writes = status < 400 and cell.row is not None and cell.row.writes
        with rolled_back() if writes else nullcontext():
            answer = self._ask(cell)
        if answer.status_code != status:
            yield f"{status} expected, {answer.status_code} answered {answer.content[:200]!r}"
        elif cell.method == "HEAD" and cell.row is not None:
            yield from self._differences_of_head(answer)
        elif status >= 400 and cell.method != "HEAD" and cell.route.startswith("/api/"):
            yield from self._flaws_of_refusal(cell, answer, code)
        text = answer.content.decode(errors="replace") + str(answer.headers)
        for word in self._hidden(cell.identity):
            if word in text:
                yield f"shows {word!r}"
        self._shown = answer if cell.method == "GET" else None

    def _hidden(self, identity: str) -> list[str]:
        if identity not in self._words:
            self._words[identity] = private_from(identity, self.world)
        return self._words[identity]

    def _differences_of_head(self, answer: HttpResponse) -> Iterator[str]:
        if self._shown is not None and _headers(answer) != _headers(self._shown):
            yield f"HEAD has {_headers(answer)}, GET {_headers(self._shown)}"
        if answer.content:
            yield "HEAD with a body"

    def _flaws_of_refusal(self, cell: Cell, answer: HttpResponse, code: str) -> Iterator[str]:
        if not answer.headers["Content-Type"].startswith("application/json"):
            yield f"a refusal in {answer.headers['Content-Type']}"
            return
        body = json.loads(answer.content)
        if set(body) != {"code", "detail", "fields"}:
            yield f"members {sorted(body)}"
        if answer.status_code == 409:
            return
        method = cell.method if code == "method_not_allowed" else ""
        same = self.refusals.setdefault((code, method), answer.content)
        if body["code"] != code or body["fields"] or answer.content != same:
            yield f"{code} expected with nothing else, {body} answered"

    def _culprits(self, tried: Sequence[Cell]) -> Iterator[str]:
        """The cells that change something although they must not, each tried alone."""
        for cell in tried:
            if not (cell.row and cell.row.writes and expected(cell)[0] < 400):
                with rolled_back():
                    before = digest()
                    self._ask(cell)
                    if tables := changed(before, digest()):
                        yield f"{cell}: changes {sorted(tables)}"


def _headers(answer: HttpResponse) -> dict[str, str]:
    """All that depend on the answer rather than on the request or on the second."""
    passing = ("X-Request-ID", "Expires")
    return {name: value for name, value in answer.headers.items() if name not in passing}
