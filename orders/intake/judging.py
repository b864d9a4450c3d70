"""The verdict on each row of an order list: its door, its goods, and the orders there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import override

from communities.addresses.located import Located
from config.kernel.intake.kinds import DOUBTFUL, OK, REFUSED, Judgement, SourceRow
from orders.chain.lists.pricelist import match_goods
from orders.intake.columns import ITEMS, TIMES, item_text, remarks_of
from orders.intake.memory import Lines, Taken
from orders.intake.missing import continued
from orders.intake.world import Standing, World, world_of
from orders.models import Order
from orders.models.order import MAX_QUANTITY

_ITEM = re.compile(rf"^(.*?)\s{{0,3}}[{TIMES}*xX]\s{{0,3}}(\d{{1,4}})$", re.DOTALL)

_SAYS_WHY = frozenset({"goods_unknown", "no_goods", "quantity_unreadable"})


@dataclass
class _Row:
    """A row on its way: what is known of it so far."""

    source: SourceRow
    judgement: Judgement
    household: int | None = None
    lines: dict[int, int] = field(default_factory=dict)
    how: str = ""
    # What the line came to in an earlier list; what of the order stays when this line replaces another.
    taken: Taken | None = None
    keeps: Counter[int] = field(default_factory=Counter)

    @property
    def mark(self) -> str:
        return self.source.texts.get("mark", "")

    @property
    def key(self) -> Lines:
        return frozenset(self.lines.items())


def judge(subject_id: int, rows: Sequence[SourceRow]) -> list[Judgement]:
    """Values: `household`, `lines` (offer id, quantity, price in fen), `how` (place, add, update, cancel, same),
    `order` it stands on, `keeps` (offer id, quantity, price: of that order, beside the lines), `mark`, `wished`,
    `note`, `reason`. Between cutoff and release `how` is late or same; named is a household that an earlier list has
    and this one, now that a row was mended, has too.
    """
    world = world_of(subject_id)
    read = [_read(row, world) for row in rows]
    _recognise(read, world)
    _compare(read, world)
    _check_stock(read, world)
    for row in read:
        row.judgement.values = _values(row, world)
    return [row.judgement for row in read]


def _read(source: SourceRow, world: World) -> _Row:
    row = _Row(source, Judgement())
    texts = source.texts
    for column, remark in remarks_of(texts.get("remarks", "")):
        if column and column in source.mended:
            continue
        if not column and "how" in source.mended and remark.level == DOUBTFUL:
            continue
        _add(row.judgement, remark.level, remark.code, column, dict(remark.params))
    _read_door(row, world)
    _read_goods(row, world)
    row.how = texts.get("how", "").strip()
    return row


def _add(judgement: Judgement, level: str, code: str, column: str, params: dict[str, Any]) -> None:
    add = {OK: judgement.note, DOUBTFUL: judgement.doubt, REFUSED: judgement.refuse}[level]
    add(code, column, **params)


def _read_door(row: _Row, world: World) -> None:
    text = row.source.texts.get("address", "").strip()
    if not text:
        if not any(
            reason.level == REFUSED and reason.column == "address"
            for reason in row.judgement.reasons
        ):
            row.judgement.refuse("address_missing", "address")
        return
    found = world.locate(text)
    if isinstance(found, Located):
        if f"address_{found.reason}" not in {reason.code for reason in row.judgement.reasons}:
            row.judgement.refuse(f"address_{found.reason}", "address", **found.params)
    else:
        row.household = found


def _read_goods(row: _Row, world: World) -> None:
    text = row.source.texts.get("goods", "")
    for item in filter(None, (part.strip() for part in re.split(f"[{ITEMS};\n]", text))):
        match = _ITEM.match(item)
        name, number = (match[1], int(match[2])) if match else (_name_of(item), 0)
        key = world.names.get(name)
        if key is None:
            key = match_goods(name, world.menu)
            if key is not None:
                row.judgement.doubt("goods_like", "goods", words=name, goods=world.labels[key])
        if key is None:
            row.judgement.refuse("goods_unknown", "goods", words=name[:40])
        elif not 1 <= number <= MAX_QUANTITY:
            row.judgement.refuse("quantity_unreadable", "goods", words=item[:40])
        else:
            row.lines[key] = row.lines.get(key, 0) + number
    _check_limits(row, world)
    is_named = any(reason.code in _SAYS_WHY for reason in row.judgement.reasons)
    if not row.lines and not is_named and row.source.texts.get("how") not in {"cancel", "gone"}:
        row.judgement.refuse("no_goods", "goods")


def _name_of(item: str) -> str:
    """Of 鸡蛋×半 the name: what it may not be is the number's fault."""
    name, sign, _number = item.rpartition(TIMES)
    return name if sign else item


