"""Rows out of pasted chat text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from config.kernel import clock
from config.kernel.intake.parsing.table import IntakeError, Note
from orders.chain.entries import Action, Chain, Entry, Remark
from orders.chain.reading import known_share, read_chain
from orders.intake import missing
from orders.intake.columns import ITEMS, ListRow, item_text
from orders.intake.memory import mark_of, number_of
from orders.intake.world import World

MAX_LINES = 5_000
MAX_CHARACTERS = 500_000
# Each may begin an address, and is looked at as such: many more than the longest list has.
MAX_FIGURES = 60_000
MAX_HEAD = 400
_FIGURE = re.compile(r"\d+|[零〇一二三四五六七八九十两①-⑳]")
_HEAD = re.compile(r"(群组|补单原因)\s{0,3}[:：](.+)")
_ASKED_ANYWAY = {"household_again", "entry_again"}


def rows_of_chat(text: str, world: World) -> tuple[list[ListRow], list[Note]]:
    """Raises IntakeError: too much text, or no entry in it."""
    if len(text) > MAX_CHARACTERS or sum(1 for _ in _FIGURE.finditer(text)) > MAX_FIGURES:
        raise IntakeError("too_much_text")
    if text.count("\n") > MAX_LINES:
        raise IntakeError("too_many_rows", limit=MAX_LINES)
    heads, text = _heads(text)
    home = _home(heads.get("群组", ""), world)
    chain = read_chain(text, world.goods, world.register, home=home)
    if not chain.entries:
        raise IntakeError("no_entries")
    now = clock.now()
    rows = [
        _row(entry, world, now + timedelta(milliseconds=place))
        for place, entry in enumerate(chain.entries)
    ]
    for row in rows:
        row.reason = heads.get("补单原因", "")
        row.mark = _mark(row, heads.get("群组", ""), world)
    _recall(rows, world)
    gone, notes = _gone(chain, rows, world)
    return rows + gone, [*_notes(chain, world), *notes]


def with_heads(text: str, *, group: str, reason: str) -> str:
    """The text as it is kept: the chat group's building and why it comes so late, if that was told, in first lines of
    their own.
    """
    heads = (("群组", group), ("补单原因", " ".join(reason.split())[:200]))
    return "".join(f"{name}：{words}\n" for name, words in heads if words) + text


def _heads(text: str) -> tuple[dict[str, str], str]:
    """(what `with_heads` wrote, the text without it: the numbers of lines are those of the pasted text)."""
    heads: dict[str, str] = {}
    while (match := _HEAD.fullmatch(_first_line(text))) is not None and match[1] not in heads:
        heads[match[1]] = match[2].strip()
        text = text.partition("\n")[2]
    return heads, text


def _first_line(text: str) -> str:
    """Empty where it is longer than what `with_heads` writes."""
    line = text.partition("\n")[0]
    return line.strip() if len(line) <= MAX_HEAD else ""


def _home(label: str, world: World) -> tuple[int, ...]:
    """Ids of the houses of the chat group."""
    houses = tuple(house.id for house in world.register.houses if house.label == label)
    return houses or (world.register.group(label) if label else ())


def _row(entry: Entry, world: World, wished: datetime) -> ListRow:
    row = ListRow(
        text=entry.piece.text,
        address=_door(entry, world),
        goods=ITEMS.join(
            item_text(world.labels[line.goods], line.quantity) for line in entry.lines
        ),
        line=str(entry.piece.line),
        number="" if entry.piece.index is None else str(entry.piece.index),
        how="" if entry.action == Action.ORDER else _HOW[entry.action],
        wished=wished.isoformat(),
        note=entry.note,
    )
    row.remarks = [
        (_field(remark), remark) for remark in entry.remarks if remark.code not in _ASKED_ANYWAY
    ]
    if entry.is_paid:
        row.remarks.append(("", Remark("says_paid", {}, "ok")))
    return row


_HOW = {Action.ADD: "add", Action.CHANGE: "update", Action.CANCEL: "cancel"}


def _door(entry: Entry, world: World) -> str:
    """The door as it is shown: the one that is certain, or the only candidate."""
    located = entry.located
    household = located.household_id
    if household is None and len(located.candidates) == 1:
        household = located.candidates[0]
    return world.door_of.get(household, "") if household is not None else ""


def _field(remark: Remark) -> str:
    """Which field a person mends to settle it; empty: only a yes does."""
    if remark.code.startswith("address"):
        return "address"
    return "" if remark.code in _GENERAL else "goods"


_GENERAL = {
    "quoted",
    "question",
    "conditional",
    "for_somebody",
    "asks_to_add",
    "asks_to_change",
    "asks_to_cancel",
}


def _mark(row: ListRow, group: str, world: World) -> str:
    """Empty where the words say nothing without the entry above (同上)."""
    if any(remark.code in _ABOVE for _field, remark in row.remarks):
        return ""
    return mark_of(row.text, subject_id=world.joined.pk, group=group)


_ABOVE = {"same_as_above", "address_same_as_above"}


def _recall(rows: list[ListRow], world: World) -> None:
    """A line that was taken before is read as it was then, by a person's hand where he mended it."""
    for row in rows:
        taken = next(iter(world.by_mark.get(row.mark, ())), None)
        if taken is None:
            _answered(row, world)
        elif taken.household in world.door_of and all(
            key in world.labels for key, _quantity in taken.lines
        ):
            row.address = world.door_of[taken.household]
            row.goods = ITEMS.join(
                item_text(world.labels[key], quantity) for key, quantity in sorted(taken.lines)
            )
            row.remarks = [one for one in row.remarks if not one[0]]


