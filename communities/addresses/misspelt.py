"""The compound's own name with a slip of the pen in it: 塘弯村 for 塘湾村. Pure."""

from __future__ import annotations

# Signs of names of places that sound or look alike; one is typed for the other.
_ALIKE = """
    湾弯塆 园苑圆元院远源 桉按安岸 延沿言研 花华化画 阳杨洋扬羊 兰蓝篮澜 佳家嘉加 景锦金井 绣秀修
    桥乔侨 浦普甫 城诚成程
    丽利莉俪立 宏红洪虹鸿弘 明名铭茗鸣 新心欣鑫馨星 龙隆珑 庭廷亭婷 泾径经京晶 塘唐糖堂棠 滨宾斌 湖胡蝴 荣容融蓉榕
    芳方坊 怡宜谊仪 紫子梓 碧壁璧必 云芸运韵 静净靖 和合河荷 谐协鞋偕 梧吾吴 桐同童铜彤 秋邱丘
    里理李 平萍苹坪 宛婉碗皖 竹筑
    泰太 康慷 清青卿 风枫丰凤峰 林琳霖临 江姜疆 海涵 水秀 长常昌 东冬 宁凝 福富 永咏 兴幸 建健 世仕 名茗 港巷 墅野 村邨
    张章漳 周洲舟 闻文纹 喜禧 彭鹏朋 徐许 陆路禄 陈晨辰 曹漕槽 虹红 莘辛 七漆 宝保 顾故 盛胜圣 御玉钰 品晶 香湘
    滩摊 帝弟
""".split()  # noqa: SIM905 -- groups read better as words
# In these two names differ, not two spellings of one.
_TELLS_APART = frozenset("东南西北中上下前后左右内外大小新老一二三四五六七八九十甲乙丙丁")


def is_misspelt(said: str, own: str, *, is_confirmed: bool = False) -> bool:
    """One sign of `own` is another that is often typed for it; any other in a long name if something else (the number
    of the lane) says that this very place is meant.
    """
    if len(said) != len(own) or len(own) < 3:
        return False
    pairs = [(one, other) for one, other in zip(said, own, strict=True) if one != other]
    if len(pairs) != 1 or _TELLS_APART.intersection(pairs[0]):
        return False
    one, other = pairs[0]
    return any(one in group and other in group for group in _ALIKE) or (
        is_confirmed and len(own) > 3
    )
