"""Words that name one and the same thing: 番茄 and 西红柿. Pure."""

from __future__ import annotations

from collections.abc import Iterable

# Words for one and the same thing; behind > what people say for it, but never the other way round.
_SAME_WORDS = """
    番茄/西红柿 土豆/马铃薯/洋芋 皮蛋/松花蛋 奇异果/猕猴桃 樱桃/车厘子 西兰花/西蓝花/花椰菜 花蛤/蛤蜊
    水饺/饺子 意面/意粉/意大利面 长棍>法棍
    凤梨/菠萝 红薯/山芋/地瓜/番薯 卷心菜/包菜/包心菜/圆白菜 欧包>面包 馄饨/云吞 披萨/比萨 橘子/桔子 小笼/小笼包
    酸奶/酸牛奶 吐司/土司 芝士/奶酪 黄瓜/青瓜 尿不湿/纸尿裤/尿片/尿布 抽纸/抽取式面纸 卷纸/卫生纸/厕纸 荸荠/马蹄
    豆角/豇豆 百叶/千张 粢饭/糍饭 大排/猪大排 小排/猪小排 肋排/猪肋排 前腿/前腿肉 后腿/后腿肉 五花/五花肉
    夹心/夹心肉 鸡胸/鸡胸肉 里脊/里脊肉 牛腩/牛腩肉 牛腱/牛腱子/牛腱肉 咸鸭蛋/咸蛋
    青岛啤酒>青啤 菜籽油>菜油 葵花籽油/葵花油/葵花子油 玉米胚芽油>玉米油 吐司>切片吐司 土司>切片土司
    水果黄瓜/小黄瓜/迷你黄瓜 圣女果/小番茄/樱桃番茄/小西红柿 冰淇淋/冰激凌
    方便面/泡面 厨房纸/厨房用纸 洗洁精/洗碗精/洗碗液 洁厕液/洁厕灵/洁厕剂
    烧卖/烧麦 洋葱>葱头 洋葱>洋葱头 大蒜>蒜头 蒜>蒜头
"""


def _read_synonyms() -> dict[str, tuple[str, ...]]:
    """Word of a name → words people say for it; longer words first."""
    found: dict[str, tuple[str, ...]] = {}
    for item in _SAME_WORDS.split():
        words = item.replace(">", "/").split("/")
        for word in words[:1] if ">" in item else words:
            found[word] = tuple(other for other in words if other != word)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


_SYNONYMS = _read_synonyms()


def called_else(core: str) -> Iterable[tuple[str, str]]:
    """(name, word) with another word for the same thing: 西红柿 for 番茄."""
    for said, words in _SYNONYMS.items():
        if said in core:
            yield from ((core.replace(said, word), word) for word in words if word not in core)
