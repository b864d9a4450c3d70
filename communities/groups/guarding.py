"""No phone and no full address into a group (DESIGN §6): whatever somebody typed into a title, a notice, a reason.

Known by its form, like config.kernel.masking; here too much rather than too little, for a group's text cannot be called
back. A building stays readable, the door behind it does not. Signs without width and strange forms of digits hide
nothing from the eye, so they are read as what they look like; what is no number stays as it was typed.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "***"

# What is left of a sign once it is read as what it looks like.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‐‑–—―−─", "-"),
        **dict(zip("號樓棟幢單門衖房", "号楼栋幢单门弄房", strict=True)),
    }
)
_CHINESE = "〇零○一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖"
_READ = str.maketrans(_CHINESE, "00011122233445566778899")

_GAP = r"[\s_-]?"
_BREAK = r"(?:[^\w\n]|_){1,3}"
_ELEVEN = rf"1{_GAP}[3-9](?:{_GAP}\d){{9}}"
# Eleven digits beginning with 13 … 19, however grouped, with or without 86.
_MOBILE = (
    rf"(?<!\d)(?:\+?86{_GAP})?{_ELEVEN}(?!\d)"
    rf"|(?<!\d)1[3-9]\d{_BREAK}\d{{4}}{_BREAK}\d{{4}}(?!\d)"
)
# 021-64380000, (0571) 8765 4321.
_LANDLINE = rf"(?<!\d)\(?0\d{{2,3}}\)?[\s_-]{{0,2}}[2-8]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
# Seven digits or more after a word that announces them.
_CALL = rf"(?P<kept>(?:电话|手机|座机|热线|☎|📞|☏|tel|phone)\s{{0,3}}:?\s{{0,3}})\d(?:{_GAP}\d){{6,11}}(?!\d)"
_PHONES = re.compile(f"{_CALL}|{_MOBILE}|{_LANDLINE}", re.IGNORECASE)
# 一三八〇〇一三八〇〇〇, whatever stands before: 张三 is not to save it.
_SPOKEN = re.compile(_ELEVEN)

_DIGITS = "0-9〇零○一二三四五六七八九十百"
_HOUSE = r"(?:号楼|号|幢|栋|座|弄|单元|门洞|门|楼|#)"
# What a number after a building may count instead of naming a door.
_COUNTED = (
    r"(?![0-9]|\s{0,2}(?:[:.%点时分户家人份元块件袋箱瓶盒斤克包只个年月日号片粒颗支条双套张枚节升毫盘卷罐桶提板根对]"
    # 3-502 张阿姨: whoever lives there may be called as things are counted.
    r"(?!阿姨|先生|女士|老师|师傅|小姐|大[爷妈]|[叔伯爷奶姐哥姨])|kg|g\b|ml|mah))"
)
_DOORS = re.compile(
    # 3号楼502室, 12弄3号502, 2单元1001, B座1203, 三号楼五零二.
    rf"(?P<house>(?:(?<!月)(?<!月[{_DIGITS}])[{_DIGITS}]{{1,4}}\s?{_HOUSE}|(?<![a-z])[a-z]\d{{0,2}}\s?(?:号楼|幢|栋|座|楼|单元))\s?)"
    rf"(?:[a-z]?[{_DIGITS}]{{1,5}}\s?(?:室|房)|[a-z]?[0-9]{{3,4}}{_COUNTED}"
    rf"|[〇零○一二三四五六七八九]{{3,4}}(?![{_DIGITS}]|单元|栋|幢|楼|层){_COUNTED})"
    # 502室.
    rf"|(?<![{_DIGITS}a-z])[a-z]?[{_DIGITS}]{{2,5}}\s?室(?!内|外)"
    # 3-502, 12-3-502.
    rf"|(?<![\w-])(?P<number>\d{{1,3}}-(?:\d{{1,3}}-)?)\d{{3,4}}(?![\w-]*\d){_COUNTED}"
    # 3/502, but not 93/120: how many there are of how many.
    rf"|(?<![\w/.-])(?P<slash>\d{{1,2}}/)\d{{1,2}}(?:0[1-9]|1[1-9])(?![\w/-]*\d){_COUNTED}",
    re.IGNORECASE,
)


# Fewer digits are no number of its own: half of somebody's could be taken for it.
_LEAST = 7
_APART = r"(?:[^\w\n]|_)"


def for_group(text: str, *, duty: str = "") -> str:
    """The text with phones and doors replaced by ***; `duty`, the number a community gives to everybody, stays where it
    stands alone.
    """
    if sum(sign.isdigit() for sign in duty) < _LEAST:
        return _hide(text)
    number = r"\s+".join(map(re.escape, duty.split()))
    alone = rf"(?<!\d)(?<!\d{_APART})({number})(?!{_APART}?\d)"
    parts = re.split(alone, text)
    return "".join(part if place % 2 else _hide(part) for place, part in enumerate(parts))


def _hide(text: str) -> str:
    text = _hidden(text, _PHONES, ("kept",))
    text = _hidden(text, _SPOKEN, (), spoken=True)
    return _hidden(text, _DOORS, ("house", "number", "slash"))


def _hidden(
    text: str, form: re.Pattern[str], kept: tuple[str, ...], *, spoken: bool = False
) -> str:
    """Matches in what the text looks like, replaced in what was typed but for the groups `kept`. `spoken`: Chinese
    digits count as digits, and a match without one as none.
    """
    looks, places = _looks(text)
    done, at = [], 0
    for match in form.finditer(looks.translate(_READ) if spoken else looks):
        if spoken and not set(_CHINESE).intersection(looks[match.start() : match.end()]):
            continue
        start = max([match.start(), *(match.end(name) for name in kept)])
        done += [text[at : places[start]], HIDDEN]
        at = places[match.end()]
    return "".join([*done, text[at:]])


def _looks(text: str) -> tuple[str, list[int]]:
    """What is seen, and where each of its signs stands in the text; one place more for the end."""
    if text.isascii():
        return text, list(range(len(text) + 1))
    signs, places = [], []
    for place, sign in enumerate(text):
        # No width, or the frame around a digit.
        if unicodedata.category(sign) in ("Cf", "Mn", "Me"):
            continue
        folded = unicodedata.normalize("NFKC", sign)
        signs.append((folded if len(folded) == 1 else sign).translate(_PLAIN))
        places.append(place)
    return "".join(signs), [*places, len(text)]
