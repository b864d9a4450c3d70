"""Plain signs for whatever was typed: full-width, keycaps, traditional, Chinese digits, dashes of all lengths. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# More of a line is nobody's address.
LONGEST = 600
_DASHES = "‐‑‒–—―−－ー﹣﹘─━→"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict(
            zip(
                "號樓棟單組隊門戶層衖莊區庫幾兩○房鄉鎮縣園灣東龍華陽麗蘭橋馬廣場義興慶豐寶錦繡韻綠藍雲別閣滬張陳劉趙吳週許"
                "馮鄧蕭葉蘇盧姜鐘譚範韋鄒陸萬錢嚴賀顧龔湯諧濱濟澤漢滿爾頤賢賓鳳鶴鴻鵬親運達遠邊進連還遷過灘邨嶽嶼峽峯島倉創"
                "勝勞動務勵榮樂歡優億偉僑儷傑傳國圍圓團聖聯聲聽虹頌順領題願飛館駿鯉鷺黃齊際陰隱雙離靜響頂頭項須預",
                "号楼栋单组队门户层弄庄区库几两〇房乡镇县园湾东龙华阳丽兰桥马广场义兴庆丰宝锦绣韵绿蓝云别阁沪张陈刘赵吴周许"
                "冯邓萧叶苏卢姜钟谭范韦邹陆万钱严贺顾龚汤谐滨济泽汉满尔颐贤宾凤鹤鸿鹏亲运达远边进连还迁过滩村岳屿峡峰岛仓创"
                "胜劳动务励荣乐欢优亿伟侨俪杰传国围圆团圣联声听虹颂顺领题愿飞馆骏鲤鹭黄齐际阴隐双离静响顶头项须预",
                strict=True,
            )
        ),
        **dict.fromkeys("\r\n\t\0\u3000\xa0", " "),
        "＃": "#",
        "♯": "#",
        "。": ".",
        "﹟": "#",
    }
)
_DIGITS = {sign: n for n, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "幺": 1}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_WHOLE = re.compile(
    r"(?:[一二两三四五六七八九]千)?(?:零|〇)?(?:[一二两三四五六七八九]百)?(?:零|〇)?(?:[一二三四五六七八九]?十|[廿卅卌])?(?:零|〇)?[一二三四五六七八九]?"
)
_NUMERAL = re.compile("[零〇一二三四五六七八九十百千两廿卅卌幺壹贰叁肆伍陆柒捌玖拾]+")
# As on cheques; some of them are surnames too.
_CAPITAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_CAPITAL_COUNTED = re.compile(r"\s*(?:#|支弄|弄|号|幢|栋|楼|单元|门洞|室|层)")
_AFTER_MARK = re.compile(r"(?:[号幢栋弄组队宅埭]|单元)$")
_ENDS = re.compile(r"[\s,.;)]|$")
# What makes a Chinese number before it a number: 二号, 三单元, 五百弄; but 三门路 and 一号线 are names.
_COUNTED = re.compile(
    r"\s*(?:#|支弄|弄|号|幢|栋|座|楼(?!上|下)|单元|门洞|门(?!口|卫|前)|梯|室|房|户|层|村民小组|居民小组|小组|组|"
    r"生产队|队|村|区|期|街坊|宅|埭)(?!路|线|桥|街道|大道|峡)"
)
_JOINED = re.compile(r"\s*[-/]\s*[\d零〇一二三四五六七八九]")
_COUNTS = re.compile(r"\s*(?:份|斤|箱|盒|袋|瓶|只|个|件|套|块|元|条|提|桶|板)")
# What a number may follow, for a name ends otherwise: 王五-2-301.
_BEFORE = re.compile(r"(?:^|[^\u4e00-\u9fff]|[号楼幢栋座元门洞弄组队梯层期区村宅埭室房])\s*$")
# A letter O beside digits is a zero, as in 1O一101.
_DIGIT_LAST = re.compile(r"\d[oO]*$")
_DIGIT_FIRST = re.compile(r"[oO]*\d")


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` is what is read; each of its characters stands for original[starts[i]:ends[i]]."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.starts[start], self.ends[end - 1]


def plain(original: str) -> Plain:
    """Read the first LONGEST characters."""
    signs: list[tuple[str, int, int]] = []
    for place, sign in enumerate(original[:LONGEST]):
        if sign in "\u20e3\ufe0f\ufe0e" or unicodedata.category(sign) in {"Cf", "Mn"}:
            # Marks that make a keycap out of a digit, and signs without width, go with what is before.
            signs[-1:] = [(text, start, place + 1) for text, start, _end in signs[-1:]]
            continue
        folded = unicodedata.normalize("NFKC", sign).translate(_PLAIN)
        signs += [(part, place, place + 1) for part in folded]
    signs = _with_digits(signs)
    return Plain(
        "".join(sign for sign, _start, _end in signs),
        tuple(start for _sign, start, _end in signs),
        tuple(end for _sign, _start, end in signs),
    )


def _with_digits(signs: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Chinese numbers as digits, where they are numbers of a place and not a name or a quantity."""
    text = "".join(sign for sign, _start, _end in signs)
    done: list[tuple[str, int, int]] = []
    at = 0
    for match in _NUMERAL.finditer(text):
        written = _written(text, match)
        if written is None:
            continue
        begin, end = match.span()
        done += signs[at:begin]
        done += [(digit, signs[begin][1], signs[end - 1][2]) for digit in written]
        at = end
    return done + signs[at:]


def _written(text: str, match: re.Match[str]) -> str | None:
    before, after = text[: match.start()], text[match.end() :]
    if match[0].translate(_CAPITAL) != match[0]:
        return _capital(match[0].translate(_CAPITAL), after)
    if match[0] == "一" and _DIGIT_LAST.search(before) and _DIGIT_FIRST.match(after):
        return "-"  # 2一301: the sign nearest to a dash on many keyboards
    has_places = bool(set(match[0]) & set("十百千廿卅卌"))
    if before[-1:].isdecimal() or (has_places and not _WHOLE.fullmatch(match[0])):
        return None  # 十八二号 is no number
    if re.fullmatch("[一二三四五六七八九两]{2}", match[0]):
        return None  # 王五五号楼: whose five? People write 55 as 五十五.
    if _COUNTED.match(after):
        return str(numeral(match[0]))
    is_room = len(match[0]) >= 3 and not _COUNTS.match(after)
    is_last = _AFTER_MARK.search(before) and _ENDS.match(after) and match[0] != "两"  # 5组十九
    is_number = is_last or (_BEFORE.search(before) and (is_room or _JOINED.match(after)))
    return numeral(match[0]) if is_number else None


def _capital(said: str, after: str) -> str | None:
    is_number = len(said) > 2 or (_CAPITAL_COUNTED.match(after) and _WHOLE.fullmatch(said))
    return numeral(said) if is_number else None


def numeral(signs: str) -> str:
    """五百 → 500, 十二 → 12, 一〇三 → 103, 两百零三 → 203, 廿三 → 23."""
    if not set(signs) & set("十百千廿卅卌"):
        return "".join(str(_DIGITS[sign]) for sign in signs)
    total, digit, last = 0, 0, 1
    for sign in signs:
        if sign in _PLACES:
            last = _PLACES[sign]
            total, digit = total + (digit or 1) * last, 0
        elif sign in _TENS:
            total, digit, last = total + _TENS[sign], 0, 10
        else:
            digit = _DIGITS[sign]
            last = 1 if digit == 0 else last
    # 一百二 is 120, 一百零二 is 102.
    return str(total + digit * max(1, last // 10))