def _check_limits(row: _Row, world: World) -> None:
    """More than a household may have will fail, whoever wrote the number."""
    told = {
        str(one.params.get("goods")) for one in row.judgement.reasons if one.code == "above_limit"
    }
    for key, quantity in row.lines.items():
        most, label = world.by_offer[key].household_limit, world.labels[key]
        if most is not None and quantity > most and label not in told:
            row.judgement.doubt("above_limit", "goods", goods=label, most=most)


def _recognise(rows: Sequence[_Row], world: World) -> None:
    """Which lines were taken before: by their very words first, whatever is read in them now, then by household and
    goods. A line that a person is mending is read as it is mended.
    """
    waiting = {mark: list(lines) for mark, lines in world.by_mark.items()}
    used: set[int] = set()
    for row in rows:
        if waiting.get(row.mark) and not row.source.mended:
            _recall(row, waiting[row.mark].pop(0))
            used.add(id(row.taken))
    for row in rows:
        if row.taken or row.how or row.source.is_left or row.judgement.verdict == REFUSED:
            continue
        for one in world.before.get(row.household or 0, ()):
            if one.lines == row.key and one.how != "cancel" and id(one) not in used:
                _recall(row, one)
                used.add(id(one))
                break


def _recall(row: _Row, taken: Taken) -> None:
    row.taken, row.household, row.lines = taken, taken.household, dict(taken.lines)
    row.how, row.judgement = "same", Judgement()
    row.judgement.note("unchanged")


def _compare(rows: Sequence[_Row], world: World) -> None:
    """With the orders there are and with the rows above. Who says what becomes of an order is always a person."""
    first: dict[int, _Row] = {}
    named = {row.household: row for row in rows if row.how != "gone" and not row.source.is_left}
    for row in rows:
        if row.household is None or row.judgement.verdict == REFUSED or row.source.is_left:
            continue
        if row.how == "gone" and row.household in named:
            row.how = "named"
            row.judgement.note("named_after_all", row=named[row.household].source.number)
        elif row.taken is not None:
            if _placed(row, world):
                first.setdefault(row.household, row)
        elif world.is_late:
            _compare_late(row, first.get(row.household), world)
            first.setdefault(row.household, row)
        elif row.how in {"cancel", "gone"}:
            _compare_cancelling(row, first.pop(row.household, None), world)
        elif row.household in first:
            _compare_twice(row, first[row.household], world)
        else:
            row.keeps = _added(row, rows, world)
            _compare_order(row, world)
            first[row.household] = row


def _placed(row: _Row, world: World) -> list[Standing]:
    return [order for order in world.orders.get(row.household or 0, []) if order.is_placed]


def _added(row: _Row, rows: Sequence[_Row], world: World) -> Counter[int]:
    """What other lines of the household, taken before, have added: it stays when a changed line replaces its own.
    A line that has gone from a list this one goes on with adds no more.
    """
    there = {id(one.taken) for one in rows if one.taken is not None}
    lists = continued([one.household for one in rows if one.household is not None], world)
    found: Counter[int] = Counter()
    for one in world.before.get(row.household or 0, ()):
        if one.how == "add" and (id(one) in there or one.upload not in lists):
            found.update(dict(one.lines))
    return found


def _compare_late(row: _Row, above: _Row | None, world: World) -> None:
    """After the cutoff what a household has ordered stays; what it asks for besides is added with a reason."""
    placed = _placed(row, world)
    if row.how in {"cancel", "update", "gone"}:
        row.judgement.refuse("late_no_change")
    elif above is None and any(order.lines == row.key for order in placed) and row.how != "late":
        row.how = "same"
        row.judgement.note("unchanged")
    elif (placed or above is not None) and row.how != "late":
        was = told(above.key if above is not None else placed[0].lines, world)
        row.judgement.refuse("late_besides", was=was)
    elif row.how == "late":
        row.judgement.note("will_add_late")
    else:
        row.how = "late"
        row.judgement.doubt("late_order")


def _compare_twice(row: _Row, above: _Row, world: World) -> None:
    """The second entry of a household: added, in the place of the first, or skipped."""
    if row.how in {"add", "update"}:
        _tell(row, world)
    elif above.key == row.key:
        row.judgement.refuse("entry_again", row=above.source.number)
    else:
        door = world.door_of.get(row.household or 0, "")
        row.judgement.refuse("household_again", door=door, row=above.source.number)


