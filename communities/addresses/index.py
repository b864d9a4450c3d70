"""A register made ready to be asked: what each house and door is called, in parts. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from communities.addresses.pieces import (
    AREAS,
    BARE,
    DOORWAY,
    HOUSE,
    LANE,
    NAME,
    ROOM,
    STEMS,
    UNIT,
    Phrase,
    Piece,
    Vocabulary,
    cut,
    squeezed,
)
from communities.addresses.register import Door, House, Register
from communities.addresses.signs import plain
from communities.addresses.suffixes import ANY_SUFFIX

# Words for kinds of places; "6号别墅" names a villa also where the register says 别墅6.
_NUMBERED_NAME = re.compile(
    r"(?P<name>\D+?)(?P<number>\d+[A-Z]?)号?|(?P<first>\d+[A-Z]?)号(?P<after>\D+)"
)
_STREET = re.compile(r"[\u4e00-\u9fff]{1,8}?(?:公路|大道|路|街(?!坊|道)|巷)")
_ABOVE = re.compile(r"[\u4e00-\u9fff]{1,7}?(?:省|市|新区|区|县|街道|镇|乡)(?=[\u4e00-\u9fff])")
_PLAIN_NUMBER = re.compile(rf"附?\d+[A-Z{STEMS}]?|[A-Z]\d*|[{STEMS}]")
_ROOM_WORDS = re.compile(r"号房间|号室|房间|[室房户号]$|[室房户](?=[^\d])")


@dataclass(frozen=True, slots=True)
class Element:
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Way:
    """How one gets to a house: 500弄, 2支弄, 3组 …, then its number or name, then its unit."""

    house: House
    areas: tuple[Element, ...]
    number: tuple[Element, ...]
    unit: tuple[Element, ...]

    @property
    def path(self) -> tuple[Element, ...]:
        return self.areas + self.number + self.unit


@dataclass
class Index:
    ways: dict[int, Way] = field(default_factory=dict)
    # Value of any part → houses that have it.
    by_value: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    elements: set[Element] = field(default_factory=set)
    # House → room as people write it → doors (two where the register itself has a household twice).
    rooms: dict[int, dict[str, list[Door]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    doors: dict[int, list[Door]] = field(default_factory=lambda: defaultdict(list))
    words: Vocabulary = field(default_factory=Vocabulary)
    own: tuple[Element, ...] = ()
    streets: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    has_units: bool = False
    knows_lanes: bool = False

    def same_number(self, way: Way) -> list[Way]:
        """Stairwells of the same house, this one among them."""
        return [
            other
            for other in self.ways.values()
            if (other.areas, other.number) == (way.areas, way.number)
        ]

    def rooms_run_on(self, ways: list[Way]) -> bool:
        """No room number occurs in two of these stairwells: then the unit need not be said."""
        seen: set[str] = set()
        for way in ways:
            rooms = set(self.rooms[way.house.id])
            if seen & rooms or not rooms:
                return False
            seen |= rooms
        return True


def room_key(room: str) -> str:
    """301, 301室, ３０１ and 0301 are one room; 301-A is 301A."""
    text = squeezed(plain(room).text)
    text = re.sub(r"(?<=\d)-(?=[A-Z])", "", _ROOM_WORDS.sub("", text))
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)


@lru_cache(maxsize=16)
def index_of(register: Register) -> Index:
    """Registers are compared by identity: a changed one is another."""
    index = Index()
    for house in register.houses:
        way = _way(house)
        index.ways[house.id] = way
        index.elements.update(way.path)
        for value in {element.value for element in way.path}:
            index.by_value[value].append(house.id)
        index.has_units |= bool(way.unit)
        index.knows_lanes |= any(element.kind == LANE for element in way.areas)
    for door in register.doors:
        index.doors[door.house_id].append(door)
        if key := room_key(door.room):  # an empty one nobody can write
            index.rooms[door.house_id][key].append(door)
    index.own, index.streets, index.names = _own(register)
    index.words = _vocabulary(register, index)
    return index


def _elements(text: str, kind: str) -> tuple[Element, ...]:
    """Parts of a stored field: 1177弄二支弄 → 弄 1177, 支弄 2; 东区 → a name."""
    signs = re.sub(r"^付(?=\d)", "附", squeezed(plain(text).text))
    if not signs:
        return ()
    if _PLAIN_NUMBER.fullmatch(signs):
        return (Element(kind, signs.lstrip("0") or "0"),)
    found: list[Element] = []
    words = Vocabulary(values=ANY_SUFFIX, kinds=AREAS)
    rest = signs
    for piece in cut(signs, words):
        if piece.gap.strip("- "):
            found.append(Element(NAME, piece.gap.strip("- ")))
        found.append(Element(_stored_kind(piece, kind), piece.value))
        rest = signs[piece.end :]
    if rest:
        found.append(Element(NAME, rest))
    is_simple = all(element.kind != NAME for element in found) and (
        kind != HOUSE or len(found) == 1
    )
    if is_simple or (kind == LANE and any(element.kind in AREAS for element in found)):
        return tuple(found)
    return (Element(NAME, signs),)


def _stored_kind(piece: Piece, kind: str) -> str:
    if piece.kind in AREAS:
        return piece.kind
    return kind if piece.kind in {BARE, HOUSE, ROOM, DOORWAY, UNIT} else piece.kind


def _way(house: House) -> Way:
    return Way(
        house,
        areas=_elements(house.lane, LANE),
        number=_elements(house.number, HOUSE),
        unit=_elements(house.unit, UNIT),
    )


def _own(register: Register) -> tuple[tuple[Element, ...], frozenset[str], frozenset[str]]:
    """The compound's own lane or street number, its streets and its names."""
    names = {register.name, *register.rules.names} - {""}
    address = squeezed(plain(register.address).text)
    for _again in range(4):
        address = _ABOVE.sub("", address, count=1) if _ABOVE.match(address) else address
    streets = set(_STREET.findall(address))
    rest = _STREET.sub("", address)
    own: list[Element] = []
    for piece in cut(rest, Vocabulary(values=ANY_SUFFIX, kinds=AREAS)):
        if piece.kind in AREAS | {HOUSE}:
            own.append(Element(piece.kind, piece.value))
        if piece.gap and len(piece.gap) > 1:
            names.add(piece.gap)
    for way in register.houses:
        streets |= set(_STREET.findall(squeezed(plain(way.lane).text)))
    plain_names = {squeezed(plain(name).text) for name in names}
    return tuple(own), frozenset(streets), frozenset(plain_names)


