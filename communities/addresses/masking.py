"""Hide what is made of digits and is no address: phone numbers, times, dates, prices. Pure."""

from __future__ import annotations

import re

HIDDEN = "\ufffc"
# Longest first. Each is blanked out sign for sign, so that places stay.
_NUMBERS = re.compile(
    r"""
    (?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)   # 138 0013 8000
    | (?<!\d)1[3-9]\d{5}[-\s]\d{4}(?!\d)
    | (?<!\d)1[3-9]\d[*xX·.]{3,8}\d{2,4}(?!\d)                    # 138****8000
    | (?<!\d)\(?0\d{2,3}\)?[-\s]?\d{7,8}(?:-\d{1,5})?(?!\d)       # 021-64380000
    | (?<!\d)400[-\s]?\d{3,4}[-\s]?\d{3,4}(?!\d)
    | (?<!\d)[2-9]\d{3}[-\s]\d{4}(?!\d)                           # 6438 0000
    | \d{7,}
    | (?:尾号|尾数|后四位|短号|分机)(?:是|为)?[\s::]*\d{3,6}
    | (?:电话|手机|联系方式|tel|微信)号?(?:是|为)?[\s::]*\d[\d\s-]{5,}\d
    | (?<!\d)20[23]\d(?:年|[-/.])\d{1,2}(?:(?:月|[-/.])\d{1,2}[日号]?)?(?![-/.]?\d)
    | (?<!\d)\d{1,2}月\d{1,2}[日号]?(?!\d)
    | (?<!\d)(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?!\d)        # 18:30
    | \((?:如|例如|例|比如)[^()]{0,12}\)                          # the heading of an exported column: 楼号(如10)
    | [¥￥]\s?\d+(?:\.\d+)?
    | \d+\.\d+\s?(?:元|块|斤|公斤|kg|g|l|升|折)
    | \d+(?:\.\d+)?\s?(?:元|块钱)
    """,
    re.VERBOSE | re.IGNORECASE,
)


# What is said of an address that is not meant: (原来7号801，搬了), 不是16A.
_NOT_MEANT = re.compile(
    r"\((?:原|以前|之前|曾|旧|不是|并非|[^()]{0,6}不是)[^()]*\)|[,\s](?:不是|并非|[别勿][送放]|不要[送放])\s?[A-Za-z0-9号幢栋楼座单元弄支室组#-]+"
)


def hide_numbers(text: str) -> str:
    """The text with every phone number, time, date and price replaced by as many blanks of another kind, and what is
    not meant by plain blanks.
    """
    text = _NOT_MEANT.sub(lambda match: " " * len(match[0]), text)
    return _NUMBERS.sub(lambda match: HIDDEN * len(match[0]), text)
