"""Places, phones and yes or no as people type them into a roster. No Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from communities.addresses.parts import Parts, parts_of
from communities.addresses.pieces import squeezed
from communities.addresses.signs import numeral, plain
from communities.phones import normalise_phone

MAX_ROOM = MAX_NUMBER = 20
MAX_NAME = 40
MOST_PEOPLE = 30

_YES = {"是", "有", "√", "✓", "✔", "y", "yes", "1", "对", "要", "需要", "true", "v"}
_NO = {"否", "无", "没有", "×", "x", "✗", "n", "no", "0", "不", "不是", "不需要", "false", "-", "/"}
_NONE = {"无", "没有", "无手机", "无电话", "没有手机", "没有电话", "-", "/", "--", "none", "0"}
_ZERO = re.compile(r"(?<=\d)O+(?=\d|$)")
_NUMERAL = re.compile("[零〇一二三四五六七八九十百两]+")
_HOUSE = r"(?:号楼|号|幢|栋|座|楼|#)"
_ROOM = re.compile(r"(\d{1,2})(\d{2})(\D?)")
_APART = re.compile(r"[/、,，;；|\n]+|\s{1,}(?=1[3-9]\d{9}|0\d{2,3}-)")
_OF_CHINA = re.compile(r"[(]?(?<!\d)(?:\+|00)?\s*86[)]?[\s-]*(?=1[3-9]\d)")
_TOTAL = re.compile(
    r"(?:本页|全部|全楼|本楼)?(?:合计|总计|小计|共计|总数|总户数|总人数)[:：]?(?:\d+[户人]?)?"
)
_LOCAL = re.compile(r"[2-9]\d{3}[ -]?\d{4}")


class Phone(NamedTuple):
    """`e164` may be empty. `problem` is a code of the messages; `is_doubtful` says whether it needs a yes."""

    e164: str
    problem: str = ""
    is_doubtful: bool = False


def folded(text: str) -> str:
    """Width, case and blanks do not count."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def read_place(texts: dict[str, str]) -> Parts:
    """The parts of a place in cells of its own. A building that carries more (`12弄3号楼2单元`) is taken apart."""
    lane, unit = _part(texts.get("lane", ""), "弄"), _part(texts.get("unit", ""), "单元|门洞|门|号")
    number = _digits(texts.get("building", ""))
    if (whole := re.fullmatch(rf"(\d+)弄(.+?){_HOUSE}?", number)) is not None:
        lane, number = lane or whole[1], whole[2]
    if (whole := re.fullmatch(rf"(.+?){_HOUSE}(\w+?)(?:单元|门洞|门)", number)) is not None:
        number, unit = whole[1], unit or whole[2]
    return Parts(lane, _part(number, _HOUSE), unit, read_room(texts.get("room", "")))


def read_whole(texts: Mapping[str, str]) -> str:
    """The cell with a whole address, where building or room has it and the other is empty or says the same: 1-503.

    Empty where none does. 5-2 with a room in a cell of its own is a building and its stairwell.
    """
    building, room = texts.get("building", ""), texts.get("room", "")
    for text, other in ((building, room), (room, building)):
        parts = parts_of(text) if text else None
        if parts is None or floor_and_door(parts.room) is None:
            continue
        if not other or _part(_digits(other), _HOUSE) == parts.number:
            return text
    return ""


def is_total(cells: Iterable[str]) -> bool:
    """A row of sums, no household: 合计, 总计: 60户."""
    first = next((cell for cell in map(folded, cells) if cell), "")
    return _TOTAL.fullmatch(first) is not None


def read_room(text: str) -> str:
    """`101室`, `１０１`, `101.0`, `1O1` → `101`."""
    return re.sub(r"\.0$", "", _part(text, "室|房|户|号"))


def read_phone(text: str) -> Phone:
    """The number in a cell, E.164. Of several the first that is one."""
    text = _OF_CHINA.sub("", unicodedata.normalize("NFKC", text).strip())
    if not text or text.casefold() in _NONE:
        return Phone("")
    parts = [part for part in _APART.split(re.sub(r"\.0$", "", text)) if part.strip()]
    found = [number for part in parts if (number := _number(part))]
    if not found:
        return Phone("", "phone_unreadable", is_doubtful=True)
    if len(parts) > 1:
        return Phone(found[0], "phone_several", is_doubtful=True)
    return Phone(found[0], "phone_area" if _LOCAL.fullmatch(parts[0].strip()) else "")


def read_flag(text: str) -> tuple[bool | None, bool]:
    """(yes, no or nothing said; True if the cell says exactly that). Other words count as a yes."""
    said = folded(text).casefold()
    if not said:
        return None, True
    if said in _YES:
        return True, True
    return (False, True) if said in _NO else (True, False)


def read_people(text: str) -> int | None:
    """How many live there: `3`, `3人`, `3.0`, `三口`. ValueError for anything else; None for an empty cell."""
    plain = _digits(re.sub(r"(口人|人|口|位)$", "", folded(text)))
    if not plain:
        return None
    count = int(re.sub(r"\.0$", "", plain))
    if not 0 <= count <= MOST_PEOPLE:
        raise ValueError(text)
    return count


def floor_and_door(room: str) -> tuple[int, int] | None:
    """(11, 3) of 1103 and 01103, (1, 1) of 101; None for a room without such a number."""
    match = _ROOM.fullmatch(room.lstrip("0"))
    return (int(match[1]), int(match[2])) if match else None


def _number(text: str) -> str:
    text = text.strip()
    if _LOCAL.fullmatch(text):
        text = f"021{text}"
    try:
        return normalise_phone(text)
    except ValueError:
        return ""


def _part(text: str, ending: str) -> str:
    return re.sub(rf"(?:{ending})$", "", re.sub(r"\.0$", "", _digits(text)))


def _digits(text: str) -> str:
    """As addresses are read: 二十三号楼 is 23号楼, 3O1 is 301; other words stay."""
    signs = squeezed(plain(text).text)
    signs = numeral(signs) if _NUMERAL.fullmatch(signs) else signs
    return _ZERO.sub(lambda match: "0" * len(match[0]), signs)
