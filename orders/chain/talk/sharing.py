"""A part of an order that is somebody else's: 花蛤1 李阿姨：虾仁1, 青菜1（隔壁的）, 放对门, 拼虾仁1. Pure.

Two households in one entry get one bag, at this door. Whoever lives at the door may be named before the goods, and who
fetches or eats them in any clause.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from communities.persons import is_name
from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.talk.registered import doubt_registered

_KIN = (
    "(?:爸妈|父母|爸爸?|妈妈?|老爸|老妈|公婆|公公|婆婆|外公|外婆|爷爷|奶奶|岳父|岳母|丈母娘|丈人|姥姥|姥爷|阿婆"
    "|[大二三小]?(?:哥|姐|弟|妹|姑|舅|叔|婶|姨|嫂)[哥姐弟妹妈]?|阿姨|亲戚|亲家|老人)"
)
_NEAR = "(?:隔壁|对门|对面|楼上|邻居|朋友|同事|闺蜜|同学|人家|别人|别家|他|她)"
_WHO = f"(?:我|我们|我家|我们家)?(?:{_KIN}|{_NEAR})"
_END = "(?:就好|就行|即可|好了|谢谢|麻烦了|吧|哦|啊|哈|呀|啦)*"
_THEIRS = (
    # 我妈的, 是楼上的, 外婆家, 给隔壁.
    re.compile(f"(?:这?[个份]?是|一?份?给|替|帮)?(?:{_WHO}|楼下)家?的{_END}"),
    re.compile(f"{_WHO}家{_END}"),
    re.compile(f"(?:带|送|拿|转|转交|交|分)?给(?:{_WHO}|楼下)家?{_END}"),
    # 给隔壁老王, 楼上王阿姨的.
    re.compile(f"(?:带|送|拿|转|转交|交|分)?给{_NEAR}[\u3400-\u9fff]{{1,3}}{_END}"),
    re.compile(f"(?:是|给)?(?:隔壁|对门|对面|楼[上下]|邻居)[\u3400-\u9fff]{{1,3}}的{_END}"),
    re.compile(f"我家?(?:和|跟|与){_NEAR}{_END}"),
    # 送到我妈家, 放对门; 放楼上 is upstairs here.
    re.compile(
        f"(?:请|麻烦)?(?:送|放|拿|寄|挂|带)[到在去]?(?:{_WHO}家|(?!楼上){_WHO})(?:门口|那里?|那边|处)?{_END}"
    ),
    re.compile(
        f"(?:请|麻烦)?放[到在]?(?:[2-9]|[1-9]\\d|[二两三四五六七八九十]{{1,3}})[楼层]{_END}"
    ),
    re.compile(
        f"(?:和|跟|与|同)(?:{_WHO}|楼下)家?(?:[^送拿放]{{0,2}})?(?:一起|合|拼|分|平分)[买订要拼的]?{_END}"
    ),
    re.compile(f"(?:是|我们){{1,2}}一起的{_END}"),
    re.compile(f"(?:是|我们)?[两二三四五六七八九2-9]家(?:人?的|一起|合买|分|要|拼)?{_END}"),
)
_MY_KIN = re.compile(
    "我(?:爸妈|父母|爸爸?|妈妈?|公婆|公公|婆婆|外公|外婆|爷爷|奶奶|岳父|岳母|丈母娘)"
)
# (隔壁), (对门张阿姨); 上门给隔壁, 帮忙送到隔壁, whatever else stands before it.
_NEARBY = re.compile(
    "(?:是|给)?(?:隔壁|对门|对面|楼[上下]|邻居|别人|朋友|同事|闺蜜)的?(?:家|[^放拿取收送有会在帮给没敲架柜桌门把的]{0,3})"
)
_TO_THEM = re.compile(
    "(?:(?:[送放拿带交拎搬挂寄分][到给去在]{0,2}|[给转])(?:隔壁|对门|邻居|别人|人家)|给楼[上下])家?(?:[了吧哦]|谢谢|就[行好]|即可|好了)*$"
    "|(?:隔壁|对门|邻居|楼[上下]|别人)家?(?:名下|来?付钱?|出钱?)|是(?:隔壁|对门|邻居|楼[上下]|别人)家?的"
)
# 帮同事, 王阿姨托我, wherever it stands.
_FOR = re.compile(
    f"[帮替代给](?:{_WHO}|儿子|女儿|闺女|孩子)|(?:帮|替)[\u3400-\u9fff]{{1,3}}(?:买|订|带|接)的?|[\u3400-\u9fff]{{1,4}}[托让叫](?:我|我?(?:买|订|带|接|代|拿))的?"
)
_THANKS = frozenset({"谢谢", "谢谢侬", "感谢", "辛苦", "辛苦了", "麻烦", "多谢", "谢啦"})
_GETS = frozenset({"买", "购买", "订", "购", "要", "定"})
_SHARES = frozenset({"拼", "合"})
_TOGETHER = frozenset({"和", "跟", "与", "同"})


def doubt_shares(tokens: Sequence[Token], wanted: Wanted) -> None:
    """A second name behind goods, a clause that says whose they are, goods that are bought together: for whom?"""
    doubt_registered(tokens, wanted)
    _doubt_errands(tokens, wanted)
    goods = [token.start for token in tokens if token.kind == Kind.GOODS]
    first = goods[0] if goods else None
    is_named = False
    for place, token in enumerate(tokens):
        is_behind = first is not None and first < token.start
        words = token.text.strip(" ()[]【】!！~～:")
        if token.kind == Kind.NOTE and _is_noted_as_theirs(words, is_behind=is_behind):
            wanted.doubt("for_somebody", words=words)
        elif token.kind == Kind.NOTE and is_behind and (persons := _persons(token)):
            if is_named or persons > 1 or token.start < goods[-1]:
                wanted.doubt("for_somebody", words=words)
            is_named = True
        elif token.kind == Kind.TEXT and f" {words} " in f" {wanted.label} ":
            others = bool(goods) and token.start < goods[-1]
            is_theirs = _is_theirs(tokens, place) or _NEARBY.fullmatch(words) is not None
            is_theirs |= _joins(tokens, place)
            if is_behind and (is_named or others or is_theirs):
                is_thanked = place > 0 and _before(tokens, place).text in _THANKS
                if not is_thanked:
                    wanted.doubt("for_somebody", words=words)
            is_named = True
        elif is_behind and token.kind == Kind.WORD and _is_shared(tokens, place):
            wanted.doubt("for_somebody", words=token.text)


def _doubt_errands(tokens: Sequence[Token], wanted: Wanted) -> None:
    for token in tokens:
        words = token.text.strip()
        if token.kind in {Kind.NOTE, Kind.TEXT} and _FOR.fullmatch(words):
            wanted.doubt("for_somebody", words=words)


def _is_noted_as_theirs(words: str, *, is_behind: bool) -> bool:
    if any(form.fullmatch(words) for form in _THEIRS) or _TO_THEM.search(words):
        return True
    is_kin = _MY_KIN.fullmatch(words) is not None  # (我妈)
    return is_behind and (is_kin or _NEARBY.fullmatch(words) is not None)


def _persons(token: Token) -> int:
    """How many names stand in these brackets."""
    if token.text[:1] not in {"(", "[", "【"}:
        return 0
    return sum(is_name(part) for part in re.split("[,，、;；]", token.text.strip("()[]【】")))


def _before(tokens: Sequence[Token], place: int) -> Token:
    return tokens[place - 2] if place > 1 and tokens[place - 1].text == " " else tokens[place - 1]


def _is_theirs(tokens: Sequence[Token], place: int) -> bool:
    """爸妈家, 张阿姨的."""
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    is_theirs = behind is not None and behind.text == "的" and behind.start == tokens[place].end
    words = tokens[place].text.strip()
    is_theirs |= any(form.fullmatch(words) for form in _THEIRS)  # 给妈妈
    return is_theirs or (words.endswith("家") and not words.endswith("在家"))


def _joins(tokens: Sequence[Token], place: int) -> bool:
    """李阿姨也要, 我和妈妈, AA."""
    token = tokens[place]
    before, behind = tokens[place - 1 : place], tokens[place + 1 : place + 2]
    is_joined = bool(before) and before[0].text in _TOGETHER and before[0].end == token.start
    also = bool(behind) and behind[0].text.startswith("也") and behind[0].start == token.end
    return is_joined or also or token.text.strip().upper() in {"AA", "AA制"}


def _is_shared(tokens: Sequence[Token], place: int) -> bool:
    """拼虾仁1, 合买虾仁1; neither 合计 nor 合26元."""
    if tokens[place].text not in _SHARES:
        return False
    behind = next((t for t in tokens[place + 1 :] if t.text != " "), None)
    if tokens[place].text == "拼":
        return behind is None or behind.kind != Kind.MONEY
    return behind is not None and (behind.kind == Kind.GOODS or behind.text in _GETS)
