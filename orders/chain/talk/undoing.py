"""What takes an order back, moves it to somebody else or to another day, or says that it was filled. Pure.

已经接过了, 今天不用, 等我通知, 明天的: a line with such words is asked about, however much like talk they look. So is a
cross or a lone dash, and goods in brackets behind other goods, which stand there instead of them as often as beside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from orders.chain.entries import Wanted
from orders.chain.line.token import Kind, Token
from orders.chain.talk.filled import is_needless

_DAYS = "(?:[昨前今明后]天|[上下这本][周次批期回]|之前|以前|前面|上面|(?:周|星期|礼拜)[一二三四五六日天])"
_UNDONE = re.compile(
    # moved, or not sold at all
    "转[让卖给送]|让给|给(?:别人|人家|他人)|都给(?!.{0,3}[放送挂])|备[选用份]|[未没]付|欠|赔|售后|[漏补重]发|[赠奖]"
    # said by mistake, or on second thoughts
    "|[后反]悔|放?弃了?$|手[滑误抖]|作数|算数|无视|忽略|[跳略]过|[当算]我没|不对$|无效|写[多少]|[多少]写|看错|修正|更正|核[对实]|(?:确认|[帮请烦].{0,3}[看查问])一下|纠结|再?想想"
    # given away, fetched, shared, moved
    "|(?:送人|[取拿收让拼搬领])了$|(?<!就)(?<!些)(?<!^)够了$"
    # too much of it
    "|吃不[完掉下光]|看着[给办配来]|(?:上次|上回)的?.{0,3}坏|等.{0,3}(?:解封|出院|好了)|等我.{0,4}[送发]"
    "|[塞堆装放]?满了$|[塞放装]不下"
    # filled already
    "|已经?(?:接|订|买|领|拿|抢|下单|有了)|(?:接|订|买|抢|领|拿|取|发|收)(?:到|走|过)了?$|(?<!没)送[到来过]了$|(?:接|订|买|抢|领)了$|拿走"
    "|家里.{0,3}够了|搬(?:家|走|到|去|出)|(?:上次|上回|昨天|前天|之前)的?没(?!抢|赶|买|轮|接)"
    "|(?<!红包)(?<!钱)(?<![私微]信)(?<!截图)发了$|家里(?:还|都)?有$|有坏|^坏[了的]?$"
    # not needed, or not yet
    "|(?<!送)不用$|不[拿取]了$|^有[大小]的$|^(?:[明后]天|今天|[上下]周.?)送[吗嘛么]|(?<![拿取])[不别](?:用|要)?再?送了?$|(?:不用|别)(?:送|发)了$|[不没][吃喝]$|等.{0,4}通知|[放等存]着$"
    # of another day
    r"|(?:晚|早|推迟|延后?|过)(?:[一两二三几]|\d)天"
    rf"|{_DAYS}的?[漏缺少欠差]|^(?:含|包括|算|连)?{_DAYS}的?$|(?:含|包括|连){_DAYS}|(?:\d|[一二两三四五六七八九十])天的$"
)
_MOOD = re.compile("[啦呀哈嘻嘿]{1,6}$")
_OPEN, _SHUT = frozenset("([【"), frozenset(")]】")
_ME_TOO = re.compile('["”’」』]\\s?(?:我|我家|我们)?(?:也要|也来|\\+1|同)')


def without_mood(words: str) -> str:
    """土的 of 土的呀."""
    return _MOOD.sub("", words)


def undoes(words: str) -> bool:
    bare = without_mood(words)
    forms = {words, bare, words.replace("啦", "了")}
    return any(_UNDONE.search(said) is not None or is_needless(said) for said in forms)


def ask_about_marks(tokens: Sequence[Token], text: str, wanted: Wanted) -> None:
    """青菜1 ×, 番茄1 -, -番茄1, A1(B1), “青菜2” 我也要."""
    inside = _goods_in_brackets(tokens, text)
    if inside:
        wanted.doubt("conditional", words=inside)
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        if _is_lone_sign(token, before) and place == len(tokens) - 1:
            wanted.doubt("words_unexplained", words=token.text)
        is_minus = before is not None and before.text == "-" and before.end == token.start
        is_apart = place <= 1 or tokens[place - 2].text == " "
        if token.kind == Kind.GOODS and is_minus and is_apart:
            wanted.doubt("minus", words=f"-{token.text}")
    quoted = _ME_TOO.search(text)
    if quoted is not None and any(token.kind == Kind.GOODS for token in tokens):
        wanted.doubt("words_unexplained", words=quoted[0])


def _is_lone_sign(token: Token, before: Token | None) -> bool:
    """A cross or a dash behind a number."""
    if token.kind != Kind.BREAK or token.text not in {"*", "-"}:
        return False
    return before is None or before.kind in {Kind.NUMBER, Kind.GOODS} or before.text == " "


def _goods_in_brackets(tokens: Sequence[Token], text: str) -> str:
    """The brackets that hold goods, where others stand outside before them."""
    has_goods, start, holds = False, -1, False
    for token in tokens:
        if token.kind == Kind.BREAK and token.text in _OPEN:
            start, holds = token.start, False
        elif token.kind == Kind.BREAK and token.text in _SHUT:
            if holds:
                return text[start : token.end]
            start = -1
        elif token.kind == Kind.GOODS and start < 0:
            has_goods = True
        elif token.kind == Kind.GOODS:
            holds = has_goods
    return ""
