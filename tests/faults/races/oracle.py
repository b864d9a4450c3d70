"""What must hold of a race, from what its clients asked and heard and from what the database says. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.races.facts import Facts, OrderRow
from tests.faults.races.plan import RacePlan
from tests.faults.races.talk import Answer, Command

# A refusal that a client may meet in a race; anything else is an error of ours.
_REFUSALS = {"window_not_open", "sold_out", "over_limit", "order_cancelled"}
_NOT_YET = {"busy", "idempotency_key_in_flight", "unavailable"}
# Seconds for which the server may still work on a request whose client hung up.
_LINGER = 8.0
# Clocks are told in microseconds.
_TICK = 2e-6


@dataclass(frozen=True)
class Breach:
    """`kind`: oversold, late, refused, lost, doubled, limit, total, number, answer, close or consolidation."""

    kind: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.sentence}"


@dataclass(frozen=True)
class Moments:
    """When orders were taken: until the first cutoff, and from the reopening (began, ended) until the second."""

    first: float
    reopened: tuple[float, float] | None = None
    second: float = 0.0

    @property
    def cutoffs(self) -> list[float]:
        return [self.first] if self.reopened is None else [self.first, self.second]

    def may_be_open(self, since: float, until: float) -> bool:
        """At some time between them."""
        if since < self.first + _TICK:
            return True
        return self.reopened is not None and (
            until > self.reopened[0] and since < self.second + _TICK
        )

    def is_open_throughout(self, since: float, until: float) -> bool:
        if until < self.first - _TICK:
            return True
        return self.reopened is not None and (
            since > self.reopened[1] and until < self.second - _TICK
        )


@dataclass(frozen=True)
class Deed:
    """An accepted command with its answer."""

    command: Command
    answer: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return self.command.request.kind

    @property
    def order(self) -> str:
        return str(self.answer["id"])


@dataclass(frozen=True)
class Case:
    """One race to be judged. `homes`: position → (community, household)."""

    plan: RacePlan
    homes: Mapping[int, tuple[int, int]]
    commands: Sequence[Command]
    facts: Facts
    moments: Moments


def judge(case: Case) -> list[Breach]:
    """Everything that is wrong with it."""
    deeds = [deed for command in case.commands if (deed := _deed(case, command))]
    found = [
        *_pieces(case),
        *_limits(case),
        *_totals(case),
        *_numbers(case),
        *_orders(case, deeds),
        *_histories(case, deeds),
        *_times(case),
        *_closing(case),
        *_consolidation(case),
    ]
    for command in case.commands:
        found += _answers(case, command)
        found += _needless_refusals(case, command, deeds)
    return found


def _deed(case: Case, command: Command) -> Deed | None:
    """What it did. Where every reply was lost, the database's own note tells whether it did anything."""
    success = command.success
    if success is not None:
        return Deed(command, json.loads(success.body))
    if command.is_unsure and (stored := case.facts.stored.get(_key(command))):
        return Deed(command, json.loads(stored[1]))
    return None


def _key(command: Command) -> tuple[str, str]:
    return f"user:{command.person}", command.request.key


# Stock.


def _pieces(case: Case) -> Iterator[Breach]:
    held: Counter[int] = Counter()
    for order in case.facts.orders:
        if order.is_live:
            held.update({offer: pieces for offer, (pieces, _t) in order.lines.items()})
    for offer, (cap, taken) in case.facts.offers.items():
        if cap is None:
            continue
        if held[offer] > cap:
            yield Breach("oversold", f"offer {offer}: {held[offer]} of {cap}")
        if held[offer] != taken:
            yield Breach("total", f"offer {offer}: {taken} taken, {held[offer]} ordered")


def _limits(case: Case) -> Iterator[Breach]:
    held: Counter[tuple[int, int]] = Counter()
    for order in case.facts.orders:
        if order.is_live:
            for offer, (pieces, tolerance) in order.lines.items():
                held[order.household, offer] += pieces + tolerance
    for (household, offer), pieces in held.items():
        limit = case.plan.offers[offer].limit
        if limit is not None and pieces > limit:
            yield Breach("limit", f"household {household}, offer {offer}: {pieces} of {limit}")


def _totals(case: Case) -> Iterator[Breach]:
    for order in case.facts.orders:
        total = sum(
            pieces * case.plan.offers[offer].price_fen
            for offer, (pieces, _t) in order.lines.items()
        )
        if (total, bool(order.lines)) != (order.total_fen, True):
            yield Breach("total", f"order {order.id}: {order.total_fen} fen, its lines {total}")


def _numbers(case: Case) -> Iterator[Breach]:
    for community, last in case.facts.last_numbers.items():
        numbers = sorted(o.number for o in case.facts.orders if o.community == community)
        if numbers != list(range(1, last + 1)):
            yield Breach("number", f"community {community}: {numbers}, the last one is {last}")


