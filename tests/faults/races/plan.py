"""What happens in a race, by a seed: who wants what and when, how often he says it, what breaks. Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

CLIENTS = 50
# Who may order for one home, at most.
PEOPLE = 5
# Offer (by position), pieces, tolerance.
Line = tuple[int, int, int]


@dataclass(frozen=True)
class OfferPlan:
    """`cap` and `limit` (per household) are None where there is none; money in fen."""

    price_fen: int
    cap: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Act:
    """`kind`: place, change or cancel. At `at` seconds the request goes out in `copies` at once; of the first ones
    `deaf` replies are not listened to; `again` sends it once more after everything is known, under the same key.
    """

    at: float
    kind: str
    lines: tuple[Line, ...]
    copies: int = 1
    deaf: int = 0
    again: bool = False


@dataclass(frozen=True)
class ClientPlan:
    """`home`: position among the round's homes; `person`: which of its people."""

    home: int
    person: int
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Fault:
    """`kind`: none, kill or restart. `at`: seconds; for a kill, those for which the victim stands still. `stage` and
    `statement`: where it stands (a statement beyond the last one: right after its commit). `waits`: nobody but the
    sweep takes the victim's work over.
    """

    kind: str = "none"
    at: float = 0.0
    stage: str = "orders.close"
    statement: int = 0
    waits: bool = False


@dataclass(frozen=True)
class RacePlan:
    """Seconds count from the start. `cutoff` is the first one (infinite: once there are `after_orders` orders or, if
    that is 0, once everybody has finished); `reopen` how long after it the window opens again (None: never), and
    `second` the seconds between the two cutoffs. `restocks`: (at, offer, pieces more). `closers`: ways of those who
    close at once, `job` or `verb`.
    """

    seed: str
    way: str
    communities: int
    homes: int
    offers: tuple[OfferPlan, ...]
    clients: tuple[ClientPlan, ...]
    cutoff: float
    closers: tuple[str, ...]
    after_orders: int = 0
    reopen: float | None = None
    second: float = 1.0
    restocks: tuple[tuple[float, int, int], ...] = ()
    fault: Fault = Fault()
    # Seconds that a statement of an order dawdles, at most: the races become wider.
    dawdle: float = 0.0

    @property
    def is_calm(self) -> bool:
        """The cutoff is not in it."""
        return self.cutoff == math.inf and not self.after_orders

    @property
    def end(self) -> float:
        """Of the last act, if nobody is late."""
        return max(act.at for client in self.clients for act in client.acts)


def make(seed: str, *, way: str, fault: str = "none", clients: int = CLIENTS) -> RacePlan:
    """A race. `way`: `http` or `verbs`; `fault`: none, kill or restart."""
    rng = random.Random(seed)
    offers = _offers(rng)
    cutoff = rng.uniform(0.4, 0.8)
    reopen = rng.uniform(0.0, 0.25) if fault != "restart" and rng.random() < 0.3 else None
    second = rng.uniform(1.0, 1.2)
    end = cutoff + (second if reopen is not None else 0.0) + 0.03
    moments = [0.0, 0.0, cutoff - 0.03, *([cutoff + second] if reopen is not None else [])]
    homes = rng.randint(12, 24)
    return RacePlan(
        seed=seed,
        way=way,
        communities=rng.choice((1, 2)),
        homes=homes,
        offers=offers,
        clients=_clients(rng, clients, homes, offers, moments=moments, end=end),
        cutoff=cutoff,
        closers=tuple(rng.choices(("job", "verb"), k=rng.randint(1, 4))),
        reopen=reopen,
        second=second,
        restocks=_restocks(rng, offers, end),
        fault=_fault(rng, fault, cutoff),
        dawdle=rng.choice((0.0, 0.0, 0.01, 0.03)) if way == "verbs" else 0.0,
    )