def _answered(row: ListRow, world: World) -> None:
    """Somebody asked whose line this is: the answer is the door."""
    household = world.answers.get(number_of(row.mark)) if row.mark else None
    if household is not None and household in world.door_of:
        row.address = world.door_of[household]
        row.remarks = [one for one in row.remarks if one[0] != "address"]


def _gone(chain: Chain, rows: list[ListRow], world: World) -> tuple[list[ListRow], list[Note]]:
    """Households of earlier lists that this one has no more, asked about; else a note that they were not.

    A list from the middle says nothing about the households before it, one that may be another list's nothing at all;
    after the cutoff what is ordered stays.
    """
    if world.is_late or _starts_late(chain):
        return [], []
    homes = {entry.household for entry in chain.entries if entry.household is not None}
    there = homes | {one for entry in chain.entries for one in entry.located.candidates}
    there |= {one.household for row in rows for one in world.by_mark.get(row.mark, ())}
    is_doubted = missing.is_doubted(known=known_share(chain.entries), homes=homes, world=world)
    gone = [] if is_doubted else missing.missing_rows(there, world)
    count = missing.not_asked(there, world) - len(gone)
    return gone, [Note("missing_not_asked", {"count": count})] if count else []


def _starts_late(chain: Chain) -> bool:
    first = next(
        (entry.piece.index for entry in chain.entries if entry.piece.index is not None), None
    )
    return first is not None and first > 1


def _notes(chain: Chain, world: World) -> list[Note]:
    notes = [_note(remark) for remark in chain.remarks]
    if _starts_late(chain) and world.before:
        first = next(entry.piece.index for entry in chain.entries if entry.piece.index is not None)
        notes.append(Note("from_the_middle", {"index": first or 0}))
    for total in chain.totals:
        if total.goods is None:
            notes.append(Note("own_total", {"said": total.quantity}))
        else:
            notes.append(
                Note(
                    "own_total_of",
                    {
                        "said": total.quantity,
                        "goods": world.labels[total.goods],
                        "offer": total.goods,
                    },
                )
            )
    around = [str(number) for number, _text in chain.around]
    if around:
        notes.append(Note("not_entries", {"lines": around[:40]}))
    return notes


def _note(remark: Remark) -> Note:
    code = "line_too_long_in" if remark.code == "line_too_long" else remark.code
    return Note(code, dict(remark.params))