def _compare_order(row: _Row, world: World) -> None:
    standing = world.orders.get(row.household or 0, [])
    placed = [order for order in standing if order.is_placed]
    if not placed:
        if row.how in {"update", "add"}:
            row.how = "place"  # there is nothing to change: what the line names is the whole wish
        was_there = any(order.lines == row.key for order in standing) or (
            row.household in world.before
        )
        if was_there and standing and row.how != "place":
            row.judgement.refuse("was_cancelled")
        row.how = row.how or "place"
    elif len(placed) > 1:
        _compare_several(row, placed)
    elif row.how in {"add", "update"}:
        _tell(row, world)
    elif placed[0].lines == row.key and placed[0].channel == Order.Channel.CHAIN:
        row.how = "same"
        row.judgement.note("unchanged")
    else:
        _ask(row, placed[0], world)


def _compare_several(row: _Row, placed: Sequence[Standing]) -> None:
    if any(order.lines == row.key and order.channel == Order.Channel.CHAIN for order in placed):
        row.how = "same"
        row.judgement.note("unchanged")
    elif row.how != "place":
        row.judgement.refuse("several_orders")


def _ask(row: _Row, order: Standing, world: World) -> None:
    was = told(order.lines, world)
    if order.channel == Order.Channel.CHAIN:
        row.judgement.refuse("order_differs", was=was)
    else:
        with override("en"):
            channel = str(Order.Channel(order.channel).label)
        row.judgement.refuse("other_channel", was=was, channel=channel)


def _tell(row: _Row, world: World) -> None:
    """What will become of the order, now that a person has said so (or the words do)."""
    placed = _placed(row, world)
    was = told(placed[0].lines, world) if placed else "—"
    if row.how == "add":
        row.judgement.note("will_add", goods=told(row.key, world))
        return
    row.judgement.note("will_replace", was=was)
    if row.keeps:
        row.judgement.note("will_keep", goods=told(frozenset(row.keeps.items()), world))


def _compare_cancelling(row: _Row, above: _Row | None, world: World) -> None:
    placed = _placed(row, world)
    was = told(placed[0].lines, world) if placed else ""
    if row.how == "gone":
        row.judgement.refuse(
            "gone_from_list", door=world.door_of.get(row.household or 0, ""), was=was
        )
    elif not placed and above is not None:  # a line above places it
        row.judgement.note("will_cancel", was=told(above.key, world))
    elif len(placed) != 1:
        row.judgement.refuse("several_orders" if placed else "nothing_to_cancel")
    else:
        row.judgement.note("will_cancel", was=was)


def _check_stock(rows: Sequence[_Row], world: World) -> None:
    """Capped offers, row by row from the top: a row that would find too little is told now."""
    left = {one.key: one.left for one in world.goods if one.left is not None}
    for row in rows:
        if (
            row.how not in {"place", "add", "late"}
            or row.judgement.verdict == REFUSED
            or row.source.is_left
        ):
            continue
        for key, quantity in row.lines.items():
            if key in left and quantity > left[key]:
                row.judgement.refuse(
                    "stock_gone", "goods", goods=world.labels[key], left=max(left[key], 0)
                )
        if row.judgement.verdict != REFUSED:
            for key, quantity in row.lines.items():
                if key in left:
                    left[key] -= quantity


def _values(row: _Row, world: World) -> dict[str, Any]:
    placed = _placed(row, world)
    base = placed[0] if placed else None
    return {
        "household": row.household,
        "lines": _priced(row.lines, world),
        "keeps": _priced(row.keeps, world) if row.how == "update" else [],
        "mark": row.mark,
        "how": row.how or "place",
        "order": row.taken.order if row.taken is not None else base and base.id,
        "wished": row.source.texts.get("wished", ""),
        "note": row.source.texts.get("note", "")[:200],
        "reason": row.source.texts.get("reason", "")[:200],
    }


def _priced(lines: Mapping[int, int], world: World) -> list[list[int]]:
    """What is no longer on offer costs nothing: it stands in an order of before and is not ordered anew."""
    return [
        [key, quantity, world.by_offer[key].price_fen if key in world.by_offer else 0]
        for key, quantity in lines.items()
    ]


def told(lines: Lines, world: World) -> str:
    """蔬菜包×2、鸡蛋×1; what is no longer on offer by its number."""
    return "、".join(
        item_text(world.labels.get(key, f"#{key}"), number) for key, number in sorted(lines)
    )
