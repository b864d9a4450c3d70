"""An order that a volunteer wrote down for the household itself: (独居,志愿者代), 代登记, 志愿者小方代报：. Pure.

The door in the line is whose order it is, as long as nobody else is named: 代隔壁, 代张伯伯, 志愿者代 赵阿婆 are
asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token

_ROLE = "(?:楼组|楼道|居委)?(?:志愿者|居委会?|楼组长|楼长|社工|网格员|大白)"
_DONE = "(?:为?(?:登记|报名|填写?|接龙|录入|报|写))"
_NOBODY = "(?!隔壁|对门|对面|楼[上下]|邻居|[帮替给和跟为])"
_LONE = (
    "(?:独居|孤老|孤寡|高龄|空巢|卧床|行动不便|不会用?(?:智能)?(?:手机|微信|接龙)|没有?(?:智能)?(?:手机|微信))"
    "(?:老人家?)?的?"
)
_BY = f"{_ROLE}(?:{_NOBODY}[\u3400-\u9fff]{{1,3}})?代{_DONE}?的?"
_WRITTEN = f"(?:{_BY}|代{_DONE}的?)"
_CLAUSE = re.compile(f"(?:{_LONE}[,，、 ])?{_WRITTEN}(?=[\\s,，:：。;；)\\]】]|$)")
_BRACKETS = re.compile(f"[(\\[【](?:{_LONE}[,，、 ])?{_WRITTEN}(?:[,，、 ]{_LONE})?[)\\]】]")
# (志愿者代,对门张阿婆), which is none of these as a whole.
_AMONG_OTHERS = re.compile(f"[(\\[【](?:.*[,，、 ])?{_WRITTEN}[,，、 )\\]】]")
# Whoever is so old does not write down others.
_OLD = re.compile("(?:老伯|伯伯|阿婆|婆婆|好婆|老太太?|奶奶|爷爷|大爷|老人家?|外公|外婆|阿公)$")


def registered_end(text: str, at: int) -> int:
    """Where words end that begin here and tell who wrote the order down; 0 if there are none."""
    form = _BRACKETS if text[at] in "([【" else _CLAUSE
    match = form.match(text, at)
    return match.end() if match is not None else 0


def doubt_registered(tokens: Sequence[Token], wanted: Wanted) -> None:
    """志愿者代 赵阿婆, 小李 代登记: whose order is it?"""
    written, names = "", ""
    for token in tokens:
        words = token.text.strip()
        if token.kind == Kind.NOTE and registered_end(words, 0) == len(words) > 0:
            is_nobody = "志愿者" not in words and re.search(_ROLE, words) is None
            if names and is_nobody and not _OLD.search(names):
                wanted.doubt("for_somebody", words=words)
            written = words
        elif token.kind == Kind.NOTE and _AMONG_OTHERS.search(words) is not None:
            wanted.doubt("for_somebody", words=words)
        elif token.kind == Kind.MASK:
            written = ""
        elif token.kind == Kind.TEXT:
            names = words
            if written:
                wanted.doubt("for_somebody", words=words)
