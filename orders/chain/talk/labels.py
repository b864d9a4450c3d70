"""Words of a line that nothing else explains: a person's name, or something to ask about. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from communities.persons import (
    MASKED_NAMES,
    PURE_SURNAMES,
    SURNAMES,
    is_food,
    is_name,
    is_nickname,
    is_plain_name,
    is_sure_nickname,
    is_titled,
)
from communities.things import ends_as_a_thing, is_noun, is_thing, names_a_thing
from orders.chain.entries import Wanted
from orders.chain.line.folding import CIRCLED
from orders.chain.line.token import MASK, Kind, Token
from orders.chain.names.menu import Menu
from orders.chain.names.naming import plain
from orders.chain.talk.callnames import is_called
from orders.chain.talk.lexicon import TALK
from orders.chain.talk.longnames import is_long_name
from orders.chain.talk.qualities import tells_a_quality
from orders.chain.talk.small_words import is_spice

# The last sign of an address, where the address was read without it.
_DOOR_WORDS = frozenset({"室", "房", "户"})
# Surnames alone, but for those that are goods alone: 姜, 米.
_GOODS_ALONE = frozenset("姜麦梅花桂柏米鱼")
_SHORT_NAMES = {sign for sign in SURNAMES | MASKED_NAMES if not is_food(sign)} - _GOODS_ALONE
# 要关东煮: nobody's name.
_WANTING = frozenset(
    [
        "要",
        "来",
        "想要",
        "我要",
        "我也要",
        "也要",
        "需要",
        "买",
        "购买",
        "订",
        "我订",
        "想订",
        "预订",
        "来个",
        "加",
    ]
)
_THANKS = frozenset({"谢谢", "感谢", "多谢", "辛苦", "麻烦"})
_CODE = 2
_KIN = re.compile("[\u3400-\u9fffA-Za-z]{1,4}[妹哥姐弟妈爸爹娘叔婶姨婆爷]")
_NO_KIN = re.compile("老干妈|姨妈")
# 分两家, 三户: between how many it is shared.
_SHARED = re.compile("[一二两三四五六七八九十][家户]$")
# Surnames that so many bear that three signs are a name, though goods begin so too.
_FREQUENT = frozenset("杨黄马胡高梁唐曾田蒋杜叶苏丁沈姚姜钟金石夏方江白熊龙雷毛史汤黎莫")
_FULL = 3
# A letter so near to those of the menu may be one that is not there.
_NEAR = 4
_FEW_SIGNS = re.compile("[\u3400-\u9fff]{2,4}")
_LITTLE = re.compile("小[\u3400-\u9fff]{2,3}")
# 果果(团长).
_ROLE = re.compile(r"[(\[【](?:团长|群主|楼长|楼组长|志愿者|组长|副团长)[)\]】]")
_COMMAS = frozenset("、,，/+")
_BOUND = frozenset({Kind.GOODS, Kind.NUMBER})


def explain_texts(tokens: Sequence[Token], text: str, menu: Menu, wanted: Wanted) -> None:
    """Names go to the label; numbers and words that nothing explains make the line doubtful."""
    asked = next((t.start for t in tokens if t.kind in _BOUND), len(text))
    door = text.find(MASK)
    for place, token in enumerate(tokens):
        if token.kind != Kind.TEXT:
            continue
        words = token.text.strip()
        if words in _DOOR_WORDS and place and tokens[place - 1].kind == Kind.MASK:
            continue
        if token.unit == "kind":
            wanted.doubt("words_unexplained", words=words)
        elif token.unit == "fraction":
            wanted.refuse("fraction", words=words)
        elif token.unit == "digits":
            wanted.doubt("number_unexplained", words=words)
        elif (
            not TALK.search(words)
            and not tells_a_quality(words)
            and (
                _is_label(tokens, place, asked, door, menu)
                or (is_long_name(words) and _stands_alone(tokens, place, asked))
            )
            and not _tells_of_goods(tokens, place, menu)
        ):
            wanted.label = f"{wanted.label} {words}".strip()
            wanted.is_named |= token.start > door
        else:
            wanted.doubt("words_unexplained", words=words)
            if not TALK.search(words) and _stands_alone(tokens, place, asked):
                is_apart = bool(place) and tokens[place - 1].text == " "
                _keep_name(words, wanted, is_apart=is_apart and not _is_before_comma(tokens, place))


def _keep_name(words: str, wanted: Wanted, *, is_apart: bool) -> None:
    """What may be a name, if the list has names where it stands."""
    if tells_a_quality(words):
        return
    if is_nickname(words) or _is_sign(words) or _is_little(words):
        wanted.nicknames.append(words)
    elif is_apart and _FEW_SIGNS.fullmatch(words):
        wanted.lookalikes.append(words)


def _is_before_comma(tokens: Sequence[Token], place: int) -> bool:
    """土豆，青菜1: a piece of the list of goods."""
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    return after is not None and not _is_weak(after)


def _tells_of_goods(tokens: Sequence[Token], place: int, menu: Menu) -> bool:
    """胡姬花花生油, oat milk: words where the menu's own name has others may be another brand or kind."""
    words = tokens[place].text.strip()
    behind = [t for t in tokens[place + 1 : place + 3] if t.text != " "][:1]
    if not behind or behind[0].named is None or len(behind[0].text) < 2:
        return False
    goods = behind[0]
    if words.isascii():
        return words.islower() and goods.text.isascii() and goods.text.isalpha()
    keys = goods.named.keys if goods.named is not None else ()
    names = [plain(menu.goods[key].name) for key in keys]
    is_headless = not any(name.startswith(goods.text.lower()) for name in names)
    is_glued = tokens[place].end == goods.start
    return is_glued and is_headless and not (is_titled(words) or is_sure_nickname(words))


