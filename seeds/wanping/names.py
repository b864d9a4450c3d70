"""Invented Chinese names. Some have characters that many fonts and old programs lack."""

from __future__ import annotations

import random

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
_RARE_SURNAMES = ("龚", "欧阳", "诸葛", "上官", "乜", "逄", "佘", "亓")
_SHORT_GIVEN = "明勇军敏静芳磊洋倩婷琳辉云萍"
_LONG_GIVEN = (
    "建国志强国华永康德明卫东文彬家骏浩然宇轩子墨俊杰天佑一鸣思远振华伟民立新秀英桂兰"
    "玉珍淑芬丽华美玲雅琴慧敏晓燕佳怡诗涵欣怡雨桐梦洁静雯若曦安然可欣阿妹根宝小弟来娣"
)
_GIVEN = [
    *_SHORT_GIVEN,
    *(_LONG_GIVEN[start : start + 2] for start in range(0, len(_LONG_GIVEN), 2)),
]
# 㛃 and 䶮 are everyday trouble: in people's papers since long, in many fonts never.
_RARE_GIVEN = ("㛃", "䶮", "玥㛃", "䶮之", "喆", "赟", "犇犇", "彧", "翀", "垚", "淼焱", "祎")
_EVERY = 12


def family(chance: random.Random, size: int) -> tuple[str, ...]:
    """`size` different names: a couple with two surnames, everybody else with the first one's."""
    names: list[str] = []
    surname = _surname(chance)
    while len(names) < size:
        name = (_surname(chance) if len(names) == 1 else surname) + _given(chance)
        if name not in names:
            names.append(name)
    return tuple(names)


def single_name(chance: random.Random) -> str:
    """One person's."""
    return _surname(chance) + _given(chance)


def _surname(chance: random.Random) -> str:
    return str(chance.choice(_RARE_SURNAMES if chance.randrange(_EVERY) == 0 else _SURNAMES))


def _given(chance: random.Random) -> str:
    return str(chance.choice(_RARE_GIVEN if chance.randrange(_EVERY) == 0 else _GIVEN))