def _vocabulary(register: Register, index: Index) -> Vocabulary:
    values = {element.value for way in index.ways.values() for element in way.path}
    values |= {key for rooms in index.rooms.values() for key in rooms}
    kinds = {element.kind for way in index.ways.values() for element in way.path}
    kinds |= {element.kind for element in index.own}
    phrases = _phrases(register, index)
    return Vocabulary(
        frozenset(values), frozenset(kinds), _pattern(phrases), tuple(phrases.items())
    )


def _phrases(register: Register, index: Index) -> dict[str, Phrase]:
    """Every name of the register as it is said. An alias beats a name that is spelled like it."""
    own = (name for name in sorted(index.names | index.streets) if len(name) > 1)
    phrases = {name: Phrase(name, is_own=True) for name in own}
    phrases |= {f"{name}小区": Phrase(name, is_own=True) for name in index.names if len(name) > 1}
    for name in sorted(_house_names(index) | _room_names(index)):
        for words in _ways_to_say(name):
            phrases.setdefault(words, Phrase(name))
    for alias in register.rules.aliases:
        words = squeezed(plain(alias.words).text)
        if words:
            ids = phrases[words].ids if words in phrases else ()
            phrases[words] = Phrase(words, (*ids, alias.house_id), alias.door_id)
    return phrases


def _house_names(index: Index) -> set[str]:
    named = (e.value for way in index.ways.values() for e in way.path if e.kind == NAME)
    return set(named) - index.streets


def _room_names(index: Index) -> set[str]:
    keys = (key for rooms in index.rooms.values() for key in rooms)
    return {key for key in keys if not re.fullmatch(r"[\dA-Z-]+", key)}


def _ways_to_say(name: str) -> list[str]:
    """别墅6 is also 别墅6号 and 6号别墅; 95-99 is 95-99号楼."""
    ways = [name]
    if name[-1].isdecimal():
        ways += [f"{name}{mark}" for mark in ("号", "号楼", "幢", "栋", "#")]
    if match := _NUMBERED_NAME.fullmatch(name):
        word = match["name"] or match["after"]
        number = match["number"] or match["first"]
        ways += [f"{word}{number}号", f"{word}{number}", f"{number}号{word}", f"{number}{word}"]
    return ways


def _pattern(phrases: dict[str, Phrase]) -> re.Pattern[str] | None:
    """Longest first; blanks between signs do not matter; a digit at an end is a whole number."""
    if not phrases:
        return None
    longest = sorted(phrases, key=lambda words: (-len(words), words))
    return re.compile("|".join(_spaced(words) for words in longest), re.IGNORECASE)


def _spaced(words: str) -> str:
    start = (
        r"(?<![0-9])" if words[0].isdecimal() else r"(?<![A-Za-z])" if words[0].isascii() else ""
    )
    if re.fullmatch(r"\d+[^\d号]+", words):
        # 牛奶1 别墅11号 is no 1别墅.
        return start + r"\s*".join(map(re.escape, words)) + r"(?!\s?\d+\s?[号幢栋#])"
    end = r"(?![0-9])" if words[-1].isdecimal() else r"(?![A-Za-z])" if words[-1].isascii() else ""
    return start + r"\s*".join(re.escape(sign) for sign in words) + end
