"""How what was ordered is made ready: 鸡帮忙斩块, 粢饭团不要榨菜, 代杀. Pure.

A wish names nothing on the menu but what the line has ordered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from orders.chain.line.token import Token
from orders.chain.names.menu import Menu
from orders.chain.names.naming import plain
from orders.chain.talk.serving import ordered
from orders.chain.talk.small_words import is_spice

_WORDS = re.compile("[\u3400-\u9fff]{2,14}")
_LONGEST_NAME = 5
_DONE = re.compile("[杀切剁斩刮绑剖拍]|去[头皮鳞骨壳]")
_PREPARED = re.compile(
    "(?:请|麻烦|帮忙|帮我|要|给我|都){0,3}"
    "(?:[杀切剁斩洗刮绑剖拍](?:成|好|块|片|段|丝|丁|小块|大块|薄片|厚片|厚点|薄点|小点|大点|一下|干净|开){1,2}|去[头皮鳞骨壳内脏]{1,2}|代杀){1,2}"
    "(?:一下)?(?:谢谢)?"
)
# 帮忙把肚肠去掉: of what is no thing on offer.
_TAKEN_OUT = re.compile(
    "(?:请|麻烦|帮忙|帮我|给我){0,3}把?(肚肠|内脏|肚子|肠子|鱼?鳞|[腮鳃]|鱼?头|尾巴?|[皮壳毛]|骨头?|爪子?|[黑虾]线)都?"
    "(?:去掉|去除|去干净|弄掉|剪掉|切掉|挖掉|拿掉|处理干净|洗干净)(?:一下)?(?:谢谢)?"
)
_WITHOUT = re.compile("请?(?:不要|别放|不放|不加|别加)(?:放|加)?([\u3400-\u9fff]{1,3}?)(?:谢谢)?")
# What comes along with a dish.
_GARNISH = frozenset(
    "榨菜 咸菜 酸菜 泡菜 虾皮 紫菜 肉松 花生 花生碎 芝麻 洋葱 黄瓜 蒜泥 糖浆 奶盖 珍珠 椰果 沙拉酱 番茄酱 蜡烛".split()  # noqa: SIM905 -- words read better as words
)


def wish_end(text: str, at: int, tokens: Sequence[Token], menu: Menu) -> int:
    """Where a clause ends that tells how goods ordered before are made ready; 0 if there is none."""
    clause = _WORDS.match(text, at)
    if clause is None or text[clause.end() : clause.end() + 1].isalnum():
        return 0
    said, words = ordered(tokens).keys(), clause[0]
    for cut in range(min(_LONGEST_NAME, len(words) - 1) if said else -1, -1, -1):
        if _is_wish(words[cut:], menu) and _is_of(words[:cut], said, menu):
            return clause.end()
    return 0


def _is_wish(words: str, menu: Menu) -> bool:
    names = [plain(one.name) for one in menu.goods.values()]
    if _PREPARED.fullmatch(words):
        return not any(done in name for done in _DONE.findall(words) for name in names)
    taken_out = _TAKEN_OUT.fullmatch(words)
    if taken_out is not None:
        return not any(taken_out[1] in name for name in names)
    without = _WITHOUT.fullmatch(words)
    if without is None or not (is_spice(without[1]) or without[1] in _GARNISH):
        return False
    return not any(without[1] in plain(f"{one.name}{one.spec}") for one in menu.goods.values())


def _is_of(words: str, said: Collection[int], menu: Menu) -> bool:
    """Nothing, or what was ordered: 鸡 of 三黄鸡, 粢饭团 of a set that has one."""
    if not words:
        return True
    heads = {key for key, one in menu.goods.items() if plain(one.name).endswith(words)}
    whole = {key for key, one in menu.goods.items() if words in plain(f"{one.name} {one.spec}")}
    meant = heads or whole
    return bool(meant) and meant <= set(said)
