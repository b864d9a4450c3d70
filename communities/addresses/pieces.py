"""Cut a plain line into the pieces of addresses: numbers with what they number, names, and what lies between. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

# What a piece says it is. BARE numbers may be anything.
BARE, NAME, HOUSE, ROOM, UNIT, DOORWAY, STOREY, FLOOR = (
    "",
    "名",
    "号",
    "室",
    "单元",
    "门",
    "楼",
    "层",
)
LANE, SUB_LANE = "弄", "支弄"
OWN = "own"
AREAS = frozenset({LANE, SUB_LANE, "村", "区", "期", "组", "队", "街坊", "宅", "埭"})

# A villagers' group and a production team are one thing, unless the village has both.
TWINS = frozenset({"组", "队"})

STEMS = "甲乙丙丁戊己庚辛壬癸"
# First what is longer. What may not follow is a word of its own: 门口, 楼下, 3号套餐.
_MARKS = (
    (r"村民小组|居民小组|生产小组|小组", "组"),
    (r"生产队", "队"),
    (
        r"号门洞|号门栋|号门(?!口|牌|卫|前|外|铺|面)|门洞(?!号)|门栋|楼门|楼组|门(?!口|牌|卫|前|外|铺|面|岗)",
        DOORWAY,
    ),
    (r"号楼|号幢|号栋|号院|号座|幢楼|栋楼|座楼|#楼|#幢|#栋|#", HOUSE),
    (r"单[元园圆员](?!号)|梯", UNIT),
    (r"支弄|支(?=\s?\d+[号幢栋#-])", SUB_LANE),
    (r"弄(?!号)", LANE),
    (r"街坊", "街坊"),
    (r"号房间|号室(?!号)|号房(?!东)|房间|室(?!号)|房(?!东|产|租|号)|户(?!号)", ROOM),
    (r"楼层|层楼|层|F(?![A-Za-z0-9])|f(?![A-Za-z0-9])", FLOOR),
    (r"楼(?!上|下|长|道|号|栋|幢)", STOREY),
    (
        r"号(?!套餐|套|菜|产品|商品|链|款|餐|品|团|接龙|货|线|送|到|发|前|后|中午|上午|下午|晚)",
        HOUSE,
    ),
    (r"幢(?!号)|栋(?!号)|座|[懂动冻撞](?=\s?\d)", HOUSE),
    (r"组(?!合)|队(?!长)|村(?!民|委)|区(?!域)|期|宅|埭", ""),
)
_MARK = re.compile(r"\s?(?:" + "|".join(f"({signs})" for signs, _kind in _MARKS) + r")(?!\s?[:=])")
# A number of these is a quantity, a size, a price: never a place.
_SIZES = r"份|斤|公斤|千克|克|毫升|升|kg|ml|箱|盒|袋|瓶|罐|只|个|件|套|元|块|圆|%|rmb"
_MEASURE = re.compile(rf"\s?(?:{_SIZES})|[gl](?![a-z0-9])", re.IGNORECASE)
# After two digits these are quantities too; after three the man is called 小王, 大刘 or 包.
_MEASURE_OF_FEW = re.compile(
    rf"\s?(?:{_SIZES}|两|支|条|串|颗|粒|角|提|桶|板|托|把|捆|听|杯|双|对|卷|片|枚|头|朵|人|位|天|次|包|张(?![^\s\d])|"
    r"岁|点|分|月|年|日|大|小|成人|儿童)|[gl](?![a-z0-9])",
    re.IGNORECASE,
)
# 2-3012份: a quantity that grew into the room.
_GROWN = re.compile(r"\s?(?:份|斤|箱|盒|袋|瓶|罐|只|个|件|套)")
_LABELLED = re.compile(
    r"(?:(?P<house>楼栋号|楼号|楼幢号|栋号|幢号)|(?P<unit>单元号|门洞号)|(?P<room>房间号|房号|室号|门牌号?)|(?P<lane>弄号))"
    r"\s*[:=\ufffc]*\s*$|"
    r"(?:(?P<a_house>楼栋|号楼|楼|栋|幢|号)|(?P<a_unit>单元|门洞|门)|(?P<a_room>房间|房室|房|室)|(?P<a_lane>弄))\s*[:=]\s*$"
)
_LABELS = {"house": HOUSE, "unit": UNIT, "room": ROOM, "lane": LANE}
_NUMBER = re.compile(r"[0-9OoIl|]*[0-9][0-9OoIl|]*")
_CODE = re.compile(r"(?<![A-Za-z])[A-Za-z]\d+")
_NUMBER_SIGN = re.compile(r"(?<![A-Za-z])no\.?\s?(?=\d)", re.IGNORECASE)
_SUFFIX = re.compile(rf"\s?-?(?P<stem>[{STEMS}])|-?(?P<letter>[A-Za-z])(?![A-Za-z])")
_LETTER = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z](?![A-Za-z])|[{STEMS}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """`value` 3, 207甲 or a name; `gap` is what stands between it and the piece before."""

    kind: str
    value: str
    start: int
    end: int
    gap: str = ""
    # A letter after the number that no place of the register carries: 301A where there is 301.
    loose: str = ""
    # A letter was read as the digit it looks like, and it may be none.
    doubtful: bool = False
    ids: tuple[int, ...] = ()
    door_id: int | None = None
    # The compound's own street or name that stands right before it, and where that begins.
    after_own: str = ""
    lead: int = -1

    @property
    def is_long(self) -> bool:
        return len(self.value) >= 3 and self.value[:3].isdecimal()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name the register knows: of a house, of the compound itself (`is_own`), of a door."""

    words: str
    ids: tuple[int, ...] = ()
    door_id: int | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What numbers and letters this register uses, so that 301A and A2 are read as they are meant here."""

    values: Collection[str] = ()
    kinds: Collection[str] = ()
    phrases: re.Pattern[str] | None = None
    meanings: tuple[tuple[str, Phrase], ...] = ()


def cut(text: str, words: Vocabulary) -> list[Piece]:
    """Pieces in their order. Own names of the compound leave no piece and count as no gap."""
    pieces: list[Piece] = []
    at = last = 0
    own = named = ""
    lead = -1
    meanings = dict(words.meanings)
    while at < len(text):
        piece, after = _next(text, at, last, words, meanings)
        if piece is None:
            at = max(after, at + 1)
            continue
        if piece.kind == OWN:
            lead = lead if lead >= 0 and piece.start == last else piece.start
            own, named = own + text[last : piece.start], piece.value
            at = last = piece.end
            continue
        is_led = not text[last : piece.start].strip(" ,-") and lead >= 0
        gap = own + text[last : piece.start]
        pieces.append(
            replace(piece, gap=gap, after_own=named if is_led else "", lead=lead if is_led else -1)
        )
        own, named, lead, at, last = "", "", -1, piece.end, piece.end
    return pieces


def _next(
    text: str, at: int, last: int, words: Vocabulary, meanings: dict[str, Phrase]
) -> tuple[Piece | None, int]:
    """The piece that begins here, or how far to go on without one."""
    if words.phrases is not None and (named := words.phrases.match(text, at)):
        return _named(
            named, meanings[squeezed(named[0])], is_tight=last > 0 and text[last:at] in {"", "-"}
        )
    if sign := _NUMBER_SIGN.match(text, at):
        return None, sign.end()
    if (code := _CODE.match(text, at)) and code[0].upper() in words.values:
        return _marked(text, at, code.end(), code[0].upper(), last, words), at
    if code and code[0][0].upper() not in {*words.values, *"OIL"}:
        return None, code.end()  # A2 is two pieces of A
    if number := _NUMBER.match(text, at):
        return _numbered(text, number, last, words)
    letter = _LETTER.match(text, at)
    return _lettered(text, letter, last, words) if letter else (None, at + 1)


def _named(named: re.Match[str], phrase: Phrase, *, is_tight: bool) -> tuple[Piece | None, int]:
    if len(phrase.words) == 1 and not is_tight:
        return None, named.start() + 1  # 东 is a room after 3号, and a man before
    kind = OWN if phrase.is_own else NAME
    piece = Piece(kind, phrase.words, *named.span(), ids=phrase.ids, door_id=phrase.door_id)
    return piece, named.end()


def _numbered(
    text: str, number: re.Match[str], last: int, words: Vocabulary
) -> tuple[Piece | None, int]:
    value, end, doubtful = _digits(text, number)
    if value is None:
        return None, end
    value = value.lstrip("0") or "0"
    begin = number.start()
    if (before := text[begin - 1 : begin]) in {"附", "付"} and begin - 1 >= last:
        joined = "附" + value
        if any(word.startswith(joined) for word in words.values):
            value, begin = joined, begin - 1
    if before and before in "*×xX+¥￥" and begin - 1 >= last:
        return None, end
    measure = _MEASURE_OF_FEW if len(value) < 3 else _MEASURE
    is_measured = _mark(text, end, words)[0] == BARE and measure.match(text, end)
    has_grown = len(value) > 3 and before in set("-号楼幢栋座#元门") and _GROWN.match(text, end)
    if is_measured and not has_grown:
        return None, end
    return _marked(text, begin, end, value, last, words, doubtful=doubtful), end


def _digits(text: str, number: re.Match[str]) -> tuple[str | None, int, bool]:
    """3O1 is 301 and 1l2 is 112; at an end l and I may be letters of something else."""
    start, end = number.span()
    while (
        text[end - 1] in "OoIl|" and text[end : end + 1].isascii() and text[end : end + 1].isalpha()
    ):
        end -= 1
    raw = text[start:end]
    before = text[:start][-1:]
    if not raw[0].isdecimal() and before.isascii() and before.isalpha():
        return None, start + 1, False  # the end of a word: hello2
    is_marked = _MARK.match(text, end) is not None
    if not raw[0].isdecimal() and len(raw) < 3 and not is_marked:
        return None, end, False  # O2, l2: a letter and a number
    is_led = before in {"", *"-号楼幢栋座#弄组队元"}
    doubtful = (raw[0] in "Il|" and not is_led) or raw[-1] in "Il|"
    value = raw.translate(str.maketrans("OoIl|", "00111"))
    return (None if len(value) > 5 else value), end, doubtful


def _marked(
    text: str,
    begin: int,
    end: int,
    value: str,
    last: int,
    words: Vocabulary,
    *,
    doubtful: bool = False,
) -> Piece | None:
    """The piece of this value with its suffix and its mark, before or behind."""
    value, end, loose = _suffixed(text, end, value, words)
    kind, end = _mark(text, end, words)
    if kind in {HOUSE, ROOM} and not loose:
        value, end, loose = _suffixed(text, end, value, words)
    label = _LABELLED.search(text, last, begin)
    if label and kind in {BARE, HOUSE}:
        found = next(name for name, signs in label.groupdict().items() if signs)
        kind, begin = _LABELS[found.removeprefix("a_")], label.start()
    if text[begin - 1 : begin] == "第" and begin - 1 >= last:
        begin -= 1
    return Piece(kind, value, begin, end, loose=loose, doubtful=doubtful)


def _mark(text: str, end: int, words: Vocabulary) -> tuple[str, int]:
    mark = _MARK.match(text, end)
    if mark is None or mark.lastindex is None:
        return BARE, end
    kind = _MARKS[mark.lastindex - 1][1] or mark[0].strip()
    said = TWINS if kind in TWINS else {kind}
    is_strange = not said & set(words.kinds)
    if is_strange and (kind in AREAS - {LANE, SUB_LANE} or mark[0].strip() == "支"):
        return BARE, end
    return kind, mark.end()


def _suffixed(text: str, end: int, value: str, words: Vocabulary) -> tuple[str, int, str]:
    suffix = _SUFFIX.match(text, end)
    if suffix is None or value[-1:] in STEMS or not value[-1:].isdecimal():
        return value, end, ""
    sign = (suffix["stem"] or suffix["letter"]).upper()
    if value + sign in words.values:
        return value + sign, suffix.end(), ""
    is_code = suffix["letter"] and text[suffix.end() : suffix.end() + 1].isdecimal()
    if (
        is_code
        or suffix[0][0] in "- "
        or sign in words.values
        or _mark(text, suffix.start(), words)[0]
    ):
        return value, end, ""  # 301A2: a code and its quantity
    return value, suffix.end() if suffix["stem"] else end, sign


def _lettered(
    text: str, letter: re.Match[str], last: int, words: Vocabulary
) -> tuple[Piece | None, int]:
    value = letter[0].upper()
    kind, end = _mark(text, letter.end(), words)
    is_strange = kind in {BARE, ROOM, STOREY} and value not in words.values
    if kind == FLOOR or is_strange:
        return None, letter.end()
    return _marked(text, letter.start(), letter.end(), value, last, words), end


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).upper()
