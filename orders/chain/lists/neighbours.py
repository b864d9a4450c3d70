"""What entries of a list say about each other: the parts of one line, goods above their doors. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from communities.addresses.located import Certainty
from orders.chain.entries import Action, Entry, Remark
from orders.chain.talk.filled import divides

_FEWEST = 3
# Said alone in a chat: 改成2, 上面的不要了, 张三: 再加1, 鸡蛋取消.
_LONGEST = 24
_SENDER = re.compile(r"([^\s:：\d][^:：\n]{0,11}):\s?")
# 上面的, 刚才那个, 鸡蛋: of what.
_OF = "[^\\s:,，。]{0,21}?"
_CHANGED = re.compile(
    f"{_OF}的?那?[个份单条]?(?:先|就|也|都|再)?"
    "(?:取消|不要(?!紧|急|忘|催|挤|怕)|不用(?!谢|急|客气)|不买|不订|退(?!烧|热|群)|撤|删|改(?!天|日)|换|更正|变成"
    "|再?[加减](?!油|班|我|微信|群|个?好友)|再[来要订]|[多少]要?[\\d一二两三四五个份]|补)"
)
_CHANGED_AT_END = re.compile(
    "(?:不要|取消|退|退掉|算|不用|不买|不订|删|删掉|作废|撤回|撤|减掉|去掉)了?"
    "(?:吧|哦|啊|哈|谢谢|谢谢啦|麻烦了)?[。.!~ ]{0,3}$"
)
_TOLD = re.compile(
    r"(?:备注:\s?)?(?:第(\d{1,3})|(\d{1,3})号)(?:[个条位行楼]|接龙)?的?.{0,6}?(?:取消|不要了|退掉|删|改|换)"
)
_CORRECTED = re.compile(
    "(?:刚才?|我|上面|前面){0,2}[写接发打点下]错"
    "|[\\d一二两三四五六七八九十]{1,3}[份个包袋盒箱瓶斤只板件]?[吧哦啊。.! ]{0,2}$"
)
# 要改的私聊我: to everybody.
_TO_ALL = re.compile(
    "私聊|私信|联系|大家|各位|请.{0,6}接龙|截[单止]|[改退换加取消]的(?:请|可以|话|找|来)|[吗嘛?？]$"
)


def doubt_parts(entries: Sequence[Entry]) -> list[Entry]:
    """6-402 青菜1 鸡蛋2 5-301: two doors in one entry, of which one has no goods. Nobody knows whose they are."""
    result: list[Entry] = []
    for _place, group in groupby(entries, key=lambda one: (one.piece.line, one.piece.index)):
        parts = list(group)
        is_torn = len(parts) > 1 and any(_has_nothing(part) for part in parts)
        result += [_with(part, "address_several_addresses") for part in parts] if is_torn else parts
    return result


def doubt_shifted(entries: Sequence[Entry]) -> list[Entry]:
    """青菜2⏎6-402⏎鸡蛋1⏎5-301: goods before the first door, none behind the last. All between may be shifted."""
    result = list(entries)
    if len(entries) < _FEWEST or any(entry.piece.index is not None for entry in entries):
        return result
    first, *between, last = entries
    begins = first.located.certainty == Certainty.NONE and bool(first.lines)
    ends = last.located.certainty != Certainty.NONE and _has_nothing(last)
    if not (begins and ends and any("\n" in entry.piece.text for entry in between)):
        return result
    return [first, *(_with(entry, "address_several_readings") for entry in between), last]


def changes_above(text: str) -> bool:
    """Words that stand alone and change, cancel or add to what somebody ordered before."""
    sender = _SENDER.match(text)
    words = text[sender.end() :] if sender is not None else text
    if len(words) > _LONGEST or _TO_ALL.search(words):
        return False
    if divides(words):
        return True
    forms = (_CHANGED.match, _CORRECTED.match, _CHANGED_AT_END.search)
    return any(form(words) is not None for form in forms)


def doubt_changed(entries: Sequence[Entry]) -> list[Entry]:
    """6-402 青菜1, and 不要了 in a message of its own: what the same sender ordered, or the one that is told
    (第2个), or else the entry above.
    """
    result = list(entries)
    for place, entry in enumerate(entries):
        remark = Remark("next_has_no_address", {"line": entry.piece.line})
        for other in _meant_by(entries, place):
            result[other] = replace(result[other], remarks=(*result[other].remarks, remark))
    return result


def _meant_by(entries: Sequence[Entry], place: int) -> set[int]:
    """Places of the entries that lines without a door change, which came below this one's or alone."""
    entry = entries[place]
    lines = entry.piece.text.split("\n")[not entry.piece.is_loose :]
    found: set[int] = set()
    for line in lines:
        told = _TOLD.match(line)
        if not (changes_above(line) or told is not None):
            continue
        said = _SENDER.match(line)
        sender = said[1].strip() if said is not None else entry.piece.sender * entry.piece.is_loose
        theirs = {
            other
            for other in range(place)
            if _is_of(entries[other], sender)
            or (told is not None and str(entries[other].piece.index) in told.groups())
        }
        found |= theirs or ({place - 1} if entry.piece.is_loose and place else set())
    return found - {place}


def _is_of(entry: Entry, sender: str) -> bool:
    if not sender or entry.piece.is_loose:
        return False
    return sender in {entry.piece.sender, entry.label} or entry.piece.text.startswith(f"{sender}:")


def _has_nothing(entry: Entry) -> bool:
    return not entry.lines and entry.action != Action.CANCEL


def _with(entry: Entry, code: str) -> Entry:
    remark = Remark(code)
    return entry if remark in entry.remarks else replace(entry, remarks=(*entry.remarks, remark))
