"""Compounds of different kinds, as registers: what the corpus and the noise are read against."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from communities.addresses.register import Alias, Door, House, Pair, Register, RoomRange, Rules


def flats(floors: int, doors: int, first: int = 1) -> list[str]:
    return [f"{floor}{first + n:02d}" for floor in range(1, floors + 1) for n in range(doors)]


Block = tuple[str, str, str, Iterable[str]]


def register(
    blocks: Iterable[Block], *, name: str = "", address: str = "", rules: Rules | None = None
) -> Register:
    """Blocks are lane, number, unit, rooms. Labels are what a person would write: 363弄5号, 2幢1单元, 塘湾宅."""
    houses: list[House] = []
    doors: list[Door] = []
    ids = count(1)
    for lane, number, unit, rooms in blocks:
        lane_label = f"{lane}弄" if lane.isdecimal() else lane
        house_label = f"{number}号" if number[-1:].isdigit() else number
        unit_label = f"{unit}单元" if unit else ""
        label = f"{lane_label}{house_label}{unit_label}"
        house = House(len(houses) + 1, number, lane, unit, label)
        houses.append(house)
        doors += [Door(next(ids), house.id, room) for room in rooms]
    return Register(tuple(houses), tuple(doors), rules or Rules(), name=name, address=address)


def _jiayi() -> Register:
    """弄 + 号 + 室: sixty stairwells of one lane, which the buildings do not carry."""
    return register(
        [("", str(n), "", flats(12, 4)) for n in range(1, 61)],
        name="嘉怡水岸",
        address="上海市闵行区紫龙路500弄",
        rules=Rules(names=("水岸",), groups=(("水岸16号楼群", (16,)),)),
    )


def _wanping() -> Register:
    """幢 + 单元 + 室: rooms repeat in every unit."""
    blocks: list[Block] = [
        ("", str(n), str(unit), flats(6, 2)) for n in range(1, 8) for unit in (1, 2, 3)
    ]
    blocks.append(("", "8", "", flats(6, 3)))
    return register(
        blocks,
        name="宛平南苑",
        address="徐汇区宛平南路600弄",
        rules=Rules(
            aliases=(Alias("北门小楼", 22), Alias("传达室", 22, 253)),
            groups=(("宛平2幢1单元", (4,)), ("宛平3幢", (7, 8, 9))),
        ),
    )


def _linjiang() -> Register:
    """A village: groups with farm numbers, teams with named homesteads."""
    blocks: list[Block] = [
        ("", f"{n}组", "", [str(farm) for farm in range(1, 41)]) for n in range(1, 6)
    ]
    blocks += [
        ("张塘队", "塘湾宅", "", [f"{farm}号" for farm in range(1, 21)]),
        ("张塘队", "北宅", "", [f"{farm}号" for farm in range(1, 21)]),
        ("七队", "东埭", "", [f"{farm}号" for farm in range(1, 16)]),
    ]
    return register(blocks, name="临江村", address="浦东新区祝桥镇临江村")


def _pengpu() -> Register:
    """Everything at once: 甲乙, A座, villas, shops, an office tower, a number beside a number."""
    blocks: list[Block] = [
        *(("", str(n), "", flats(6, 4)) for n in (1, 2, 3, 27, 206, 207)),
        *(("", number, "", flats(6, 3)) for number in ("207甲", "207乙", "附27甲", "甲", "乙")),
        *(("", letter, "", flats(18, 6)) for letter in ("A座", "B座")),
        *(("", f"别墅{n}", "", ["整栋"]) for n in range(1, 13)),
        ("", "商铺", "", [str(n) for n in range(1, 21)]),
        ("", "商务楼", "", flats(20, 8)),
        ("", "95-99", "", flats(6, 2)),
    ]
    return register(blocks, name="彭浦新村", address="闻喜路251弄")


def _xiuyan() -> Register:
    """Three lanes, one with a lane inside; numbers repeat from lane to lane."""
    blocks: list[Block] = [
        *(("1177弄二支弄", str(n), "", flats(6, 3)) for n in range(1, 9)),
        *(("1177弄", str(n), "", flats(6, 3)) for n in range(1, 9)),
        *(("828", str(n), "", flats(6, 3)) for n in range(5, 13)),
        *(("363", str(n), "", flats(6, 3)) for n in range(30, 40)),
    ]
    return register(blocks, name="秀沿小区", address="秀沿路1177弄")


def _zhuyuan() -> Register:
    """Rooms run on through the units of a house: 2-303 says it all."""
    blocks: list[Block] = [
        ("", str(n), str(unit), flats(6, 2, first=unit * 2 - 1))
        for n in range(1, 7)
        for unit in (1, 2, 3)
    ]
    return register(blocks, name="竹园新村")


def _anju() -> Register:
    """Doors 门 count on through the compound; people say the door and the room, and a stairwell that is not kept."""
    blocks: list[Block] = [
        ("", str((door + 2) // 3), str(door), flats(6, 2)) for door in range(1, 13)
    ]
    return register(
        blocks, name="安居小区", rules=Rules(pair=Pair.UNIT_ROOM, rooms=(RoomRange("101", "602"),))
    )


def _yangguang() -> Register:
    """High houses without units in the register, whose people say one; 一期 and 二期; 三村."""
    blocks: list[Block] = [
        *(("一期", str(n), "", flats(28, 4)) for n in range(1, 6)),
        *(("二期", str(n), "", flats(28, 4)) for n in range(6, 11)),
    ]
    return register(blocks, name="阳光花苑", rules=Rules(without_units=frozenset(range(1, 11))))


def _zhinong() -> Register:
    """Three lanes inside a lane, as a property office writes them, each with its street."""
    numbers = {1: range(1, 7), 2: range(1, 9), 3: range(20, 24)}
    blocks: list[Block] = [
        (f"秀沿路1177弄{lane}支弄", str(n), "", flats(6, 3))
        for lane, houses in numbers.items()
        for n in houses
    ]
    return register(blocks, address="秀沿路1177弄")


def _hexie() -> Register:
    """High houses, no fourth, so that 1-1104 and 11-104 are both there."""
    numbers = [n for n in range(1, 13) if n != 4]
    blocks: list[Block] = [("锦绣路888弄", str(n), "", flats(18, 4)) for n in numbers]
    return register(blocks, name="和谐嘉苑", address="锦绣路888弄")


def _wutong() -> Register:
    """Every house has three units, every unit the same rooms."""
    blocks: list[Block] = [
        ("龙阳路2000弄", str(n), str(unit), flats(6, 2)) for n in range(1, 7) for unit in (1, 2, 3)
    ]
    return register(blocks, name="梧桐苑", address="龙阳路2000弄")


def _biyun() -> Register:
    """Villas; the last seven are of two households, east and west."""
    blocks: list[Block] = [
        ("蓝桉路60弄", number, "", ["整栋"]) for number in [*map(str, range(1, 30)), "16A"]
    ]
    blocks += [("蓝桉路60弄", str(n), "", ["东", "西"]) for n in range(30, 37)]
    return register(blocks, name="碧云别墅", address="蓝桉路60弄")


def _tangwan() -> Register:
    """A village whose farms are buildings, with 12甲 and 付7."""
    counts = {3: 20, 5: 20, 8: 25}
    blocks: list[Block] = [
        (f"塘湾村{group}组", str(farm), "", ["整栋"])
        for group, farms in counts.items()
        for farm in range(1, farms + 1)
    ]
    blocks += [("塘湾村3组", "12甲", "", ["整栋"]), ("塘湾村5组", "付7", "", ["整栋"])]
    return register(blocks, name="塘湾村", address="塘湾村")


def _dahua() -> Register:
    """Fourteen floors of twelve doors: 101 and 1011 are both rooms."""
    blocks: list[Block] = [("", str(n), "", flats(14, 12)) for n in range(1, 31)]
    return register(blocks, name="大华公寓")


def _caoyang() -> Register:
    """One of nine villages that differ by their number; two lanes share numbers 20 to 30."""
    blocks: list[Block] = [
        *(("兰溪路138弄", str(n), "", flats(6, 4)) for n in range(1, 31)),
        *(("梅岭北路55弄", str(n), "", flats(6, 4)) for n in range(20, 41)),
    ]
    return register(blocks, name="曹杨八村", address="普陀区兰溪路138弄")


COMPOUNDS: dict[str, Register] = {
    "jiayi": _jiayi(),
    "wanping": _wanping(),
    "linjiang": _linjiang(),
    "pengpu": _pengpu(),
    "xiuyan": _xiuyan(),
    "zhuyuan": _zhuyuan(),
    "anju": _anju(),
    "yangguang": _yangguang(),
    "zhinong": _zhinong(),
    "hexie": _hexie(),
    "wutong": _wutong(),
    "biyun": _biyun(),
    "tangwan": _tangwan(),
    "dahua": _dahua(),
    "caoyang": _caoyang(),
}


def name_of(door_id: int, compound: Register) -> str:
    """58号 902, as the corpus names a household."""
    door = next(door for door in compound.doors if door.id == door_id)
    house = next(house for house in compound.houses if house.id == door.house_id)
    return f"{house.label} {door.room}"
