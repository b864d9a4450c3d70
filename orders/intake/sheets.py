"""Rows out of a workbook or csv: exports of 快团团 and 群接龙, a plain sheet, one with a column for each product.

Columns are found by their headings, never by position. The lines of one order stand anywhere and are put together by
number, buyer, phone and address; what was paid is not compared (it stands on the first line only), what went back is
asked about; cancelled orders are refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from communities.addresses.located import Located
from config.kernel import clock
from config.kernel.intake.kinds import REFUSED
from config.kernel.intake.parsing.table import IntakeError, Note, Row, Table
from config.kernel.intake.reader import read_table
from orders.chain.amounts.numerals import chinese_number
from orders.chain.entries import Remark
from orders.chain.line.folding import fold
from orders.chain.line.wanting import MANY, read_wanted
from orders.chain.lists.layout import MAX_LINE
from orders.chain.lists.pricelist import match_goods
from orders.intake.chat import MAX_CHARACTERS
from orders.intake.columns import ITEMS, ListRow, item_text
from orders.intake.headings import ALIASES, TOTALS
from orders.intake.suspicions import Said, about_money, about_places, about_words, what_is_said
from orders.intake.world import World

_ITEM = re.compile(r"^(.+)\+\s{0,3}(\d{1,5})$", re.DOTALL)
_WHOLE = re.compile(r"^(\d{1,6})(?:\.0+)?\s{0,3}(?:份|件|个|套|箱|盒|包|袋|瓶|斤|板|桶|只|提)?$")
_ROOM = re.compile(r"[A-Za-z]?\d{2,5}[A-Za-z]?(?:室|房)?")
_SUM = re.compile(r"(?:合计|总计|总数|共计|total|sum)\s{0,3}[:：]?", re.IGNORECASE)
_NUMBERING = re.compile(r"^\s{0,3}(?:\d{1,3}\s{0,3}[-.、]|[①-⑳])\s{0,3}")
_TIMES_OF_DAY = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")


def rows_of_sheet(content: bytes, world: World) -> tuple[list[ListRow], list[Note]]:
    """Raises IntakeError, also where goods or addresses have no column."""
    columns = {f"offer:{offer.pk}": _headings(world, offer.pk) for offer in world.offers}
    table = read_table(content, aliases={**ALIASES, **columns})
    found = table.columns
    offers = {int(name.removeprefix("offer:")) for name in found if name.startswith("offer:")}
    if not offers & set(world.by_offer) and "goods" not in found:
        raise IntakeError("missing_columns", columns=[ALIASES["goods"][0]])
    if not {"address", "room", "building", "buyer", "remark"} & found.keys():
        raise IntakeError("missing_columns", columns=[ALIASES["room"][0]])
    sheet = _Sheet(table, world)
    return sheet.orders(), [*_notes(table, offers), *sheet.sums(), *_totals(content, world)]


def _headings(world: World, offer: int) -> tuple[str, ...]:
    one = world.by_offer[offer]
    names = [f"{one.name}({one.spec})", f"{one.name}{one.spec}"] if one.spec else []
    return (world.labels[offer], *names, one.name)


@dataclass
class _Sheet:
    """`read` counts the characters of cells that were read as people's words: the same words are read once."""

    table: Table
    world: World
    read: int = 0
    doors: dict[str, Located | int] = field(default_factory=dict)
    labels: dict[tuple[str, str], tuple[int | None, int | None]] = field(default_factory=dict)
    remarks: dict[str, Said] = field(default_factory=dict)

    def orders(self) -> list[ListRow]:
        grouped: dict[tuple[str, ...], list[Row]] = {}
        for row in self.table.rows:
            if not _is_sum(row):
                grouped.setdefault(self._key(row), []).append(row)
        now = clock.now()
        return [
            self._order(rows, now + timedelta(milliseconds=n))
            for n, rows in enumerate(grouped.values())
        ]

    def sums(self) -> list[Note]:
        """What the last line says of its columns (合计)."""
        row = next(filter(_is_sum, reversed(self.table.rows)), None)
        if row is None:
            return []
        notes = []
        for name in self.table.columns:
            said = self._whole(self._text(row, name))
            if name.startswith("offer:") and isinstance(said, int):
                key = int(name.removeprefix("offer:"))
                goods = self.world.labels[key]
                notes.append(Note("own_total_of", {"said": said, "goods": goods, "offer": key}))
            elif name == "quantity" and isinstance(said, int):
                notes.append(Note("own_total", {"said": said}))
        return notes

    def _text(self, row: Row, name: str) -> str:
        column = self.table.columns.get(name)
        return "" if column is None else " ".join(row.cells[column].split())

    def _key(self, row: Row) -> tuple[str, ...]:
        """What makes two lines one order. Without a number each line is its own, unless all else is the same."""
        names = (
            "number",
            "buyer",
            "phone",
            "address",
            "room",
            "building",
            "lane",
            "receiver",
            "site",
            "status",
        )
        return tuple(self._text(row, name) for name in names)

    def _order(self, rows: list[Row], wished: datetime) -> ListRow:
        first = rows[0]
        one = ListRow(
            text=" | ".join(filter(None, self._words(rows))),
            line=str(first.number) if len(rows) == 1 else f"{first.number}–{rows[-1].number}",
            number=self._text(first, "number"),
            note=self._text(first, "remark")[:200],
            wished=(self._paid_at(first) or wished).isoformat(),
        )
        self._find_door(first, one)
        items: dict[str, int | str] = {}
        for row in rows:
            for name, quantity in self._items(row, one):
                known = items.get(name, 0)
                both = isinstance(known, int) and isinstance(quantity, int)
                items[name] = known + quantity if both else quantity  # type: ignore[operator]
        for name, quantity in items.items():
            if isinstance(quantity, int) and quantity > MANY:
                params: dict[str, str | int] = {"goods": name, "quantity": quantity}
                one.remarks.append(("goods", Remark("many", params)))
        one.goods = ITEMS.join(item_text(name, quantity) for name, quantity in items.items())
        self._suspect(rows, one)
        return one

    def _suspect(self, rows: list[Row], one: ListRow) -> None:
        first = rows[0]
        money = about_money(
            status=self._text(first, "status"),
            paid=[self._text(row, "paid") for row in rows],
            back=[self._text(row, "back") for row in rows],
        )
        said = self._about_words(self._text(first, "remark"), one.address)
        one.remarks += [("", remark) for remark in (money, said) if remark is not None]
        place = self._places.get(self._text(first, "site"))
        if place is not None:
            one.remarks.append(("address", place))
        if any(remark.code.startswith("address_") for _name, remark in one.remarks):
            # Whoever asks where this goes needs the number to call.
            one.text = " | ".join(filter(None, (one.text, self._text(first, "phone"))))

    def _about_words(self, text: str, door: str) -> Remark | None:
        if not text:
            return None
        if text not in self.remarks:
            self._spend(text[:MAX_LINE])
            self.remarks[text] = what_is_said(text, self.world)
        return about_words(text, self.remarks[text], self.world.doors.get(door))

    @cached_property
    def _places(self) -> Mapping[str, Remark]:
        places = (self._text(row, "site") for row in self.table.rows)
        return about_places(places, self.world.joined.community)

    def _words(self, rows: list[Row]) -> Iterable[str]:
        first = rows[0]
        for name in ("buyer", "lane", "building", "room", "address"):
            yield self._text(first, name)
        if "goods" in self.table.columns:
            for row in rows:
                parts = (
                    self._text(row, "goods"),
                    self._text(row, "spec"),
                    self._text(row, "quantity"),
                )
                yield " ".join(filter(None, parts))
        yield self._text(first, "remark")

    def _paid_at(self, row: Row) -> datetime | None:
        text = self._text(row, "paid_at")
        zone = ZoneInfo(self.world.joined.community.zone)
        for form in _TIMES_OF_DAY:
            with suppress(ValueError):
                return datetime.strptime(text, form).replace(tzinfo=zone)
        return None

    def _spend(self, text: str) -> None:
        """Raises IntakeError where the cells hold too much."""
        self.read += len(text)
        if self.read > MAX_CHARACTERS:
            raise IntakeError("too_much_text")

    # Doors.

    def _located(self, words: str, one: ListRow) -> Located | int:
        words = _cut(words, "address", one)
        known = self.doors.get(words)
        if known is None:
            self._spend(words)
            known = self.doors[words] = self.world.locate(fold(words))
        return known

    def _find_door(self, row: Row, one: ListRow) -> None:
        """The columns for lane, building and room first, then the whole address, then the name and the remark."""
        found: list[tuple[str, int]] = []
        doubt: tuple[str, Located] | None = None
        for words in dict.fromkeys(self._addresses(row)):
            located = self._located(words, one)
            if isinstance(located, int):
                found.append((words, located))
            elif doubt is None and located.spans:
                doubt = (words, located)
        if found:
            words, household = found[0]
            one.address = self.world.door_of.get(household, words)
            other = next((text for text, door in found[1:] if door != household), None)
            if other is not None:
                one.remarks.append(
                    ("address", Remark("addresses_differ", {"one": words, "other": other}))
                )
            return
        words, reason = (
            (doubt[0], doubt[1]) if doubt else (next(iter(self._addresses(row)), ""), None)
        )
        code = f"address_{reason.reason}" if reason else "address_missing"
        params = dict(reason.params) if reason else {}
        one.remarks.append(("address", Remark(code, params, REFUSED)))

    def _addresses(self, row: Row) -> Iterable[str]:
        lane, building, room = (self._text(row, name) for name in ("lane", "building", "room"))
        address = self._text(row, "address")
        if building and not room and _ROOM.fullmatch(address):
            room, address = address, ""  # 楼号 10, 门牌号 606
        if building and room:
            house = building if re.search(r"\D$", building) else f"{building}号"
            door = room if re.search(r"\D$", room) else f"{room}室"
            if re.fullmatch(r"\d{1,5}", lane):
                yield f"{lane}弄{house}{door}"
            elif lane:
                yield f"{lane}{house}{door}"
            else:
                yield f"{house}{door}"
        elif room or building:
            yield f"{building}{room}"
        if address:
            yield address
        if not (room or building or address):
            yield from filter(None, (self._text(row, "buyer"), self._text(row, "remark")))

    # Goods.

    def _items(self, row: Row, one: ListRow) -> Iterable[tuple[str, int | str]]:
        if "goods" in self.table.columns:
            yield from self._named(row, one)
        for name, column in self.table.columns.items():
            text = row.cells[column].strip() if name.startswith("offer:") else ""
            if text and text not in {"0", "-", "/", "—"}:
                label = self.world.labels[int(name.removeprefix("offer:"))]
                yield label, self._whole(text)

    def _named(self, row: Row, one: ListRow) -> Iterable[tuple[str, int | str]]:
        text = row.cells[self.table.columns["goods"]].strip()
        if "quantity" in self.table.columns:
            yield (
                self._label(text, self._text(row, "spec"), one),
                self._whole(self._text(row, "quantity")),
            )
            return
        for part in filter(
            None, (piece.strip() for piece in re.split(r"[;；]\s{0,3}\n?|\n", text))
        ):
            match = _ITEM.match(part)
            if match is not None:
                yield self._label(match[1].strip(), "", one), int(match[2])
            else:
                yield from self._free(part, one)

    def _free(self, text: str, one: ListRow) -> Iterable[tuple[str, int | str]]:
        """A cell written as in a chat: 蔬菜包2份 鸡蛋1."""
        text = _cut(text, "goods", one)
        self._spend(text)
        wanted = read_wanted(fold(text), self.world.menu)
        one.remarks += [("goods", remark) for remark in wanted.remarks]
        if not wanted.lines:
            one.remarks.append(("goods", Remark("no_goods", {}, REFUSED)))
        for line in wanted.lines:
            yield self.world.labels[line.goods], line.quantity

    def _label(self, name: str, spec: str, one: ListRow) -> str:
        """The offer's own name; the words of the sheet if it is none for certain."""
        name, spec = _cut(name, "goods", one), _cut(spec, "goods", one)
        if (name, spec) not in self.labels:
            self._spend(name + spec)
            key = self._offer(name, spec)
            like = None if key is not None else match_goods(f"{name} {spec}", self.world.menu)
            self.labels[name, spec] = (key, like)
        key, like = self.labels[name, spec]
        if key is not None:
            return self.world.labels[key]
        if like is None:
            return name
        one.remarks.append(
            ("goods", Remark("goods_like", {"words": name, "goods": self.world.labels[like]}))
        )
        return self.world.labels[like]

    @cached_property
    def _plain_names(self) -> list[tuple[int, str, str]]:
        """Of each offer its id, its name with the specification, its name."""
        offers = self.world.offers
        return [(one.pk, _plain(f"{one.name}{one.spec}"), _plain(one.name)) for one in offers]

    def _offer(self, name: str, spec: str) -> int | None:
        wanted = {_plain(name), _plain(_NUMBERING.sub("", name))}
        both = {one + _plain(spec) for one in wanted} if spec else set()
        exact = [key for key, whole, _name in self._plain_names if whole in wanted | both]
        named = [key for key, _whole, own in self._plain_names if own in wanted]
        found = exact or named
        return found[0] if len(found) == 1 else None

    @staticmethod
    def _whole(text: str) -> int | str:
        said = unicodedata.normalize("NFKC", text).strip()
        match = _WHOLE.match(said)
        if match is None and (numeral := chinese_number(said, 0)) is not None:
            match = _WHOLE.match(f"{numeral[0]}{said[numeral[1] :]}")
        return int(match[1]) if match else (text or "?")


