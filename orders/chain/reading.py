"""A chat list, read: text, goods and doors in, entries out, each with what makes it doubtful. Pure.

Never a wrong quantity or household without a remark: what no rule explains makes an entry
doubtful, never something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from communities.addresses.located import Certainty, Located, Reason
from communities.addresses.register import Register
from communities.persons import is_brand, is_food
from communities.things import ends_as_a_thing, names_a_thing, says_something
from config.kernel.intake.kinds import DOUBTFUL, OK, REFUSED
from orders.chain.entries import Action, Chain, Entry, Piece, Remark, Wanted
from orders.chain.line.wanting import read_wanted
from orders.chain.lists.doors import Doors, masked, names_a_door, without_phones
from orders.chain.lists.layout import lay_out
from orders.chain.lists.limits import says_least, with_limits
from orders.chain.lists.neighbours import changes_above, doubt_changed, doubt_parts, doubt_shifted
from orders.chain.lists.pricelist import (
    codes_of,
    differing_prices,
    inline_codes,
    listed_codes,
    printed_forms,
    read_prices,
    shown_codes,
    with_specs,
)
from orders.chain.lists.senders import with_name_above
from orders.chain.lists.showing import is_numbered, shows_a_part
from orders.chain.lists.stairwells import by_unit
from orders.chain.lists.totals import read_totals
from orders.chain.lists.trailing import marks_of
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu
from orders.chain.talk.petnames import is_food_name, is_pet_name, is_sweet_name
from orders.chain.talk.small_words import is_spice
from orders.chain.talk.talk import asks

# A list has names beside its doors if so many entries are sure to.
_HABIT = 2
_SURE, _MANY_NAMES, _RULE = 2, 6, 0.5
# Then even 方糖 is somebody, who stands where everybody else has a name.
_STRICT_NAMED, _STRICT = 0.4, 0.8
# So many of the homes have a name where others have 荔枝.
_USUAL = 0.25
# Behind a sign of food: 牛尾, 菜心, 豆苗.
_ENDS = frozenset("心花苗腿尾头叶汁乳剂莓根茎籽仔")
_NUMERAL = re.compile("[一二两三四五六七八九十半]")
_CUT = re.compile(r"[、,，;；/|\n]|\s{1,3}(?=\S)")


def read_chain(
    text: str, goods: Sequence[Goods], register: Register, *, home: Iterable[int] = ()
) -> Chain:
    """The whole list. `home` are the houses (their ids) of the chat group: a room alone is then one of theirs."""
    offered = Menu(goods)
    doors = Doors(register, tuple(home), offered)
    layout = lay_out(text, doors)
    first = min((p.line for p in layout.pieces if p.index is not None), default=0)
    priced = read_prices(layout.around, bare_before=first)
    codes = {
        **listed_codes(layout.around, offered),
        **inline_codes(layout.around, offered),
        **shown_codes(layout.around, offered),
        **codes_of(priced, offered),
    }
    remarks = [*layout.remarks]
    for one, known in differing_prices(priced, codes, goods):
        remarks.append(Remark("price_differs", {"goods": known.name, "said": one.text}))
    goods = with_limits(with_specs(offered, priced, codes), layout.around, offered)
    taken = {piece.line for piece in layout.pieces}
    shown = [(n, raw) for n, raw in enumerate(text.split("\n"), start=1) if n not in taken]
    forms = printed_forms(shown, offered)
    for form, key in forms.items():
        number = form.strip("【】[]/ ")
        if number.isdigit():
            codes.setdefault(str(int(number)), key)
    menu = Menu(
        goods,
        codes,
        is_numbered=is_numbered(codes, layout, offered),
        is_part=shows_a_part(codes, layout, offered),
        forms=forms,
    )
    doors = Doors(register, tuple(home), menu)
    priced_lines = {one.line for one in priced}
    begins = min((piece.line for piece in layout.pieces), default=0)
    loose = [
        piece
        for piece in layout.loose
        if piece.line not in priced_lines
        and not (piece.line < begins and says_least(piece.text))
        and (_asks(piece, menu) or (piece.line > begins > 0 and changes_above(piece.text)))
    ]
    whole = sorted([*layout.pieces, *loose], key=lambda piece: piece.line)
    doors = by_unit(doors, whole)
    pieces = [part for piece in whole for part in split_piece(piece, doors)]
    entries = read_pieces(pieces, menu, doors)
    totals = read_totals(layout.around, menu)
    return Chain(tuple(entries), tuple(layout.around), codes, tuple(totals), tuple(remarks))


def _asks(piece: Piece, menu: Menu) -> bool:
    """A line without a door that orders all the same: it must not be lost."""
    wanted = read_wanted(piece.text, menu)
    is_price = all(line.quantity * 100 == menu.goods[line.goods].price_fen for line in wanted.lines)
    return bool(wanted.lines) and not is_price and (wanted.is_left or wanted.is_right)


def split_piece(piece: Piece, doors: Doors) -> list[Piece]:
    """4号楼202室2份、3号楼304室3份: a piece for each household, where each part begins with its door."""
    text, _phone = without_phones(piece.text)
    whole = doors.find(text)
    if whole.reason != Reason.SEVERAL_ADDRESSES:
        return [piece]
    cuts = [0, *(match.end() for match in _CUT.finditer(text))]
    starts: list[int] = []
    for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        if _begins_with_door(text[begin:end], doors):
            starts.append(begin)
    if len(starts) < 2 or text[: starts[0]].strip():
        return [piece]
    ends = [*starts[1:], len(text)]
    if any(re.search("[各共]|都", text[a:b]) for a, b in zip(starts, ends, strict=True)):
        return [piece]  # 1401、1402各1袋
    return [
        replace(piece, text=piece.text[a:b].strip(" 、,，;；/|\n"))
        for a, b in zip(starts, ends, strict=True)
    ]


def _begins_with_door(text: str, doors: Doors) -> bool:
    located = doors.find(text)
    return (
        names_a_door(located)
        and located.spans[0][0] == 0
        and located.reason != Reason.SEVERAL_ADDRESSES
    )


def read_pieces(pieces: Sequence[Piece], menu: Menu, doors: Doors) -> list[Entry]:
    """Entries, in the order of the pieces; what one says about another (同上, the same household) is looked at too."""
    read = [_read_piece(piece, menu, doors) for piece in pieces]
    entries: list[Entry] = []
    for entry in _names_by_habit(read, menu):
        entries.append(_as_above(entry, entries[-1] if entries else None))
    entries = _against_direction(entries, [wanted for _entry, wanted in read])
    return _households_again(doubt_changed(doubt_shifted(doubt_parts(_torn(entries)))))


def _names_by_habit(read: Sequence[tuple[Entry, Wanted]], menu: Menu) -> list[Entry]:
    """若曦 beside the door is a name where the list has names there; where it has none it may be goods nobody knows."""
    named = sum(wanted.is_named for _entry, wanted in read)
    likely = sum(not wanted.is_named and bool(wanted.nicknames) for _entry, wanted in read)
    homes = sum(entry.household is not None for entry, _wanted in read)
    is_habit = named >= _HABIT
    # Nearly every line has a word there, and none has another's: goods would come again.
    is_rule = named >= _SURE and named + likely >= max(_MANY_NAMES, _RULE * homes)
    if not (is_habit or is_rule):
        return [entry for entry, _wanted in read]
    worded = sum(
        wanted.is_named or bool(wanted.nicknames or wanted.lookalikes) for _entry, wanted in read
    )
    is_strict = named >= _STRICT_NAMED * homes and worded >= _STRICT * homes
    is_usual = named >= max(_SURE, _USUAL * homes)
    words = [
        [
            *wanted.nicknames,
            *_lookalikes(entry, wanted, menu, is_strict=is_strict, is_usual=is_usual),
        ]
        for entry, wanted in read
    ]
    houses = {
        (name, entry.household)
        for (entry, _wanted), names in zip(read, words, strict=True)
        for name in names
    }
    said = Counter(name for name, _household in houses)
    return [
        _with_names(entry, [name for name in names if said[name] == 1])
        for (entry, _wanted), names in zip(read, words, strict=True)
    ]


def _lookalikes(
    entry: Entry, wanted: Wanted, menu: Menu, *, is_strict: bool, is_usual: bool
) -> list[str]:
    """皮卡丘 has signs of goods and is none; 方糖 is somebody where nearly everybody has a name (`is_strict`), and 荔枝
    where many have one (`is_usual`), and nothing of its kind is on the menu.
    """
    if not _is_rest_clear(entry):
        return []
    offered = [one.name for one in menu.goods.values()]
    return [
        words
        for words in wanted.lookalikes
        if _is_fancy(words)
        or is_pet_name(words, offered)
        or (is_strict and is_sweet_name(words, offered))
        or (is_usual and is_food_name(words, offered))
    ]


def _is_fancy(words: str) -> bool:
    """皮卡丘: neither a thing nor something said, and no number in it."""
    is_thing_like = names_a_thing(words) or ends_as_a_thing(words) or is_brand(words)
    is_thing_like |= is_food(words[-1]) or (is_food(words[0]) and words[-1] in _ENDS)
    is_thing_like |= all(is_food(sign) or is_spice(sign) for sign in words)  # 葱姜
    is_sentence = says_something(words) or asks(words) or _NUMERAL.search(words) is not None
    return not is_thing_like and not is_sentence


def _is_rest_clear(entry: Entry) -> bool:
    """But for one word, nothing is asked about: 方糖 has no number, and all the goods have theirs."""
    return [remark.code for remark in entry.remarks if remark.level != OK] == ["words_unexplained"]


def _with_names(entry: Entry, names: Sequence[str]) -> Entry:
    if not names:
        return entry
    remarks = [
        remark
        for remark in entry.remarks
        if remark.code != "words_unexplained" or remark.params.get("words") not in names
    ]
    label = " ".join(filter(None, (entry.label, *names)))
    return replace(entry, remarks=tuple(remarks), label=label[:40])


def _read_piece(piece: Piece, menu: Menu, doors: Doors) -> tuple[Entry, Wanted]:
    text, phone = without_phones(piece.text)
    located = doors.find(text)
    wanted = read_wanted(masked(text, located), menu)
    with_name_above(piece, wanted, menu)
    remarks = [*_about_door(located, text), *map(Remark, marks_of(piece, menu)), *wanted.remarks]
    if (
        not wanted.lines
        and wanted.action != Action.CANCEL
        and not any(r.level == REFUSED for r in wanted.remarks)
    ):
        remarks.append(Remark("no_goods", {}, REFUSED))
    entry = Entry(
        piece,
        located,
        tuple(wanted.lines),
        tuple(dict.fromkeys(remarks)),
        wanted.action,
        wanted.label[:40],
        wanted.note[:100],
        phone,
        wanted.is_paid,
    )
    return entry, wanted


def _about_door(located: Located, text: str) -> list[Remark]:
    if located.certainty == Certainty.SURE:
        return [] if _is_clear_of_digits(located, text) else [Remark("address_glued")]
    params = dict(located.params)
    level = (
        DOUBTFUL
        if located.certainty == Certainty.DOUBTFUL and len(located.candidates) == 1
        else REFUSED
    )
    return [Remark(f"address_{located.reason}", params, level)]


def _is_clear_of_digits(located: Located, text: str) -> bool:
    """The address ends between a figure and another: then one of them was taken from something else."""
    return not any(
        text[max(0, at - 1) : at + 1].isdigit() and 0 < at < len(text)
        for span in located.spans
        for at in span
    )


def _as_above(entry: Entry, above: Entry | None) -> Entry:
    """同上: the goods, or the door, of the entry above; doubtful but where nothing else stands there."""
    if above is None or not any(
        r.code in {"same_as_above", "address_same_as_above"} for r in entry.remarks
    ):
        return entry
    remarks = [r for r in entry.remarks if r.code not in {"no_goods", "address_same_as_above"}]
    if _is_plainly_above(entry, above):
        return replace(
            entry, lines=above.lines, remarks=(Remark("same_as_above", {"words": "同上"}, OK),)
        )
    if not any(r.code == "same_as_above" for r in remarks):
        remarks.append(Remark("same_as_above", {"words": "同上"}))
    located, lines = entry.located, entry.lines
    if located.reason == Reason.SAME_AS_ABOVE:
        located = above.located
        if located.household_id is None:
            remarks.append(Remark("address_no_address", {}, REFUSED))
    if not lines:
        lines = above.lines
        if not lines:
            remarks.append(Remark("no_goods", {}, REFUSED))
    return replace(entry, located=located, lines=lines, remarks=tuple(dict.fromkeys(remarks)))


def _is_plainly_above(entry: Entry, above: Entry) -> bool:
    """12. 3-402 同上 right below 11, which is clear itself: a door, and nobody named behind it (同楼上小何)."""
    codes = {remark.code for remark in entry.remarks if remark.level != OK}
    said = {str(r.params.get("words")) for r in entry.remarks if r.code == "same_as_above"}
    is_next = entry.piece.index is not None and entry.piece.index == (above.piece.index or 0) + 1
    is_clear = above.verdict == OK and above.action == Action.ORDER and bool(above.lines)
    said_last = max((entry.piece.text.rfind(words) for words in said), default=-1)
    names_another = bool(entry.label) and entry.piece.text.rfind(entry.label) > said_last
    return (
        is_next
        and is_clear
        and not names_another
        and codes <= {"same_as_above", "no_goods"}
        and said <= {"同上", "同楼上", "〃"}
        and entry.household is not None
        and not entry.lines
        and entry.action == Action.ORDER
    )


def _against_direction(entries: list[Entry], wanted: Sequence[Wanted]) -> list[Entry]:
    """Bare numbers before the goods where the list writes them behind, or the other way round: the line may be torn."""
    right = sum(one.is_right and not one.is_left for one in wanted)
    left = sum(one.is_left and not one.is_right for one in wanted)
    if right + left < 5 or max(right, left) < 0.8 * (right + left):
        return entries
    odd_is_left = right > left
    result: list[Entry] = []
    for entry, one in zip(entries, wanted, strict=True):
        is_odd = (one.is_left if odd_is_left else one.is_right) and one.has_bare
        result.append(
            replace(entry, remarks=(*entry.remarks, Remark("other_direction"))) if is_odd else entry
        )
    return result


def _torn(entries: list[Entry]) -> list[Entry]:
    """An entry without a door that begins with goods may be the end of the one above it."""
    result = list(entries)
    for place, entry in enumerate(entries[1:], start=1):
        has_door = entry.located.certainty != Certainty.NONE
        if has_door or entry.piece.is_loose or entry.label or not entry.lines:
            continue
        above = result[place - 1]
        if above.piece.index is not None and entry.piece.index == above.piece.index + 1:
            continue
        if above.located.certainty != Certainty.NONE:
            remark = Remark("next_has_no_address", {"line": entry.piece.line})
            result[place - 1] = replace(above, remarks=(*above.remarks, remark))
    return result


def _households_again(entries: list[Entry]) -> list[Entry]:
    """The same household a second time: nobody but a person knows whether it adds, replaces or repeats."""
    first: dict[int, Entry] = {}
    result: list[Entry] = []
    for entry in entries:
        household = entry.household
        earlier = first.get(household) if household is not None else None
        if household is not None and earlier is None and entry.verdict != REFUSED:
            first[household] = entry
        if earlier is not None:
            code = "entry_again" if earlier.lines == entry.lines else "household_again"
            remark = Remark(code, {"line": earlier.piece.line, "index": earlier.piece.index or 0})
            result.append(replace(entry, remarks=(*entry.remarks, remark)))
        else:
            result.append(entry)
    return result


def known_share(entries: Sequence[Entry]) -> float:
    """Which part of the entries that ask for something asks for goods that are on offer; 1 without entries."""
    asked = [entry for entry in entries if entry.action == Action.ORDER]
    return sum(bool(entry.lines) for entry in asked) / len(asked) if asked else 1.0


def sums(entries: Iterable[Entry]) -> dict[int, int]:
    """Pieces by goods over entries."""
    pieces: dict[int, int] = {}
    for entry in entries:
        for line in entry.lines:
            pieces[line.goods] = pieces.get(line.goods, 0) + line.quantity
    return pieces
