"""Sentences about handing out, who eats it and how it should be, known by every one of their words. Pure.

绳子颜色分开, 有热的最好, 不要压坏的哦: a clause made of nothing but these words orders nothing and takes nothing back.
What no word covers, a thing most of all, makes it no talk.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from orders.chain.sayings import ROLES, SAYINGS, UNDONE

_LONGEST = max(map(len, ROLES))
_CLOCK = re.compile(
    r"(?:早上|上午|中午|下午|晚上)?(?:\d{1,2}|[一二两三四五六七八九十]{1,2})点(?:钟|半|多)?(?:之前|以前|之后|以后|左右|前|后)?"
)
_FLOOR = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})楼")
_FOR = re.compile(
    rf"给(?:我|我们)?家?里?的?(?:{'|'.join(SAYINGS['who'].split())})(?:们)?(?:[吃喝用]|补补|补充营养)的?"
)
_DENIED = re.compile("(?:不|别|勿).{0,6}了$")
_DONE = frozenset({"act", "care", "harm"})
_KINDS = frozenset({"like", "care", "harm"})
_SHORT = 2
# Pairs of words that say something: 要热的, 不辣, 大一点, 有老人.
_ENOUGH = frozenset(
    {("want", "like"), ("not", "like"), ("degree", "like"), ("like", "degree"), ("want", "who")}
)
# As long as nobody writes a sentence about an order.
_MOST = 30
_ASKED = re.compile("(?:吗|么|嘛|呢)[\u3400-\u9fff]?$")
_MAY = re.compile("可以|能|方便|行吗|好吗")
_TOLD = re.compile("[送放拿取切杀挑选分装写打叫]")


def is_talk(words: str, names: Collection[str], *, needs_act: bool = False) -> bool:
    """Whether the clause is made of such words. `names`: of all goods, whose kinds it may not tell; `needs_act`:
    something is done in it, which neither a name nor a kind of goods says.
    """
    if (
        not 2 <= len(words) <= _MOST
        or (_ASKED.search(words) and not (_MAY.search(words) and _TOLD.search(words)))
        or _DENIED.search(words)
        or "收到" in words
        or (words.startswith("有") and "好" not in words)
    ):
        return False
    return any(is_done or not needs_act for is_done in _readings(words, "\n".join(names)))


@lru_cache(maxsize=4_000)
def _readings(words: str, names: str) -> frozenset[bool]:
    """Whether something is done in the clause, for the ways to cover all of it and say enough."""
    # Place → what was said up to there: (the last role, something is done, enough is said).
    states: list[set[tuple[str, bool, bool]]] = [set() for _ in range(len(words) + 1)]
    states[0].add(("", False, False))
    for at in range(len(words)):
        for end, role in _steps(words, at) if states[at] else ():
            if role in _KINDS and end - at <= _SHORT and words[at:end] in names:
                continue  # 大的, 切片: of what is called so it may be one kind
            for last, is_done, is_enough in states[at]:
                after = _after(last, role, words[at:end])
                if after is not None:
                    is_done_now = is_done or role in _DONE
                    states[end].add(
                        (after, is_done_now, is_enough or is_done_now or (last, role) in _ENOUGH)
                    )
    return frozenset(
        is_done
        for last, is_done, is_enough in states[-1]
        if is_enough and last not in {"not", "want", "again"}
    )


def _steps(words: str, at: int) -> list[tuple[int, str]]:
    found = [
        (end, ROLES[words[at:end]])
        for end in range(at + 1, min(len(words), at + _LONGEST) + 1)
        if words[at:end] in ROLES
    ]
    for pattern, role in ((_CLOCK, "when"), (_FLOOR, "where"), (_FOR, "act")):
        match = pattern.match(words, at)
        if match is not None:
            found.append((match.end(), role))
    return [*found, (at + 1, "again")] if words[at] == "再" else found


# What may follow a word that waits for something; a word of handling behind 不要 only where it takes nothing back.
_FOLLOWING = {
    "again": frozenset({"act"}),
    "not": frozenset({"like", "care", "harm"}),
    "want": frozenset({"like", "act", "who", "care"}),
}


def _after(last: str, role: str, word: str) -> str | None:
    """What the clause waits for behind this word; None where it cannot stand there."""
    if role == "again":
        return role if last in {"when", "act"} else None
    if last in _FOLLOWING:
        if role == "degree" and last != "again":
            return last
        is_harmless = last == "not" and word in UNDONE
        return role if role in _FOLLOWING[last] or is_harmless else None
    return None if role == "harm" else role
