"""Whether a sentence about goods tells of a person."""

from __future__ import annotations

import pytest

from communities.persons import names_somebody


@pytest.mark.parametrize(
    "text",
    [
        "王秀英要奶粉",
        "给李阿姨带高钙奶粉",
        "老王 降压药",
        "豆豆妈妈 纸尿裤",
        "陈先生家的胰岛素",
        "二楼的阿姨要米",
    ],
)
def test_names_somebody_finds_a_person(text: str) -> None:
    assert names_somebody(text)


@pytest.mark.parametrize(
    "text",
    [
        "高钙奶粉 900g",
        "伊利高钙奶粉 2段",
        "康师傅红烧牛肉面",
        "老干妈、王老吉、太太乐鸡精",
        "金龙鱼调和油 5L",
        "5号电池 4节",
        "冬季女士棉袜 36码",
        "胰岛素针头 4mm",
        "白萝卜和黄瓜",
        "姨妈巾，家用大包",
        "老人鞋 42码",
        "张小泉剪刀",
        "硝苯地平控释片 30mg×7片",
        "婴儿米糊，6个月",
        "花生油、方便面、毛巾",
        "康乃馨 10支",
        "温度计",
    ],
)
def test_names_somebody_leaves_goods(text: str) -> None:
    assert not names_somebody(text)
