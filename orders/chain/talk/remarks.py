"""Whether what stands in brackets is a mere remark: talk, a wish, a name. Behind goods anything else may be a kind,
a brand or for whom it is made, and is asked about. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from communities.persons import is_name, is_sure_nickname
from communities.things import ends_as_a_thing, names_a_thing
from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.names.menu import Menu
from orders.chain.talk.brackets import tells_a_kind
from orders.chain.talk.callnames import is_called
from orders.chain.talk.homely import is_said_of_home, without_folk
from orders.chain.talk.qualities import tells_a_quality
from orders.chain.talk.small_words import cover, is_spice
from orders.chain.talk.talk import asks, is_talk
from orders.chain.talk.undoing import undoes, without_mood

_WISH = re.compile("[要挑选拣点别切放送谢]|尽量|新鲜")
_FOLK = re.compile("儿童|成人|婴|[日夜男女]用|[男女]款?$|^(?:大人|小孩|孩子|宝宝|老人)$")
# 一冰一热.
_SERVED = re.compile("(?:[一二两三四\\d]?[杯个份]?[冰热温]的?[,，、和]?){1,4}")
_COLOURS = re.compile("^[红黄白绿粉紫蓝黑橙青金银灰棕土大中小][的色]?的?$|有机")
_PLAIN = frozenset({Kind.NOTE, Kind.BREAK, Kind.WORD})
_OF_GOODS = frozenset({Kind.GOODS, Kind.NUMBER, Kind.SPEC})
_HALF = 2
_PART = re.compile("[^,，、;； ][^,，、;；]*")
# 微辣, 无糖: nobody can choose that of what comes in packs.
_CHOICE = re.compile(
    "要?(?:[不微少中特免无去低零全脱加]|不加)[辣甜咸油酸麻糖盐脂](?:的|一点|一点的)?"
)
_PACKED = frozenset("包袋盒箱瓶罐听提组条支桶件板")


def is_remark(words: str, inside: Sequence[Token], before: Sequence[Token], menu: Menu) -> bool:
    """`inside`: the words as tokens; `before`: the tokens of the line up to the brackets."""
    if undoes(words):
        return False
    return all(
        _is_remark(
            part[0], [t for t in inside if part.start() <= t.start < part.end()], before, menu
        )
        for part in _PART.finditer(words)
    )


def _is_remark(words: str, inside: Sequence[Token], before: Sequence[Token], menu: Menu) -> bool:
    """送人的 of (送人的,要袋子)."""
    if undoes(words):
        return False
    if inside and all(token.kind in _PLAIN for token in inside):
        return True
    last = next((token for token in reversed(before) if token.text != " "), None)
    is_behind = last is not None and last.kind in _OF_GOODS
    if any(sign in menu.letters for sign in words) or (is_behind and _tells(without_mood(words))):
        return False  # (B也可以)
    if is_talk(without_folk(words), menu.words) or is_said_of_home(words, menu):
        return True
    is_other = names_a_thing(words) or ends_as_a_thing(words) or is_spice(words)
    is_other |= is_behind and tells_a_quality(words) and not _WISH.search(words)  # (散养)
    if tells_a_kind(words) or asks(words) or is_other:
        return False
    return not is_behind or _is_said(words)


def _tells(words: str) -> bool:
    """Of what colour, for whom."""
    return _FOLK.search(words) is not None or _COLOURS.search(words) is not None


def _is_said(words: str) -> bool:
    """A person, a wish, or mostly small words."""
    is_kind = words[0] == words[-1]  # 贝贝, of a 番茄
    if is_name(words) or is_called(words) or (is_sure_nickname(words) and not is_kind):
        return True
    if _WISH.search(words) or _SERVED.fullmatch(words):
        return True
    return cover(words)[0] * _HALF >= len(words)


def ask_about_choices(tokens: Sequence[Token], menu: Menu, wanted: Wanted) -> None:
    """辣条1 微辣, 雪碧1 无糖: another kind than the one on offer, where nothing is made on the spot."""
    keys: tuple[int, ...] = (menu.only.key,) if menu.only is not None else ()
    for token in tokens:
        if token.named is not None:
            keys = token.named.keys
        words = token.text.strip("()[]【】")
        is_choice = token.kind == Kind.NOTE and _CHOICE.fullmatch(words) is not None
        if is_choice and keys and all(menu.goods[key].unit in _PACKED for key in keys):
            wanted.doubt("words_unexplained", words=words)
