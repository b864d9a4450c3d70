"""Who lives in the town and who does what, as plain values: the same ones each time. Knows no Django."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seeds.qibao.estates import SEED, Estate
from seeds.wanping.names import family, single_name

# Households with one person, with two …; a town of 30,000 has about 80,000 people.
_SIZES = (1, 2, 3, 4, 5, 6)
_SIZE_WEIGHTS = (16, 27, 28, 17, 9, 3)
# In per mille of the small households (one or two people) and of the others.
_CARE = (90, 15)
_WITHOUT_SMARTPHONE = (110, 20)
# Of those without, in per cent: a relative elsewhere in town orders for them.
_WITH_RELATIVE = 60
ORGANISERS_PER_100 = 34
_MOST_COMMUNITIES = 4
_VOLUNTEER_FOR = 100
_LEADER_FROM = 12


@dataclass(frozen=True, slots=True)
class Home:
    """A household: `door` counts in its estate (from 0). `relative` orders for it from elsewhere; else the first of
    `people`, who speaks for it, if there is a smartphone.
    """

    door: int
    stairwell: int
    room: str
    people: tuple[str, ...]
    needs_care: bool
    has_smartphone: bool
    relative: str

    @property
    def orders(self) -> bool:
        return self.has_smartphone or bool(self.relative)


@dataclass(frozen=True, slots=True)
class Post:
    """A role in an estate. Its holder lives there at `door`, or elsewhere (None). A leader leads the own stairwell."""

    role: str
    username: str
    door: int | None = None


def homes(estate: Estate) -> list[Home]:
    """Everybody of one estate, stairwell by stairwell, room by room."""
    chance = random.Random(f"{SEED} homes {estate.position}")
    doors = [
        (number, room)
        for number, stairwell in enumerate(estate.stairwells)
        for room in stairwell.rooms
    ]
    return [_home(chance, door, *where) for door, where in enumerate(doors)]


def _home(chance: random.Random, door: int, stairwell: int, room: str) -> Home:
    [size] = chance.choices(_SIZES, _SIZE_WEIGHTS)
    is_large = size > 2
    has_smartphone = chance.randrange(1000) >= _WITHOUT_SMARTPHONE[is_large]
    needs_relative = not has_smartphone and chance.randrange(100) < _WITH_RELATIVE
    return Home(
        door=door,
        stairwell=stairwell,
        room=room,
        people=family(chance, size),
        needs_care=chance.randrange(1000) < _CARE[is_large],
        has_smartphone=has_smartphone,
        relative=single_name(chance) if needs_relative else "",
    )


def posts(estate: Estate, households: Sequence[Home]) -> list[Post]:
    """Who is on duty in one estate beside its organiser: people who live there, and two who do not."""
    chance = random.Random(f"{SEED} posts {estate.position}")
    able = [home for home in households if home.has_smartphone]
    wanted = [
        *["checker"] * 2,
        "treasurer",
        "owners_committee",
        *["volunteer"] * (1 + len(households) // _VOLUNTEER_FOR),
    ]
    chosen = chance.sample(able, min(len(able), len(wanted)))
    counts: dict[str, int] = {}
    made: list[Post] = []
    for role, home in zip(wanted, chosen, strict=False):
        counts[role] = counts.get(role, 0) + 1
        made.append(Post(role, _username(estate, role, counts[role]), home.door))
    taken = {post.door for post in made}
    made += _leaders(estate, [home for home in able if home.door not in taken])
    made.append(Post("property", _username(estate, "property", 1)))
    return made


def _leaders(estate: Estate, able: Sequence[Home]) -> Iterator[Post]:
    """One in each stairwell that is no row of villas."""
    seen: set[int] = set()
    for home in able:
        if home.stairwell not in seen and estate.stairwells[home.stairwell].homes >= _LEADER_FROM:
            seen.add(home.stairwell)
            username = _username(estate, "leader", home.stairwell + 1)
            yield Post("building_leader", username, home.door)


def _username(estate: Estate, role: str, number: int) -> str:
    """qibao-017-checker-2."""
    return f"qibao-{estate.position:03}-{role.replace('_', '-')}-{number}"


def organisers(communities: int) -> list[list[int]]:
    """For each organiser the positions of his one to four communities; each community has one. 34 for 100."""
    chance = random.Random(f"{SEED} organisers")
    count = max(1, -(-communities * ORGANISERS_PER_100 // 100))
    shares = [1] * count
    for _more in range(communities - count):
        able = [number for number, share in enumerate(shares) if share < _MOST_COMMUNITIES]
        shares[chance.choice(able)] += 1
    positions = iter(range(1, communities + 1))
    return [[next(positions) for _turn in range(share)] for share in sorted(shares, reverse=True)]


def name_of(username: str) -> str:
    """Of somebody who does not live in the town."""
    return single_name(random.Random(f"{SEED} {username}"))