def paced(made: RacePlan, pace: float) -> RacePlan:
    """The same on a machine that is so many times slower: every time stretched."""
    return replace(
        made,
        clients=tuple(
            replace(client, acts=tuple(replace(act, at=act.at * pace) for act in client.acts))
            for client in made.clients
        ),
        cutoff=made.cutoff * pace,
        second=max(1.0, made.second * pace),
        restocks=tuple((at * pace, offer, more) for at, offer, more in made.restocks),
        fault=replace(
            made.fault, at=made.fault.at * (pace if made.fault.kind == "restart" else 1.0)
        ),
    )


def _offers(rng: random.Random) -> tuple[OfferPlan, ...]:
    """Few pieces, few for each household, both, and two without an end; in any order."""
    offers = [
        OfferPlan(rng.randint(100, 3000), cap=rng.randint(1, 12)),
        OfferPlan(rng.randint(100, 3000), cap=rng.randint(10, 40)),
        OfferPlan(rng.randint(100, 3000), limit=rng.randint(1, 4)),
        OfferPlan(rng.randint(100, 3000), cap=rng.randint(5, 30), limit=rng.randint(1, 3)),
        OfferPlan(rng.randint(100, 3000)),
        OfferPlan(rng.randint(100, 3000)),
    ]
    rng.shuffle(offers)
    return tuple(offers)


def _clients(
    rng: random.Random,
    count: int,
    homes: int,
    offers: Sequence[OfferPlan],
    *,
    moments: Sequence[float],
    end: float,
) -> tuple[ClientPlan, ...]:
    seen = [0] * homes
    clients = []
    for number in range(count):
        # Every home orders, and in most of them several people do at once.
        free = [home for home in range(homes) if seen[home] < PEOPLE]
        home = number if number < homes else rng.choice(free)
        times = sorted(_moment(rng, moments, end) for _act in range(rng.randint(1, 3)))
        acts = tuple(
            _act(rng, at, "place" if position == 0 else None, len(offers))
            for position, at in enumerate(times)
        )
        clients.append(ClientPlan(home=home, person=seen[home], acts=acts))
        seen[home] += 1
    return tuple(clients)


def _moment(rng: random.Random, moments: Sequence[float], end: float) -> float:
    """Half of all acts fall on the moments that matter."""
    if rng.random() < 0.5:
        return max(0.0, rng.choice(moments) + rng.uniform(-0.03, 0.03))
    return rng.uniform(0.0, end)


def _act(rng: random.Random, at: float, kind: str | None, offers: int) -> Act:
    chosen = rng.sample(range(offers), rng.randint(1, 3))
    lines = tuple(
        (offer, rng.choice((1, 1, 1, 2, 3)), rng.choice((0, 0, 0, 0, 1))) for offer in chosen
    )
    copies = rng.choices((1, 2, 3), (8, 1, 1))[0]
    return Act(
        at=at,
        kind=kind or rng.choices(("place", "change", "cancel"), (4, 4, 2))[0],
        lines=lines,
        copies=copies,
        deaf=rng.randint(0, copies) if rng.random() < 0.15 else 0,
        again=rng.random() < 0.15,
    )


def _restocks(
    rng: random.Random, offers: Sequence[OfferPlan], end: float
) -> tuple[tuple[float, int, int], ...]:
    capped = [position for position, offer in enumerate(offers) if offer.cap is not None]
    return tuple(
        (rng.uniform(0.0, end), rng.choice(capped), rng.randint(1, 8))
        for _restock in range(rng.choice((0, 1, 2)))
    )


def _fault(rng: random.Random, kind: str, cutoff: float) -> Fault:
    if kind == "kill":
        return Fault(
            kind,
            at=rng.uniform(0.0, 0.05),
            stage=rng.choice(("orders.close", "orders.close", "orders.consolidate")),
            statement=rng.randint(1, 16),
            waits=rng.random() < 0.5,
        )
    if kind == "restart":
        return Fault(kind, at=max(0.05, cutoff + rng.uniform(-0.4, 0.3)))
    return Fault()