def _is_little(words: str) -> bool:
    """小饼干, 小豆丁: neither 小白菜 nor 小葱, which end as goods do."""
    is_short = _LITTLE.fullmatch(words) is not None
    return is_short and not (names_a_thing(words[1:]) or is_thing(words[-1]) or is_noun(words))


def _is_sign(words: str) -> bool:
    """静: one sign that is no food."""
    is_chinese = len(words) == 1 and "\u3400" <= words <= "\u9fff"
    return is_chinese and not (is_food(words) or is_thing(words) or is_spice(words))


def _stands_alone(tokens: Sequence[Token], place: int, asked: int) -> bool:
    """Between blanks before the goods, or beside the door: no piece of a list of goods."""
    before = tokens[place - 1] if place else None
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    is_filler = before is not None and before.kind == Kind.WORD and before.unit == "filler"
    is_filler = is_filler and before is not None and before.text not in _WANTING
    is_open = before is None or before.kind == Kind.MASK or is_filler or _is_weak(before)
    if after is not None and after.kind == Kind.NOTE and _ROLE.fullmatch(after.text):
        after = tokens[place + 2] if place + 2 < len(tokens) else None
    if not is_open or not (after is None or after.kind == Kind.BREAK):
        return False
    if tokens[place].end <= asked and (after is None or _is_weak(after)):
        return True
    first = next((t for t in reversed(tokens[:place]) if not _is_weak(t)), None)
    return first is not None and first.kind == Kind.MASK


def _is_weak(token: Token) -> bool:
    is_picture = len(token.text) == 1 and unicodedata.category(token.text) == "So"
    return token.kind == Kind.BREAK and (is_picture or token.text in {" ", ":", "_", "\n", "."})


def _ends_a_latin_name(tokens: Sequence[Token], place: int, asked: int) -> bool:
    """hans J: one letter behind a Latin name, which is no letter of the menu."""
    words = tokens[place].text.strip()
    if not (len(words) == 1 and words.isascii() and words.isalpha() and place > 1):
        return False
    before = tokens[place - 2]
    is_name_before = before.kind == Kind.TEXT and before.text.isascii() and len(before.text) > 1
    return tokens[place].end <= asked and is_name_before and tokens[place - 1].text == " "


def _is_on_a_line_of_its_own(tokens: Sequence[Token], place: int, asked: int) -> bool:
    """12-104 汤, and the order in the line below: a surname, where goods have their numbers."""
    words = tokens[place].text.strip()
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    is_last = after is not None and after.kind == Kind.BREAK and "\n" in after.text
    is_open = _stands_alone(tokens, place, asked)
    return is_last and is_open and words in SURNAMES - _GOODS_ALONE


def _is_beside_door(tokens: Sequence[Token], place: int) -> bool:
    """18号楼1203的猫: who lives there."""
    before = tokens[place - 1] if place else None
    return (
        place > 1
        and before is not None
        and before.text == "的"
        and tokens[place - 2].kind == Kind.MASK
        and before.end == tokens[place].start
    )


def _is_joined(tokens: Sequence[Token], place: int) -> bool:
    """6-203-悠悠 鸡蛋1: joined to the door, and apart from what follows."""
    before, door = tokens[place - 1 : place], tokens[place - 2 : place - 1]
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    is_joined = place > 1 and before[0].text == "-" and door[0].kind == Kind.MASK
    is_apart = after is None or (after.kind == Kind.BREAK and after.start == tokens[place].end)
    return is_joined and before[0].end == tokens[place].start and is_apart


def _is_kin_or_coded(tokens: Sequence[Token], place: int, menu: Menu) -> bool:
    """蛋挞妹; and 西瓜 before B1 C1, where whoever orders does it by letters. Goods, where some have no letter."""
    words = tokens[place].text.strip()
    if _KIN.fullmatch(words) and not _NO_KIN.search(words):
        return True
    if is_thing(words) and menu.letters and not set(menu.goods) <= set(menu.letters.values()):
        return False
    goods = [t for t in tokens if t.kind == Kind.GOODS]
    numbers = [t for t in tokens if t.kind == Kind.NUMBER]
    is_coded = bool(goods) and all(
        len(t.text) <= _CODE and (t.text.isascii() or t.text in CIRCLED) for t in goods
    )
    is_behind = place > 1 and tokens[place - 2].kind == Kind.MASK and tokens[place - 1].text == " "
    is_listed = any(token.text in _COMMAS for token in tokens[place + 1 : place + 2])  # 桃子、A1
    return (
        is_coded
        and not is_listed
        and (len(numbers) >= len(goods) or _are_joined(tokens, place))
        and is_behind
        and _FEW_SIGNS.fullmatch(words) is not None
    )


