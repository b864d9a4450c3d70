"""Words that name one and the same thing: 番茄 and 西红柿. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Words for one and the same thing; behind > what people say for it, but never the other way round; behind = that too,
# but only where the word is the whole name.
_SAME_WORDS = """
    番茄/西红柿 土豆/马铃薯/洋芋 皮蛋/松花蛋 奇异果/猕猴桃 樱桃/车厘子 西兰花/西蓝花/花椰菜 花蛤/花甲/蛤蜊
    水饺/饺子 长棍>法棍
    凤梨/菠萝 红薯/山芋/地瓜/番薯 卷心菜/包菜/包心菜/圆白菜 馄饨/云吞 披萨/比萨 橘子/桔子 小笼/小笼包
    酸奶/酸牛奶 吐司/土司 芝士/奶酪 黄瓜/青瓜 尿不湿/纸尿裤/尿片/尿布 抽纸/抽取式面纸 卷纸/卫生纸/厕纸 荸荠/马蹄
    豆角/豇豆 百叶/千张 粢饭/糍饭 大排/猪大排 小排/猪小排 肋排/猪肋排 前腿/前腿肉 后腿/后腿肉 五花/五花肉
    夹心/夹心肉 鸡胸/鸡胸肉 里脊/里脊肉 牛腩/牛腩肉 牛腱/牛腱子/牛腱肉 咸鸭蛋/咸蛋
    青岛啤酒>青啤 菜籽油>菜油 葵花籽油/葵花油/葵花子油 玉米胚芽油>玉米油 吐司>切片吐司 土司>切片土司
    水果黄瓜/小黄瓜/迷你黄瓜 圣女果/小番茄/樱桃番茄/小西红柿 冰淇淋/冰激凌
    方便面/泡面 厨房纸/厨房用纸 洗洁精/洗碗精/洗碗液 洁厕液/洁厕灵/洁厕剂
    可颂=牛角包/羊角包 维生素c/维c/vc 犬粮/狗粮 猫罐/猫罐头 猫罐>罐头 犬罐/狗罐头 皮蛋/松花蛋
    汉堡/汉堡包 米苋/苋菜 体温计/温度计 牛排/牛扒 豆腐干/豆干 大蒜头/大蒜 小葱/香葱
    烧卖/烧麦 洋葱>葱头 茄子>落苏 土豆>洋山芋 夜开花/瓠瓜/瓠子 牡蛎/生蚝 濑尿虾/皮皮虾 空心菜/蕹菜 梭子蟹>白蟹
    蓝莓>兰莓 鲳鱼>仓鱼 馄饨>混沌/馄炖/混饨/馄沌/混炖 麻薯>麻署 螺蛳>螺狮 榨菜>炸菜 茭白>交白 蚝油>毫油 薏米>意米
    鲜牛奶>鲜奶 纯牛奶>纯奶
"""


def _read_synonyms() -> dict[str, tuple[str, ...]]:
    """Word of a name → words people say for it; longer words first."""
    found: dict[str, tuple[str, ...]] = {}
    for item in _SAME_WORDS.split():
        words = re.split("[>=/]", item)
        for word in words[:1] if ">" in item or "=" in item else words:
            found[word] = (*found.get(word, ()), *(other for other in words if other != word))
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


_SYNONYMS = _read_synonyms()
_WHOLE_NAMES = {item.partition("=")[0] for item in _SAME_WORDS.split() if "=" in item}


def called_else(core: str) -> Iterable[tuple[str, str]]:
    """(name, word) with another word for the same thing: 西红柿 for 番茄."""
    for said, words in _SYNONYMS.items():
        if said in core:
            if said in _WHOLE_NAMES and said != core:
                continue
            yield from ((core.replace(said, word), word) for word in words if word not in core)