def _is_sum(row: Row) -> bool:
    """合计, 总计 in the first cell that says anything."""
    return _SUM.fullmatch(next(filter(None, row.cells), "")) is not None


def _cut(text: str, column: str, one: ListRow) -> str:
    """What is read of a cell; one that is longer is doubtful."""
    if len(text) > MAX_LINE:
        remark = (column, Remark("line_too_long"))
        one.remarks += [remark] * (remark not in one.remarks)
    return text[:MAX_LINE]


def _plain(text: str) -> str:
    return re.sub(r"[\s()\[\]【】]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _notes(table: Table, offers: Iterable[int]) -> list[Note]:
    """The reader's own remarks, without those on columns that are known to say nothing about orders."""
    return [note for note in table.warnings if note.code != "columns_not_read" or not offers]


def _totals(content: bytes, world: World) -> list[Note]:
    """What another sheet of the same workbook says about the sums (商品汇总表)."""
    try:
        table = read_table(content, aliases=TOTALS, required=("goods", "sold"))
    except IntakeError:
        return []
    sheet = _Sheet(table, world)
    sums: dict[int, int] = {}
    for row in table.rows:
        key = sheet._offer(row.cells[table.columns["goods"]], _cell(row, table.columns, "spec"))
        sold = sheet._whole(row.cells[table.columns["sold"]])
        if key is not None and isinstance(sold, int):
            sums[key] = sums.get(key, 0) + sold
    return [
        Note("own_total_of", {"said": said, "goods": world.labels[key], "offer": key})
        for key, said in sums.items()
    ]


def _cell(row: Row, columns: Mapping[str, int], name: str) -> str:
    return row.cells[columns[name]] if name in columns else ""