# Orders against what was accepted.


def _orders(case: Case, deeds: Sequence[Deed]) -> Iterator[Breach]:
    placed = [deed for deed in deeds if deed.kind == "place"]
    rows = {order.id: order for order in case.facts.orders}
    for order, times in Counter(deed.order for deed in placed).items():
        if times > 1:
            yield Breach("answer", f"order {order} was the answer to {times} requests")
    for deed in placed:
        row = rows.get(deed.order)
        if row is None:
            yield Breach("lost", f"order {deed.order} was accepted and is not there")
        elif (row.community, row.household) != case.homes[deed.command.home]:
            yield Breach("answer", f"order {deed.order} is another household's")
        elif row.number != deed.answer["number"]:
            yield Breach("number", f"order {deed.order} was told {deed.answer['number']}")
    for order in rows.keys() - {deed.order for deed in placed}:
        yield Breach("doubled", f"order {order} is there and nobody was told of it")


def _histories(case: Case, deeds: Sequence[Deed]) -> Iterator[Breach]:
    """Each order is what the accepted commands made of it, each of them carried out once."""
    by_order: dict[str, list[Deed]] = {}
    for deed in deeds:
        by_order.setdefault(deed.order, []).append(deed)
    for order in case.facts.orders:
        yield from _history(order, by_order.get(order.id, []))
    rows = case.facts.orders
    expected = Counter(
        {
            "order.placed": len(rows),
            "order.changed": sum(order.version - 1 for order in rows),
            "order.cancelled": sum(not order.is_live for order in rows),
        }
    )
    if case.facts.deeds != +expected:
        yield Breach("doubled", f"written down {dict(case.facts.deeds)}, done {dict(+expected)}")


def _history(order: OrderRow, deeds: Sequence[Deed]) -> Iterator[Breach]:
    written = sorted(
        (deed for deed in deeds if deed.kind != "cancel"), key=lambda deed: deed.answer["version"]
    )
    versions = [deed.answer["version"] for deed in written]
    if versions != list(range(1, order.version + 1)):
        kind = "doubled" if order.version > len(versions) else "lost"
        yield Breach(kind, f"order {order.id} has version {order.version}, accepted: {versions}")
    elif order.lines != {line[0]: line[1:] for line in written[-1].command.lines}:
        yield Breach("lost", f"order {order.id} is not what was accepted last")
    cancels = sum(deed.kind == "cancel" for deed in deeds)
    if cancels != (not order.is_live):
        yield Breach("doubled", f"order {order.id} is {order.status}, {cancels} times cancelled")


def _times(case: Case) -> Iterator[Breach]:
    """By the clock of the database, as it was written down."""
    for order in case.facts.orders:
        for moment in (order.placed_at, order.changed_at):
            if not case.moments.may_be_open(moment + _TICK, moment + _TICK):
                yield Breach("late", f"order {order.id} was taken at {moment:.6f}")


# Answers.


def _answers(case: Case, command: Command) -> Iterator[Breach]:
    what = f"{command.request.kind} {command.request.key}"
    successes = [answer for answer in command.answers if answer.is_success]
    if len({(answer.status, answer.body) for answer in successes}) > 1:
        yield Breach("answer", f"{what} was answered in two ways")
    if sum(not answer.replayed for answer in successes) > 1:
        yield Breach("doubled", f"{what} was carried out twice")
    if not successes and not command.answers[-1].is_definite:
        yield Breach("answer", f"{what} never came to an end: {command.answers[-1].status}")
    stored = case.facts.stored.get(_key(command))
    if successes and stored != (successes[0].status, successes[0].body):
        yield Breach("lost", f"the answer to {what} is not the stored one")
    if stored and not successes and not command.is_unsure:
        yield Breach("answer", f"{what} was refused and carried out")
    for answer in command.answers:
        yield from _answer(case, command, answer, what)


def _answer(case: Case, command: Command, answer: Answer, what: str) -> Iterator[Breach]:
    moments, since = case.moments, answer.sent
    if answer.is_success:
        # If the first reply was lost, the first request is the one that was carried out.
        since = min(one.sent for one in command.answers) if answer.replayed else since
        if not moments.may_be_open(since, answer.heard):
            yield Breach("late", f"{what} was sent at {since:.6f} and accepted")
        if command.request.kind != "cancel":
            total = command.request.body["expected_total_fen"]
            if json.loads(answer.body)["total_fen"] != total:
                yield Breach("total", f"{what} was answered with another total")
    elif answer.code == "window_not_open" and moments.is_open_throughout(since, answer.heard):
        yield Breach("refused", f"{what} was refused at {answer.heard:.6f}, before the cutoff")
    elif answer.code == "idempotency_key_in_flight" and not _in_flight(command, answer):
        yield Breach("answer", f"{what} was told to wait for nothing")
    elif answer.code == "unavailable" and case.plan.fault.kind != "restart":
        yield Breach("answer", f"{what} met a database that is away")
    elif answer.status >= 400 and answer.code not in _REFUSALS | _NOT_YET:
        yield Breach("answer", f"{what}: {answer.status} {answer.body[:200]!r}")


