"""What the words of an entry ask for, its address aside. Pure.

The rule: every sign of a line must be explained. What is left over makes the line doubtful, never something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from orders.chain.amounts.checks import compare_sums, without_sums, without_total
from orders.chain.amounts.counting import count_by_sizes
from orders.chain.amounts.insides import counts_packs_inside, counts_the_inside, is_the_price
from orders.chain.amounts.measures import compare_sizes
from orders.chain.amounts.own_numbers import without_own_numbers
from orders.chain.amounts.periods import comes_each_time, is_by_time
from orders.chain.amounts.printed import count_printed
from orders.chain.amounts.singles import comes_singly
from orders.chain.amounts.sizes import without_sizes
from orders.chain.amounts.sold import is_sold_so, told_by_unit
from orders.chain.amounts.units import INNER, WEIGHTS, comes_alone, fits, may_be_inside, packs
from orders.chain.entries import Action, Line, Wanted
from orders.chain.line.binding import Pair, bind
from orders.chain.line.pictures import doubt_pictures
from orders.chain.line.resolving import resolve
from orders.chain.line.spreading import spread
from orders.chain.line.token import Kind, Token
from orders.chain.line.tokens import tokens_of
from orders.chain.names.goods import Goods, Trust
from orders.chain.names.menu import Menu
from orders.chain.talk.contrary import doubt_contrary
from orders.chain.talk.labels import explain_texts
from orders.chain.talk.remarks import ask_about_choices
from orders.chain.talk.sharing import doubt_shares
from orders.chain.talk.undoing import ask_about_marks

# More of one thing than this by one household is looked at, whatever the limits say.
MANY = 20
# So often what must be taken at least is not unusual.
_FEW = 4
_HEAVENLY = frozenset("甲乙丙丁戊己庚辛")
# 1,000g is no 1 before a comma.
_THOUSANDS = re.compile(
    r"(?<!\d)\d{1,3},\d{3}\s?(?:g|克|ml|毫升)(?![^\s,，、;。*x×+/()（）\d])", re.IGNORECASE
)
_WORD_CODES = {
    "same": "same_as_above",
    "question": "question",
    "unsure": "conditional",
    "for": "for_somebody",
    "all": "everything",
}


def read_wanted(text: str, menu: Menu) -> Wanted:
    """What a folded text asks for, addresses and phones in it masked. Its `remarks` say what makes it doubtful."""
    wanted = Wanted()
    if _THOUSANDS.search(text):
        wanted.doubt("which_number")
    tokens = count_printed(resolve(tokens_of(text, menu), menu), menu)
    count_by_sizes(tokens, menu)
    compare_sizes(tokens, menu, wanted)
    tokens, lonely_size = without_sizes(tokens, menu)
    if lonely_size:
        wanted.doubt("only_a_size", words=lonely_size)
    tokens = spread(tokens, menu, wanted)
    _read_words(tokens, wanted, is_single=menu.only is not None)
    explain_texts(tokens, text, menu, wanted)
    ask_about_choices(tokens, menu, wanted)
    doubt_pictures(tokens, menu, wanted)
    ask_about_marks(tokens, text, wanted)
    doubt_shares(tokens, wanted)
    doubt_contrary(tokens, menu, wanted)
    bound = [
        t
        for t in tokens
        if t.kind in _BINDING or (t.kind == Kind.WORD and t.unit in {"each", "all"})
    ]
    bound = without_own_numbers(bound, menu, wanted)
    bound = without_total(without_sums(bound, menu), menu, _taken)
    _take_pairs(bind(bound, menu, wanted), menu, wanted)
    compare_sums(tokens, menu, wanted)
    return wanted


def _taken(tokens: Sequence[Token], menu: Menu) -> Wanted:
    """What these tokens ask for, taken by themselves."""
    trial = Wanted()
    _take_pairs(bind(tokens, menu, trial), menu, trial)
    return trial


_COUNTED = frozenset({Kind.GOODS, Kind.NUMBER})
_BINDING = frozenset({Kind.GOODS, Kind.NUMBER, Kind.BREAK})


def _read_words(tokens: Sequence[Token], wanted: Wanted, *, is_single: bool) -> None:
    for place, token in enumerate(tokens):
        if token.kind == Kind.NOTE:
            wanted.note = f"{wanted.note} {token.text.strip('()[]【】')}".strip()
        elif token.kind == Kind.WORD:
            if not (is_single and _is_plus(tokens, place)):
                _read_word(tokens, place, wanted)
        elif token.kind == Kind.NUMBER and token.sign == "-":
            wanted.doubt("minus", words=f"-{token.text}")


def _is_plus(tokens: Sequence[Token], place: int) -> bool:
    """加一 where one thing is on offer is +1."""
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    return tokens[place].text == "加" and behind is not None and behind.kind == Kind.NUMBER


def _read_word(tokens: Sequence[Token], place: int, wanted: Wanted) -> None:
    token = tokens[place]
    match token.unit:
        case "claim":
            wanted.is_paid = True
        case "note":
            wanted.note = f"{wanted.note} {token.text}".strip()
        case "add":
            _read_addition(tokens, place, wanted)
        case "cancel" | "change":
            wanted.action = Action(token.unit)
            wanted.doubt(f"asks_to_{token.unit}", words=token.text)
        case "half":
            wanted.refuse("half", words=token.text)
        case "except" | "rest" | "kinds":
            wanted.doubt("words_unexplained", words=token.text)
        case kind if kind in _WORD_CODES:
            wanted.doubt(_WORD_CODES[kind], words=token.text)


def _read_addition(tokens: Sequence[Token], place: int, wanted: Wanted) -> None:
    """蔬菜包再来两份, 再来两份蔬菜包 behind other goods with their numbers is one more kind; alone, or of
    goods that were named above, it adds to something.
    """
    if wanted.action == Action.ADD:
        return  # said already, and looked at anyway
    before = [t for t in tokens[:place] if t.kind in _COUNTED]
    after = [t for t in tokens[place + 1 :] if t.kind == Kind.GOODS]
    has_lines = any(first.kind != second.kind for first, second in pairwise(before))
    meant = before.pop() if before and before[-1].kind == Kind.GOODS else next(iter(after), None)
    named = {t.named.keys for t in before if t.named is not None}
    if has_lines and named and meant is not None and meant.named and meant.named.keys not in named:
        return
    wanted.action = Action.ADD
    wanted.doubt("asks_to_add", words=tokens[place].text)


def _take_pairs(pairs: Sequence[Pair], menu: Menu, wanted: Wanted) -> None:
    found: dict[int, int] = {}
    for goods, number in pairs:
        key = _key_of(goods, number, menu, wanted, is_single=len(pairs) == 1)
        if key is None:
            continue
        name = menu.goods[key].name
        quantity = 1
        if number is not None:
            is_code = goods is not None and _is_code(goods)
            quantity = _quantity(
                menu.goods[key], number, wanted, is_code=is_code, is_named=goods is not None
            )
        elif wanted.action != Action.CANCEL and not (
            goods and _names_a_pack(goods, menu.goods[key])
        ):
            wanted.doubt("no_number", goods=name)
        if quantity < 1:
            wanted.refuse("zero", goods=name)
            continue
        if key in found:
            wanted.doubt("goods_twice", goods=name)
            quantity += 0 if wanted.action == Action.CHANGE else found[key]
        found[key] = quantity
    is_silent = not pairs and not wanted.remarks and wanted.action == Action.ORDER
    if menu.only is not None and is_silent:
        found[menu.only.key] = 1
        wanted.doubt("no_number", goods=menu.only.name)
    wanted.lines = [Line(key, quantity) for key, quantity in found.items()]


def _key_of(
    goods: Token | None, number: Token | None, menu: Menu, wanted: Wanted, *, is_single: bool
) -> int | None:
    if goods is None:
        if menu.only is None or number is None:
            wanted.doubt("number_without_goods", words=number.text if number else "")
            return None
        if not is_single:
            wanted.doubt("which_number")
        return menu.only.key
    named = goods.named
    if named is None or not named.keys:
        return None
    told = told_by_unit(goods, number, menu)
    if told is not None:
        return told
    if named.trust == Trust.SEVERAL or len(named.keys) > 1:
        names = "、".join(menu.goods[key].name for key in named.keys[:4])
        wanted.doubt("several_goods", words=goods.text, goods=names)
    elif named.trust == Trust.PARTLY and not is_sold_so(goods, number, menu):
        wanted.doubt("partly_named", words=goods.text, goods=menu.goods[named.keys[0]].name)
    return named.keys[0]


def _quantity(one: Goods, number: Token, wanted: Wanted, *, is_code: bool, is_named: bool) -> int:
    """How many, by the unit; stock and limits are looked at too. `is_code`: behind A2 and 1个A there is nothing but
    the quantity.
    """
    words = f"{one.name} {one.spec}".lower()
    quantity = number.value
    if not is_code or number.unit not in {"", "个"}:
        packed = packs(quantity, number.unit, one.unit.lower(), words)
        said = f"{number.value}{number.unit}"
        if packed is not None:
            if not packed[1] or (
                packed[0] != quantity and not is_named and number.unit not in INNER | WEIGHTS
            ):
                wanted.doubt("packs", said=said, quantity=packed[0], goods=one.name, spec=one.spec)
            quantity = packed[0]
        elif not _counts(number, one, words):
            wanted.doubt("another_unit", said=said, unit=one.unit, goods=one.name)
        elif number.unit in INNER and counts_packs_inside(number, one):
            wanted.doubt("only_a_size", words=str(number.value))
    _doubt_count(one, number, wanted, is_code=is_code)
    if one.left is not None and quantity > one.left:
        wanted.doubt("above_stock", goods=one.name, left=max(one.left, 0))
    if one.most is not None and quantity > one.most:
        wanted.doubt("above_limit", goods=one.name, most=one.most)
    if quantity < one.least:
        wanted.doubt("below_minimum", goods=one.name, least=one.least)
    if quantity > MANY and not _is_some_of_least(quantity, one):
        wanted.doubt("many", goods=one.name, quantity=quantity)
    return quantity


def _is_some_of_least(quantity: int, one: Goods) -> bool:
    """40 of what is sold from 10 on."""
    return 0 < quantity <= _FEW * one.least and quantity % one.least == 0


def _counts(number: Token, one: Goods, words: str) -> bool:
    """The number's unit counts what is sold, not what is inside of it."""
    said, sold = number.unit, one.unit.lower()
    if is_by_time(sold):
        return not said or comes_each_time(number.value, said, words)
    name = one.name.lower()
    is_inside = may_be_inside(number.value, said, sold) and not comes_alone(said, words, name)
    return comes_singly(number.value, said, one) or (
        fits(said, sold, words, name) and not is_inside
    )


def _doubt_count(one: Goods, number: Token, wanted: Wanted, *, is_code: bool) -> None:
    if counts_the_inside(number, one, is_code=is_code):
        wanted.doubt("only_a_size", words=str(number.value))
    elif is_the_price(number, one):
        wanted.doubt("only_a_price", words=str(number.value), goods=one.name)


def _names_a_pack(token: Token, one: Goods) -> bool:
    """鸡蛋30枚, where a board has 30: one board, and nobody can mean anything else."""
    match = re.search(r"(\d{1,9})\s{0,3}([^\s\d]{1,2})$", token.text.lower())
    if match is None:
        return False
    packed = packs(int(match[1]), match[2], one.unit.lower(), one.spec.lower())
    return packed == (1, True)


def _is_code(goods: Token) -> bool:
    """A letter, a number, a picture, 甲: not 馕, which is counted as it is sold."""
    text = goods.text
    is_sign = len(text) == 1 and (text in _HEAVENLY or not "\u3400" <= text <= "\u9fff")
    return is_sign or text.isascii() or text[:-1].isdigit()
