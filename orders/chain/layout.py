"""A pasted list cut into pieces, one for each household, and what stands around them. Pure.

Lists come with a header, a topic, prices and an example before the entries, with a tail behind them, with names and
times of a chat between them, or from the middle of a longer list. An entry may take several lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from orders.chain.doors import Doors
from orders.chain.entries import Piece, Remark
from orders.chain.folding import CIRCLED, fold

MAX_LINE = 400
MAX_RAW = 20_000
MAX_LINES = 40
_HEADER = re.compile(r"^\s{0,3}#\s{0,3}(?:接龙|接龍|group\s{0,3}note|solitaire)", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"^[(【\[]?(?:例(?:如|子|句)?|示例|样例|格式|范例|模板|e\.?g\.?|example|sample)(?:[\s:：.、,，)】\]]|$|(?=\d))",
    re.IGNORECASE,
)
# ~~鸡蛋2~~, a line drawn through every sign, a cross before the line.
_STRUCK = re.compile("[~～]{2}[^~～\n]{1,400}[~～]{2}|[\u0335-\u0338]|[❌❎]|</?(?:s|del|strike)>")
_RULE = re.compile(r"^[\s\-_=*~.·•—─━…+#<>|/\\]{3,}$")
_MENTION = re.compile(r"^@(?:所有人|all|everyone)\s{0,3}", re.IGNORECASE)
_TIME = r"(?:[上下中]午|早上|晚上|凌晨|傍晚|昨天|今天|星期.|周.)?\s{0,3}\d{1,2}:\d{2}(?::\d{2})?(?:\s{0,3}[AaPp][Mm])?"
_DAY = r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?"
_CHAT = re.compile(
    rf"^\[?(?:(?P<name>.{{1,40}}?)[\s,，:：]{{1,4}})?(?:{_DAY}\s{{0,3}})?{_TIME}\]?(?:\s{{1,3}}(?P<after>.{{1,30}}?))?[:：]?$"
)
_DATE = re.compile(
    r"^(?:20\d\d[.\-/年]\s{0,3})?(?P<month>\d{1,2})\s{0,3}[./月]\s{0,3}(?P<day>\d{1,2})(?:[日号.])?(?![\d-])(?P<rest>.*)$"
)
_SUMS = re.compile(
    r"^[\s*(【\[]*(?:以上|截止|目前|现在|已)?(?:共计|合计|总计|总共|一共|小计|汇总|统计|共\s{0,3}\d{1,9}\s{0,3}[份件单户人个]|total)",
    re.IGNORECASE,
)
_INDEX = re.compile(
    r"^(?:[(【\[]\s{0,3}(?P<in>\d{1,3})\s{0,3}[)】\]]\s{0,3}[.、:：]?|(?:no\.?\s{0,3})?(?P<no>\d{1,4})\s{0,3}(?P<sep>[.、:：)，,。\]]))\s{0,3}",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(?P<no>\d{1,3})\s{1,3}(?=\S)")
_LETTER = re.compile(
    r"^[(【\[]?\s{0,3}(?P<code>[A-Z]\d{0,2})\s{0,3}(?:[.、:：)】\]\-]|套餐|套|款|\s)\s{0,3}(?=\S)",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"[¥￥]\s{0,3}\d|\d{1,9}(?:\.\d{1,9})?\s{0,3}(?:元(?![宝旦宵])|块(?!豆|肉)|rmb)", re.IGNORECASE
)
_ENDS = re.compile(r"^[-—~=\s]*(?:截止|截单|结束|已截|收团|谢谢|感谢|辛苦|接龙结束|以上)")
_INLINE = re.compile(r"(?<![\d.\-#号])(\d{1,3})[.、)]\s{0,3}(?![\d\s])")


@dataclass
class Layout:
    """`pieces` in the order of the text; `around`: the other lines, folded, with their numbers; `loose`: those of them
    that are no header, example, sum or day.
    """

    pieces: list[Piece] = field(default_factory=list)
    around: list[tuple[int, str]] = field(default_factory=list)
    loose: list[Piece] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def lay_out(text: str, doors: Doors) -> Layout:
    """Raises nothing: what no rule knows is around."""
    return _Reader(doors).read(text)


class _Reader:
    def __init__(self, doors: Doors) -> None:
        self.doors = doors
        self.layout = Layout()
        self.open: Piece | None = None
        self.open_lines: list[str] = []
        self.open_has_place = False
        self.has_places = False
        self.last_index: int | None = None
        self.after_blank = False
        self.quoted = False
        self.is_cut = False
        self.is_struck = False
        self.bare = 0
        self.lists = 1

    def read(self, text: str) -> Layout:
        for number, raw in enumerate(text.split("\n"), start=1):
            self.is_cut = len(raw) > MAX_RAW
            self.is_struck = _STRUCK.search(raw[:MAX_RAW]) is not None
            for line in _unrolled(fold(raw[:MAX_RAW]).strip()):
                self.is_cut = self.is_cut or len(line) > MAX_LINE
                self._line(number, line[:MAX_LINE])
            if self.is_cut:
                self.layout.remarks.append(Remark("line_too_long", {"line": number}))
            self.after_blank = not raw.strip()
        self._close()
        self._menu_pieces()
        if self.lists > 1:
            self.layout.remarks.append(Remark("several_lists", {"count": self.lists}))
        return self.layout

    def _line(self, number: int, line: str) -> None:
        """「张三:…」 is what somebody said before: its lines are marked."""
        if line.startswith(("「", "『")):
            self._close()
            self.quoted = True
        ends = self.quoted and line.endswith(("」", "』"))
        line = _MENTION.sub("", line.strip("「『」』 ")).strip()
        if line and not _RULE.match(line):
            self._plain_line(number, line)
        if ends:
            self._close()
            self.quoted = False

    def _plain_line(self, number: int, line: str) -> None:
        if _HEADER.match(line):
            self._new_list(number, line)
        elif _EXAMPLE.match(line) or self._is_date(line) or _SUMS.match(line):
            self._around(number, line)
            if not self._is_date(line):
                self._close()
        elif not (
            self._chat_line(number, line)
            or self._indexed(number, line)
            or self._letter(number, line)
        ):
            self._other(number, line)

    def _new_list(self, number: int, line: str) -> None:
        self._close()
        if self.layout.pieces:
            self._restart()
        self._around(number, line)
        self.last_index = None

    def _restart(self) -> None:
        self.lists += 1

    def _around(self, number: int, line: str) -> None:
        self.layout.around.append((number, line))

    def _is_date(self, line: str) -> bool:
        """1.6 alone, 4月21日, 2026.01.01日报: a day, no entry 1."""
        match = _DATE.match(line)
        if match is None or not (1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31):
            return False
        if line.startswith("20") or "月" in match[0][: match.start("rest")]:
            return not self.doors.has_place(match["rest"])
        return not match["rest"].strip(" 日号周星期一二三四五六天团购。.")

    def _chat_line(self, number: int, line: str) -> bool:
        """张三 10:23 above a message. A name that is a door (2-301 张阿姨 10:23) begins an entry."""
        match = _CHAT.match(line) if ":" in line else None
        if match is None:
            return False
        name = (match["name"] or match["after"] or "").strip(" []:：")
        if _PRICE.search(name) or re.match(r"^\d{1,3}[.、)]", name):
            return False
        self._close()
        if name and self.doors.has_place(name):
            self._begin(number, name, None)
        return True

    def _indexed(self, number: int, line: str) -> bool:
        found = self._index(line)
        if found is None:
            return False
        index, body = found
        if _EXAMPLE.match(body):
            self._close()
            self._around(number, line)
            return True
        has_place = self.doors.has_place(body)
        if not has_place and self._is_inner(index):
            return self._goes_on(number, body, "numbered_inside")
        if not has_place and _PRICE.search(body) and not self._expects(index):
            self._close()
            self._around(number, line)
            return True
        if (
            self.last_index is not None
            and index <= self.last_index
            and index <= 1
            and has_place
            and self.has_places
        ):
            self._restart()
        self._begin(number, body, index)
        self.last_index = index
        return True

    def _expects(self, index: int) -> bool:
        """The number that comes next among entries that have doors."""
        return self.last_index is not None and index == self.last_index + 1 and self.has_places

    def _is_inner(self, index: int) -> bool:
        """1、鸡蛋 2、牛奶 below an entry that has a door: a list inside of it."""
        if self.open is None or self.last_index is None or index == self.last_index + 1:
            return False
        return self.open_has_place and index <= len(self.open_lines)

    def _index(self, line: str) -> tuple[int, str] | None:
        if line[0] in CIRCLED:
            return CIRCLED[line[0]], line[1:].lstrip(" .、:：")
        match = _INDEX.match(line)
        if match is None:
            return self._bare(line)
        index, body = int(match["in"] or match["no"]), line[match.end() :]
        glued = (
            match["sep"] in {".", ":", ",", "。"}
            and line[match.end("sep") : match.end("sep") + 1].isdigit()
        )
        if (index > 999 or match["sep"] in {",", "，", "。"}) and not self._continues(index):
            return None
        if glued and (
            not (self._continues(index) or self._skips_to(index, body))
            or re.match(r"^\d{1,2}(?!\d)\s{0,3}(?:斤|元|块|kg|升|折|米|%)", body)
        ):
            return None
        return index, body

    def _bare(self, line: str) -> tuple[int, str] | None:
        """`1 张三 2-301 A1`: where the number is the next one (or one was left out) and a door follows; or none, in a
        list that is numbered so.
        """
        match = _BARE.match(line)
        if match is None:
            return None
        index, body = int(match["no"]), line[match.end() :]
        if (self._continues(index) or self._skips_to(index, body)) and self.doors.has_place(body):
            self.bare += 1
        elif self.bare < 3 or index != (self.last_index or 0) + 1:
            return None
        return index, body

    def _continues(self, index: int) -> bool:
        return (
            self.last_index is None
            or index == self.last_index + 1
            or (index == 1 and self.open is None)
        )

    def _skips_to(self, index: int, body: str) -> bool:
        """13.7-203 behind 11: a number was left out."""
        last = self.last_index
        return last is not None and last < index <= last + 9 and self.doors.has_place(body)

    def _letter(self, number: int, line: str) -> bool:
        """A:牛肋条 before the entries is the menu."""
        if _LETTER.match(line) is None or self.doors.has_place(line):
            return False
        if self.open is not None and self.open_has_place and not _PRICE.search(line):
            return False
        self._close()
        self._around(number, line)
        return True

    def _other(self, number: int, line: str) -> None:
        located = self.doors.find(line)
        starts = self.doors.has_place(line) and bool(located.spans) and located.spans[0][0] <= 2
        if (
            self.open is not None
            and (not starts or not self.open_has_place)
            and not self._is_tail(line)
        ):
            self._goes_on(number, line, "after_blank" if self.after_blank else "")
        elif starts or (self.doors.has_place(line) and not _PRICE.search(line)):
            self._begin(number, line, None)
        else:
            self._close()
            self._around(number, line)
            self.layout.loose.append(Piece(number, line, is_loose=True))

    def _is_tail(self, line: str) -> bool:
        """截单了,谢谢大家; behind a blank line whatever has no figure."""
        return (self.after_blank or _ENDS.match(line) is not None) and not re.search(
            r"[\d一二两三四五六七八九十]", line
        )

    def _goes_on(self, number: int, line: str, mark: str) -> bool:
        if self.open is None or len(self.open_lines) > MAX_LINES:
            self._begin(number, line, None)
            return True
        cut, struck = "line_too_long" * self.is_cut, "struck_out" * self.is_struck
        marks = dict.fromkeys((*self.open.marks, mark, cut, struck))
        self.open = replace(self.open, marks=tuple(filter(None, marks)))
        self.open_lines.append(line)
        self.open_has_place = self.open_has_place or self.doors.has_place(line)
        return True

    def _begin(self, number: int, body: str, index: int | None) -> None:
        self._close()
        marks = (
            ("quoted",) * self.quoted
            + ("line_too_long",) * self.is_cut
            + ("struck_out",) * self.is_struck
        )
        self.open = Piece(number, body, index, marks)
        self.open_lines = [body]
        self.open_has_place = self.doors.has_place(body)
        self.has_places = self.has_places or self.open_has_place

    def _close(self) -> None:
        if self.open is not None:
            text = "\n".join(self.open_lines)
            if len(text) > MAX_LINE:
                self.open = replace(self.open, marks=(*self.open.marks, "line_too_long"))
            self.layout.pieces.append(replace(self.open, text=text[:MAX_LINE]))
            self.open = None

    def _menu_pieces(self) -> None:
        """Numbered goods above the entries, which begin anew at 1 behind them, are the menu."""
        pieces = self.layout.pieces
        ends = next((i for i, piece in enumerate(pieces) if self.doors.has_place(piece.text)), 0)
        before = pieces[:ends]
        if not before:
            return
        first = pieces[ends].index
        begins_anew = first is not None and any((p.index or 0) >= first for p in before)
        if begins_anew or all(_PRICE.search(piece.text) for piece in before):
            self.layout.around += [(p.line, _with_index(p)) for p in before]
            self.layout.around.sort()
            self.layout.pieces = pieces[ends:]


def _unrolled(line: str) -> list[str]:
    """A list that lost its line ends: 1. … 2. … 3. … in one line."""
    if len(line) < 40:
        return [line]
    starts: list[int] = []
    expected: int | None = None
    for match in _INLINE.finditer(line):
        number = int(match[1])
        if expected is None or number == expected:
            starts.append(match.start())
            expected = number + 1
    if len(starts) < 3:
        return [line]
    ends = [*starts[1:], len(line)]
    pieces = [line[: starts[0]], *(line[a:b] for a, b in zip(starts, ends, strict=True))]
    return [piece.strip() for piece in pieces if piece.strip()]


def _with_index(piece: Piece) -> str:
    return piece.text if piece.index is None else f"{piece.index}. {piece.text}"