def _are_joined(tokens: Sequence[Token], place: int) -> bool:
    """A、C各一份: as many of each, and nothing but 、 between them, so that a word before a blank is none of them."""
    places = [place for place, token in enumerate(tokens) if token.kind == Kind.GOODS]
    between = [t for t in tokens[places[0] : places[-1]] if t.kind != Kind.GOODS]
    after = tokens[places[-1] + 1 : places[-1] + 2]
    is_apart = tokens[place + 1].text == " "
    is_each = is_apart and bool(after) and after[0].kind == Kind.WORD and after[0].unit == "each"
    return is_each and len(places) > 1 and all(token.text == "、" for token in between)


def _is_initial(tokens: Sequence[Token], place: int, menu: Menu) -> bool:
    """4-408 Q A1: a letter alone behind the door, far from the letters of the menu."""
    words = tokens[place].text.strip()
    is_letter = len(words) == 1 and "A" <= words <= "Z"
    if (
        not is_letter
        or place < 2
        or any(abs(ord(words) - ord(code[0])) <= _NEAR for code in menu.letters)
    ):
        return False
    after = [t for t in tokens[place + 1 : place + 3] if t.text != " "][:1]
    is_door = tokens[place - 1].text == " " and tokens[place - 2].kind == Kind.MASK
    return (
        is_door
        and bool(after)
        and after[0].kind == Kind.GOODS
        and after[0].start > tokens[place].end
    )


def _is_label(tokens: Sequence[Token], place: int, asked: int, door: int, menu: Menu) -> bool:
    """Before the address anything without goods is a name; elsewhere it must look like one, and most of all where it
    sticks to goods or a number.
    """
    token = tokens[place]
    words = token.text.strip()
    if _SHARED.search(words):
        return False
    before = tokens[place - 1] if place else None
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    sticks_after = after is not None and after.start == token.end and after.kind in _BOUND
    if before is not None and before.end == token.start and before.kind in _BOUND:
        return before.kind == Kind.NUMBER and is_titled(words) and not sticks_after
    if sticks_after:
        begins = before is None or before.kind == Kind.MASK or token.end <= asked
        is_before_code = after is not None and after.text.isascii() and after.text[:1].isalpha()
        is_at_door = before is not None and before.kind == Kind.MASK
        is_short = words in _SHORT_NAMES and is_at_door and is_before_code  # 7-504蒋A2
        # 杨小红2; not 桑葚2 where only rice is sold, not 阳光玫瑰1 of roses.
        is_sure = words[0] in PURE_SURNAMES or (len(words) == _FULL and words[0] in _FREQUENT)
        return is_titled(words) or (begins and is_sure and is_plain_name(words)) or is_short
    if token.end <= min(asked, door) or _is_joined(tokens, place):
        return True
    if before is not None and before.kind == Kind.WORD and before.text in _WANTING:
        return is_titled(words)
    return _is_somebody(words, token, asked) or _is_placed_as_name(tokens, place, asked, menu)


def _is_somebody(words: str, token: Token, asked: int) -> bool:
    """A name by itself; behind goods only one that nothing to buy begins with."""
    if words.endswith("家") and is_titled(words[:-1]):
        return True
    is_pure = words[:1] in PURE_SURNAMES or is_titled(words) or words.isascii()
    is_asked = token.end <= asked
    is_thing_like = ends_as_a_thing(words) and not is_titled(words) and not is_pure
    return (is_name(words) and (is_pure or is_asked) and not is_thing_like) or (
        is_asked and words in _SHORT_NAMES
    )


def _is_placed_as_name(tokens: Sequence[Token], place: int, asked: int, menu: Menu) -> bool:
    """A name where it stands."""
    words = tokens[place].text.strip()
    is_alone = _stands_alone(tokens, place, asked)
    before = tokens[place - 1] if place else None
    is_thanked = before is not None and before.text in _THANKS and before.end == tokens[place].start
    if is_thanked and (is_name(words) or is_sure_nickname(words)):
        return True  # 谢谢小李, 谢谢静静
    if is_alone and (is_sure_nickname(words) or is_called(words)):
        return True
    is_asked = is_alone and tokens[place].end <= asked
    if is_asked and (_is_kin_or_coded(tokens, place, menu) or _is_little(words)):
        return True
    return (
        _ends_a_latin_name(tokens, place, asked)
        or _is_initial(tokens, place, menu)
        or (_is_beside_door(tokens, place) and not is_food(words))
        or _is_on_a_line_of_its_own(tokens, place, asked)
    )
