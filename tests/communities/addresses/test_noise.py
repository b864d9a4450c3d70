"""One household whatever the spelling, and no noise that makes it another."""

from __future__ import annotations

from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from communities.addresses.finding import find, locate
from communities.addresses.located import Certainty
from communities.addresses.register import Door, House, Register
from communities.addresses.signs import numeral, plain
from tests.communities.addresses.compounds import COMPOUNDS

JIAYI = COMPOUNDS["jiayi"]
WANPING = COMPOUNDS["wanping"]

_JOINS = st.sampled_from(
    ["-", "—", "－", "–", "#", "号", "号楼", "幢", "栋", "座", "号-", "#-", "号楼 ", " - ", "一"]
)
_ENDS = st.sampled_from(["", "室", "房", ",", "，", "。", " ", "室 ", "室，"])
_STARTS = st.sampled_from(
    [
        "",
        " ",
        "嘉怡水岸",
        "500弄",
        "紫龙路500弄",
        "五百弄",
        "第",
        "地址：",
        "上海市闵行区紫龙路500弄",
    ]
)
_CHINESE = "〇一二三四五六七八九"


def _full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdecimal() else sign for sign in text)


def _chinese(text: str) -> str:
    return "".join(_CHINESE[int(sign)] for sign in text)


def _of(door: Door) -> House:
    return next(house for house in JIAYI.houses if house.id == door.house_id)


_SPELLINGS = st.sampled_from([str, str, _full_width, lambda room: room.replace("0", "O")])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(JIAYI.doors), _STARTS, _JOINS, _SPELLINGS, _SPELLINGS, _ENDS)
def test_locate_a_household_is_one_whatever_the_spelling(
    door: Door, start: str, join: str, spell_number: object, spell_room: object, end: str
) -> None:
    assert callable(spell_number)
    assert callable(spell_room)
    text = start + spell_number(_of(door).number) + join + spell_room(door.room) + end
    located = locate(text, JIAYI)
    assert (located.certainty, located.household_id) == (Certainty.SURE, door.id), text


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(JIAYI.doors), st.sampled_from(["室", "", "房"]))
def test_locate_reads_rooms_in_chinese_digits(door: Door, end: str) -> None:
    text = f"{_of(door).number}号楼{_chinese(door.room)}{end}"
    assert locate(text, JIAYI).household_id == door.id


_WORDS = st.text(
    alphabet=st.sampled_from("张王李阿姨老小蛋菜包份AB12 3，。-+*x号楼室·🐮０１〇三五\t\n\0"),
    max_size=12,
)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(JIAYI.doors), _WORDS, _WORDS)
def test_find_between_any_words_says_this_household_or_doubts(
    door: Door, before: str, after: str
) -> None:
    """A blank stands around the address: what is glued to a number is the number."""
    line = f"{before} 家 {_of(door).number}号楼{door.room}室 家 {after}"
    located = find(line, JIAYI)
    assert located.certainty != Certainty.NONE
    if located.certainty == Certainty.SURE:
        assert located.household_id == door.id, line


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_find_survives_any_text_and_stays_inside_it(text: str) -> None:
    for register in (JIAYI, WANPING):
        located = find(text, register)
        places = [place for span in located.spans for place in span]
        assert places == sorted(places)
        assert all(0 <= place <= len(text) for place in places)
        assert (located.household_id is not None) == (located.certainty == Certainty.SURE)


