"""A pasted list cut into pieces, one for each household, and what stands around them. Pure.

Lists come with a header, a topic, prices and an example before the entries, with a tail behind them, with names and
times of a chat between them, or from the middle of a longer list. An entry may take several lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from communities.addresses.located import Certainty
from orders.chain.entries import Piece, Remark
from orders.chain.line.folding import CIRCLED, fold
from orders.chain.lists import marks
from orders.chain.lists.doors import Doors
from orders.chain.lists.senders import MANY_NAMES, is_named, is_somebody
from orders.chain.lists.telling import tells_price
from orders.chain.lists.topics import is_topic

MAX_LINE = 400
MAX_RAW = 20_000
MAX_LINES = 40
_LONGEST_NAME = 20


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
        self.is_inside = False
        self.is_cut = False
        self.is_struck = False
        self.bare = 0
        self.following: list[str] = []
        self.lists = 1
        self.named = 0
        self.sender = ""

    def read(self, text: str) -> Layout:
        lines = text.split("\n")
        self.following = _following(lines)
        for number, raw in enumerate(lines, start=1):
            self.is_cut = len(raw) > MAX_RAW
            self.is_struck = marks.STRUCK.search(raw[:MAX_RAW]) is not None
            for line in marks.unrolled(fold(raw[:MAX_RAW]).strip()):
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
        if line.startswith(("「", "『")) and not re.search("[」』](?!$)", line):
            self._close()
            self.quoted = self.is_inside = True
        ends = self.is_inside and line.endswith(("」", "』"))
        line = marks.MENTION.sub("", line.strip("「『」』 ")).strip()
        if line and not marks.RULE.match(line):
            self._plain_line(number, line)
        if ends:
            self._close()
            self.quoted = self.is_inside = False

    def _plain_line(self, number: int, line: str) -> None:
        if marks.HEADER.match(line):
            self._new_list(number, line)
        elif marks.EXAMPLE.match(line) or self._is_date(line) or marks.SUMS.match(line):
            self._around(number, line)
            if not self._is_date(line):
                self._close()
        elif not (
            self._below_name(number, line)
            or self._chat_line(number, line)
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
        self.quoted = False  # a whole list, handed on as a quotation

    def _restart(self) -> None:
        self.lists += 1

    def _around(self, number: int, line: str) -> None:
        self.layout.around.append((number, line))

    def _is_date(self, line: str) -> bool:
        """1.6 alone, 4月21日, 2026.01.01日报: a day, no entry 1."""
        match = marks.DATE.match(line)
        if match is None or not (1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31):
            return False
        if line.startswith("20") or "月" in match[0][: match.start("rest")]:
            return not self.doors.has_place(match["rest"])
        return not match["rest"].strip(" 日号周星期一二三四五六天团购。.")

    def _below_name(self, number: int, line: str) -> bool:
        """①1 ③1 below 10-502 Leo: is his order, not the first entry."""
        if self.open is None or len(self.open_lines) > 1 or not self.open_has_place:
            return False
        is_above = self.open.index is None and is_named(self.open_lines[0])
        if not is_above or line[0] not in CIRCLED:
            return False
        if self.doors.has_place(line) and marks.COUNTED.fullmatch(line) is None:
            return False
        return self._goes_on(number, line, "")

    def _chat_line(self, number: int, line: str) -> bool:
        """张三 10:23 above a message. A name that is a door (2-301 张阿姨 10:23) begins an entry."""
        match = marks.CHAT.match(line) if ":" in line else None
        if match is None:
            return False
        name = (match["name"] or match["after"] or "").strip(" []:：")
        if match["name"] and match["after"]:
            return False  # 2-301 张 9:12 鸡蛋2
        if marks.PRICE.search(name) or re.match(r"^\d{1,3}[.、)]", name):
            return False
        self._close()
        self.sender = name
        if name and self.doors.has_place(name):
            self._begin(number, name, None)
        return True

    def _indexed(self, number: int, line: str) -> bool:
        found = self._index(line)
        if found is None:
            return False
        index, body = found
        if marks.EXAMPLE.match(body):
            self._close()
            self._around(number, line)
            return True
        has_place = self.doors.has_place(body)
        if not has_place and self._is_inner(index):
            return self._goes_on(number, body, "numbered_inside")
        if not has_place and tells_price(body, self.doors.menu) and not self._expects(index):
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
        match = marks.INDEX.match(line)
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
        match = marks.BARE.match(line)
        if match is None:
            return None
        index, body = int(match["no"]), line[match.end() :]
        if self._is_sure(line) and not self._is_sure(body):
            return None  # 3 201 王阿姨: house and room
        if (self._continues(index) or self._skips_to(index, body)) and self.doors.has_place(body):
            self.bare += 1
        elif self.bare < 3 or index != (self.last_index or 0) + 1:
            return None
        return index, body

    def _is_sure(self, text: str) -> bool:
        return self.doors.find(text).certainty == Certainty.SURE

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
        if marks.LETTER.match(line) is None or self.doors.has_place(line):
            return False
        is_order = self.open is not None and self.open_has_place
        if is_order and not tells_price(line, self.doors.menu):
            return False
        self._close()
        self._around(number, line)
        return True

    def _other(self, number: int, line: str) -> None:
        located = self.doors.find(line)
        has_place = self.doors.has_place(line)
        starts = has_place and bool(located.spans) and located.spans[0][0] <= 2
        is_form = marks.FORM.match(line) is not None
        is_new = (
            starts or (has_place and is_form) or (has_place and self._stands_alone(number, line))
        )
        is_first = self.open is None and not self.layout.pieces
        if self._is_name_above(number, line) or (is_first and is_topic(line, self.doors)):
            self._close()
            self._around(number, line)
        elif (
            self.open is not None
            and (not is_new or not self.open_has_place)
            and not self._is_tail(line)
            and not (starts and self._is_menu_open())
            and not self._begins_menu(line)
        ):
            self._goes_on(number, line, "after_blank" if self.after_blank else "")
        elif starts or (has_place and not marks.PRICE.search(line)):
            self._begin(number, line, None)
        else:
            self._close()
            self._around(number, line)
            loose = Piece(number, line, is_loose=True, sender=self.sender)
            self.layout.loose.append(loose)

    def _begins_menu(self, line: str) -> bool:
        """1 意式拼配 88 below a door that stands above all numbers."""
        is_above = self.last_index is None and not self.layout.pieces
        return is_above and bool(marks.BARE.match(line)) and tells_price(line, self.doors.menu)

    def _is_menu_open(self) -> bool:
        """①大米 69/袋 was read last: a door below it begins the entries."""
        lines = self.open_lines
        return not self.open_has_place and marks.OFFER.search(lines[0]) is not None

    def _stands_alone(self, number: int, line: str) -> bool:
        """我要鸡蛋一份，17-401: an entry, in a list without numbers; 果果妈 12-301 above a line of goods begins one."""
        if self.last_index is not None:
            return False
        below = self.following[number]
        return self._orders(line) or (self._orders(below) and not self.doors.has_place(below))

    def _is_name_above(self, number: int, line: str) -> bool:
        """Who wrote the message below, in a chat without times: neither goods nor a door, and a door comes next."""
        if not self.open_has_place or len(line) > _LONGEST_NAME:
            return False
        if self.open is None or not self._orders("\n".join(self.open_lines)):
            return False
        is_above = self.named >= MANY_NAMES and self.open.index is None
        if is_above and is_somebody(line, self.doors):
            return not self._orders(line)
        if self.last_index is not None:
            return False
        below = self.following[number]
        is_message = bool(below) and self.doors.has_place(below)
        return is_message and not self._orders(line) and not self.doors.has_place(line)

    def _orders(self, line: str) -> bool:
        """Goods stand in it, or all that is on offer is one thing."""
        menu = self.doors.menu
        return bool(line) and menu is not None and (menu.only is not None or menu.names_any(line))

    def _is_tail(self, line: str) -> bool:
        """截单了,谢谢大家; behind a blank line whatever has no figure."""
        return (self.after_blank or marks.ENDS.match(line) is not None) and not re.search(
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
        self.open = Piece(number, body, index, marks, sender=self.sender)
        self.open_lines = [body]
        self.open_has_place = self.doors.has_place(body)
        self.has_places = self.has_places or self.open_has_place
        self.named += self.open_has_place and is_named(body)

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
        if begins_anew or all(marks.OFFER.search(piece.text) for piece in before):
            self.layout.around += [(p.line, _with_index(p)) for p in before]
            self.layout.around.sort()
            self.layout.pieces = pieces[ends:]


def _following(lines: list[str]) -> list[str]:
    """By the number of each line (from 1 on), the next one that is not empty, folded."""
    below, result = "", [""] * (len(lines) + 1)
    for number in range(len(lines), 0, -1):
        result[number] = below
        below = fold(lines[number - 1][:MAX_LINE]).strip() or below
    return result


def _with_index(piece: Piece) -> str:
    return piece.text if piece.index is None else f"{piece.index}. {piece.text}"
