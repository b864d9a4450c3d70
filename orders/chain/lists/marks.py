"""What a line of a pasted list is by its looks: a header, an example, a day, a price, the top of a message. Pure."""

from __future__ import annotations

import re

# A form: 姓名:张伟 房号:3-201 数量:2.
FORM = re.compile(r"(?:姓名|昵称|房号|门牌号|地址|室号)\s?[:：]")
HEADER = re.compile(r"^\s{0,3}#\s{0,3}(?:接龙|接龍|group\s{0,3}note|solitaire)", re.IGNORECASE)
EXAMPLE = re.compile(
    r"^[(【\[]?(?:例(?:如|子|句)?|示例|样例|格式|范例|模板|e\.?g\.?|example|sample)(?:[\s:：.、,，)】\]]|$|(?=\d))",
    re.IGNORECASE,
)
# ~~鸡蛋2~~, a line drawn through every sign, a cross before the line.
STRUCK = re.compile("[~～]{2}[^~～\n]{1,400}[~～]{2}|[\u0335-\u0338]|[❌❎]|</?(?:s|del|strike)>")
RULE = re.compile(r"^[\s\-_=*~.·•—─━…+#<>|/\\]{3,}$")
MENTION = re.compile(r"^@(?:所有人|all|everyone)\s{0,3}", re.IGNORECASE)
_TIME = r"(?:[上下中]午|早上|晚上|凌晨|傍晚|昨天|今天|星期.|周.)?\s{0,3}\d{1,2}:\d{2}(?::\d{2})?(?:\s{0,3}[AaPp][Mm])?"
_DAY = r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?"
CHAT = re.compile(
    rf"^\[?(?:(?P<name>.{{1,40}}?)[\s,，:：]{{1,4}})?(?:{_DAY}\s{{0,3}})?{_TIME}\]?(?:\s{{1,3}}(?P<after>.{{1,30}}?))?[:：]?$"
)
DATE = re.compile(
    r"^(?:20\d\d[.\-/年]\s{0,3})?(?P<month>\d{1,2})\s{0,3}[./月]\s{0,3}(?P<day>\d{1,2})(?:[日号.])?(?![\d-])(?P<rest>.*)$"
)
SUMS = re.compile(
    r"^[\s*(【\[]*(?:以上|截止|目前|现在|已)?(?:共计|合计|总计|总共|一共|小计|汇总|统计|共\s{0,3}\d{1,9}\s{0,3}[份件单户人个]|total)",
    re.IGNORECASE,
)
INDEX = re.compile(
    r"^(?:[(【\[]\s{0,3}(?P<in>\d{1,3})\s{0,3}[)】\]]\s{0,3}[.、:：]?|(?:no\.?\s{0,3})?(?P<no>\d{1,4})\s{0,3}(?P<sep>[.、:：)，,。\]]))\s{0,3}",
    re.IGNORECASE,
)
BARE = re.compile(r"^(?P<no>\d{1,3})\s{1,3}(?=\S)")
LETTER = re.compile(
    r"^[(【\[]?\s{0,3}(?P<code>[A-Z]{1,2}\d{0,2})\s{0,3}(?:[.、:：)】\]\-]|套餐|套|款|\s)\s{0,3}(?=\S)",
    re.IGNORECASE,
)
PRICE = re.compile(
    r"[¥￥]\s{0,3}\d|\d{1,9}(?:\.\d{1,9})?\s{0,3}(?:元(?![宝旦宵])|块(?!豆|肉)|rmb)", re.IGNORECASE
)
# 69/袋, in a line of a menu.
OFFER = re.compile(rf"{PRICE.pattern}|\d\s?/\s?[^\W\d_]", re.IGNORECASE)
# ①2 ③×1.
COUNTED = re.compile(r"(?:[①-⑳]\s?[*xX+]?\s?\d{1,2}[份个]?[\s,、;]{0,2}){1,12}")
ENDS = re.compile(r"^[-—~=\s]*(?:截止|截单|结束|已截|收团|谢谢|感谢|辛苦|接龙结束|以上)")
_INLINE = re.compile(r"(?<![\d.\-#号])(\d{1,3})[.、)]\s{0,3}(?![\d\s])")


def unrolled(line: str) -> list[str]:
    """A list that lost its line ends: 1. … 2. … 3. … in one line."""
    if len(line) < 40:
        return [line]
    starts: list[int] = []
    expected: int | None = None
    for match in _INLINE.finditer(line):
        number = int(match[1])
        if expected is None or number == expected:
            starts.append(match.start())
            expected = number + 1
    if len(starts) < 3:
        return [line]
    ends = [*starts[1:], len(line)]
    pieces = [line[: starts[0]], *(line[a:b] for a, b in zip(starts, ends, strict=True))]
    return [piece.strip() for piece in pieces if piece.strip()]
