"""Lists as people write them, each line with what a careful reader makes of it.

A file of lists/ has @goods (number | name | specification | unit | yuan), @doors (house | floors x doors | lane |
units; 1-8 are eight houses), perhaps @home (the chat group's houses) and @place (the address), and @list. There a
line ends with `=> door; goods=quantity …`, households parted by `/`, or with `=> ? …` where a careful reader would
ask: such a line must be doubtful or refused. Lines without a mark are no entries. The marks are cut off before the
parser sees the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from communities.addresses.register import Door, House, Register
from orders.chain.names.goods import Goods

FOLDER = Path(__file__).parent / "lists"
MARK = "=>"


@dataclass(frozen=True)
class Expected:
    """The right reading of one entry: its door as `house-room`, with `lane/` before it where two lanes have the house
    and `/unit` behind the house (empty: nobody can know); its goods by number.
    """

    line: int
    is_clear: bool
    door: str
    lines: dict[int, int]


@dataclass(eq=False)
class Corpus:
    name: str
    goods: list[Goods] = field(default_factory=list)
    houses: list[House] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    home: tuple[int, ...] = ()
    place: str = ""
    text: str = ""
    expected: list[Expected] = field(default_factory=list)

    @property
    def register(self) -> Register:
        return Register(tuple(self.houses), tuple(self.doors), name="样板苑", address=self.place)

    def door_of(self, household: int | None) -> str:
        if household is None:
            return ""
        door = next(one for one in self.doors if one.id == household)
        house = next(one for one in self.houses if one.id == door.house_id)
        twins = {one.lane for one in self.houses if one.number == house.number}
        lane = f"{house.lane}/" if len(twins) > 1 else ""
        return f"{lane}{house.number}{'/' * bool(house.unit)}{house.unit}-{door.room}"


@cache
def corpora() -> tuple[Corpus, ...]:
    return tuple(read(path) for path in sorted(FOLDER.glob("*.txt")))


def read(path: Path) -> Corpus:
    corpus, part, lines = Corpus(path.stem), "", []
    for line in path.read_text(encoding="utf-8").removesuffix("\n").split("\n"):
        if (
            line.startswith("@")
            and line.split()[0] in {"@goods", "@doors", "@home", "@place", "@list"}
            and part != "@list"
        ):
            part = line.split()[0]
            if part == "@home":
                numbers = line.split()[1:]
                corpus.home = tuple(h.id for h in corpus.houses if h.number in numbers)
            elif part == "@place":
                corpus.place = line.removeprefix("@place").strip()
        elif part == "@list":
            lines.append(line)
        elif part == "@goods":
            corpus.goods.append(_goods(line))
        elif part == "@doors":
            _add_doors(corpus, line)
    _add_list(corpus, lines)
    return corpus


def _goods(line: str) -> Goods:
    number, name, spec, unit, price, *_more = (cell.strip() for cell in line.split("|"))
    return Goods(int(number), int(number), name, spec, unit, round(float(price) * 100))


def _add_doors(corpus: Corpus, line: str) -> None:
    number, size, *more = (cell.strip() for cell in line.split("|"))
    lane, units = (*more, "", "")[:2]
    for name in _numbers(number):
        for unit in units.split(","):
            label = f"{name}号{unit and unit + '单元'}"
            house = House(len(corpus.houses) + 1, name, lane, unit, label=label)
            corpus.houses.append(house)
            for room in _rooms(size):
                corpus.doors.append(Door(1000 + len(corpus.doors), house.id, room))


def _numbers(text: str) -> list[str]:
    """1-8 are eight houses; 别墅21-40 are villas."""
    match = re.fullmatch(r"(\D*)(\d+)-(\d+)", text)
    if match is None:
        return [text]
    return [f"{match[1]}{n}" for n in range(int(match[2]), int(match[3]) + 1)]


def _rooms(size: str) -> list[str]:
    if "x" not in size:
        return [size]
    floors, flats = map(int, size.split("x"))
    return [f"{floor}{flat:02}" for floor in range(1, floors + 1) for flat in range(1, flats + 1)]


def _add_list(corpus: Corpus, lines: list[str]) -> None:
    text = []
    for number, line in enumerate(lines, start=1):
        words, mark, reading = line.partition(f" {MARK}")
        text.append(words)
        for one in reading.split(" / ") if mark else []:
            corpus.expected.append(_expected(number, one.strip()))
    corpus.text = "\n".join(text)


def _expected(number: int, reading: str) -> Expected:
    is_clear = not reading.startswith("?")
    door, _semicolon, goods = reading.removeprefix("?").partition(";")
    pairs = [pair.split("=") for pair in goods.split()]
    return Expected(number, is_clear, door.strip(), {int(key): int(value) for key, value in pairs})