def _in_flight(command: Command, told: Answer) -> bool:
    """Another copy of the request was, or may have been, worked on."""
    return any(
        other.sent < told.heard
        and (other.heard if other.status else other.sent + _LINGER) > told.sent
        for other in command.answers
        if other is not told
    )


def _needless_refusals(case: Case, command: Command, deeds: Sequence[Deed]) -> Iterator[Breach]:
    """Whoever would have fitted in beside everything that was ever accepted must not be refused."""
    codes = {answer.code for answer in command.answers}
    if "sold_out" in codes:
        accepted = _accepted(deeds, home=None)
        caps = {line[0]: case.plan.offers[line[0]].cap for line in command.lines}
        if all(
            cap is None or accepted[offer] + pieces <= cap
            for (offer, pieces, _t) in command.lines
            for cap in [caps[offer]]
        ):
            yield Breach("refused", f"{command.request.key}: there were enough pieces")
    if "over_limit" in codes:
        own = _accepted(deeds, home=command.home)
        limits = {line[0]: case.plan.offers[line[0]].limit for line in command.lines}
        if all(
            limit is None or own[offer] + pieces + tolerance <= limit
            for (offer, pieces, tolerance) in command.lines
            for limit in [limits[offer]]
        ):
            yield Breach("refused", f"{command.request.key}: the household had not too many")


def _accepted(deeds: Sequence[Deed], *, home: int | None) -> Counter[int]:
    """Pieces of all that was ever accepted (of one home: with tolerances)."""
    sums: Counter[int] = Counter()
    for deed in deeds:
        if home in (None, deed.command.home):
            for offer, pieces, tolerance in deed.command.lines:
                sums[offer] += pieces + (tolerance if home is not None else 0)
    return sums


# The cutoff and the supplier's order.


def _closing(case: Case) -> Iterator[Breach]:
    facts, cutoffs = case.facts, case.moments.cutoffs
    if facts.status == "cancelled":
        if any(order.is_live for order in facts.orders):
            yield Breach("close", "the round was cancelled as if nobody had ordered")
        return
    if facts.status != "closed":
        yield Breach("close", f"the window is {facts.status}")
    # A cutoff is kept in microseconds. To round both would tear apart two that lie beside a half.
    pairs = zip(facts.closes, cutoffs, strict=False)
    if len(facts.closes) != len(cutoffs) or any(abs(one - other) > 1e-3 for one, other in pairs):
        yield Breach("close", f"closed for {facts.closes}, cutoffs {cutoffs}")
    expected = [f"window.closed:{facts.window}:{n}" for n in range(1, len(cutoffs) + 1)]
    if sorted(facts.events) != expected or facts.demand_revision != len(cutoffs):
        yield Breach("close", f"events {facts.events}, revision {facts.demand_revision}")


def _consolidation(case: Case) -> Iterator[Breach]:
    facts, plan = case.facts, case.plan
    if facts.status != "closed":
        return
    live = [order for order in facts.orders if order.is_live]
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for order in live:
        for offer, (pieces, tolerance) in order.lines.items():
            wanted, more = sums.get((order.community, offer), (0, 0))
            sums[order.community, offer] = wanted + pieces, more + tolerance
    # Nothing is sold in multiples here: what is wanted is what is ordered.
    expected = {key: (wanted, more, wanted) for key, (wanted, more) in sums.items()}
    if facts.consolidated != expected:
        yield Breach("consolidation", f"asked {facts.consolidated}, wanted {expected}")
    numbers = [revision[0] for revision in facts.revisions]
    if len(set(numbers)) != len(numbers) or numbers[-1:] != [facts.demand_revision]:
        yield Breach("consolidation", f"revisions {facts.revisions} of {facts.demand_revision}")
        return
    if {revision[1] for revision in facts.revisions[:-1]} - {"superseded"}:
        yield Breach("consolidation", f"two revisions count: {facts.revisions}")
    total = sum(wanted * plan.offers[offer].price_fen for (_c, offer), (wanted, _t) in sums.items())
    figures = (
        "prepared",
        len({order.household for order in live}),
        sum(len(order.lines) for order in live),
        total,
    )
    if facts.revisions[-1][1:] != figures:
        yield Breach("consolidation", f"{facts.revisions[-1][1:]} instead of {figures}")