_PEOPLE = st.sampled_from(
    ["张三", "王阿姨", "老李", "小王", "Tom", "欧阳锋", "吴家妈妈", "五号楼小陈"]
)
_GOODS = ["鸡蛋", "牛奶", "蔬菜包", "酸奶", "黄瓜", "杨梅", "车厘子", "A套餐", "娃哈哈", "C"]
_ORDERS = st.tuples(
    st.sampled_from(_GOODS),
    st.sampled_from(["", "", " ", "：", "*", "x", "+"]),
    st.sampled_from(["1", "2", "4", "10", "１", "两", "一", "2大1小", ""]),
    st.sampled_from(["", "", "份", "斤", "盒", "包", "个", "套"]),
).map("".join)
_REMARKS = st.sampled_from(
    [
        "13812345678",
        "138 1234 5678",
        "已付",
        "¥35.5",
        "35元",
        "18:30",
        "4月21日",
        "500ml*24瓶",
        "3号套餐",
        "第3单",
    ]
)
_WRITTEN = st.sampled_from(["-", "号", "号楼", "幢", "#", "号-"])
_BETWEEN = st.sampled_from(["", "", "", " ", "，", "、", "-", ","])
_KNOWN = st.sampled_from(
    [
        (register, door)
        for key in ("jiayi", "wanping", "pengpu", "zhuyuan", "hexie", "dahua", "linjiang")
        for register in [COMPOUNDS[key]]
        for door in register.doors
    ]
)


@st.composite
def _lines(draw: st.DrawFn) -> tuple[str, Register, int]:
    """Orders, names and remarks around an address, with or without anything between them."""
    register, door = draw(_KNOWN)
    house = next(one for one in register.houses if one.id == door.house_id)
    number = house.number + (draw(_WRITTEN) if house.number[-1].isdecimal() else "-")
    unit = f"{house.unit}单元" if house.unit else ""
    address = f"{number}{unit}{door.room}{draw(st.sampled_from(['', '室']))}"
    parts = draw(st.lists(st.one_of(_PEOPLE, _ORDERS, _ORDERS, _REMARKS), max_size=4))
    parts.insert(draw(st.integers(0, len(parts))), address)
    text = parts[0]
    for part in parts[1:]:
        text += draw(_BETWEEN) + part
    return text, register, door.id


@settings(max_examples=400, deadline=None)
@given(_lines())
def test_find_whatever_sticks_to_an_address_makes_it_nobody_elses(
    line: tuple[str, Register, int],
) -> None:
    text, register, door_id = line
    located = find(text, register)
    assert located.household_id in {None, door_id}, text


_PHONES = st.from_regex(
    r"1[3-9]\d{9}|1[3-9]\d-\d{4}-\d{4}|1[3-9]\d \d{4} \d{4}|021-?[2-9]\d{7}", fullmatch=True
)


@settings(max_examples=300, deadline=None)
@given(_PHONES, st.sampled_from(["", "王 ", "电话", "tel:"]), st.sampled_from(["", " 2份", "，A1"]))
def test_find_a_phone_number_is_never_an_address(phone: str, before: str, after: str) -> None:
    assert find(before + phone + after, JIAYI, home=(16,)).certainty == Certainty.NONE


@given(st.integers(1, 99))
def test_numeral_reads_what_people_write(number: int) -> None:
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    ten = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    assert numeral(ten + (digits[ones] if ones else "")) == str(number)


def test_plain_keeps_the_places_of_the_original() -> None:
    signs = plain("五百弄５６栋")
    assert signs.text == "500弄56栋"
    assert (signs.span(0, 3), signs.span(4, 6)) == ((0, 2), (3, 5))


def test_two_thousand_lines_are_read_in_a_second() -> None:
    lines = [
        f"{n % 60 + 1}-{n % 12 + 1}0{n % 4 + 1} 张阿姨 13812345678 鸡蛋2份 A{n % 9}"
        for n in range(2000)
    ]
    began = process_time()
    found = [find(line, JIAYI) for line in lines]
    assert process_time() - began < 2.0
    assert {located.certainty for located in found} == {Certainty.SURE}


def test_a_huge_line_is_read_to_its_sixth_hundred_sign() -> None:
    began = process_time()
    assert find("58-902 " + "1-1 " * 100_000, JIAYI).spans[0] == (0, 6)
    assert process_time() - began < 2.0
