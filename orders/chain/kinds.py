"""What a noun or a picture can mean besides the thing that bears its name: 西瓜 is 麒麟瓜 too, 🍕 is 披萨. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# Kinds of one thing that do not bear its name.
_KINDS = """
    西瓜=西瓜/麒麟瓜/8424/早春红玉/特小凤 葡萄=葡萄/阳光玫瑰/巨峰/夏黑/红提/青提/黑提/提子
    苹果=苹果/富士/嘎啦/花牛/冰糖心/蛇果 橙子=橙 橘子=橘/桔/沃柑/耙耙柑/丑八怪/椪柑/柑
    桃子=水蜜桃/黄桃/油桃/蟠桃/毛桃/白桃
    梨=梨 瓜=瓜 樱桃=樱桃/车厘子 菠萝=菠萝/凤梨 大米=大米/香米/粳米/五常/长粒香/珍珠米
    番茄=番茄/西红柿/圣女果/千禧 土豆=土豆/马铃薯
    红薯=红薯/地瓜/山芋/番薯 青菜=青菜/上海青/鸡毛菜/小白菜/菜心/油菜
    蔬菜包=蔬菜/叶菜/时蔬/素菜 粽子=粽 包子=包 饼=饼 面=面 牛奶=牛奶/鲜奶/纯奶/特仑苏/金典
    酸奶=酸奶/酸牛奶/安慕希/莫斯利安/优诺
    面包=面包/吐司/贝果/欧包/可颂/餐包 馄饨=馄饨/云吞/抄手 饺子=饺
    猪肉=猪肉/猪腿/猪排/猪蹄/猪小/猪大/猪前/猪后/五花/前腿/后腿/里脊/大排/小排/肋排/肉糜/夹心
    牛肉=牛肉/牛腩/牛腱/牛排/牛柳/肥牛/牛尾/牛小/牛里/牛霖/牛筋/牛羊
    鸡肉=鸡腿/鸡翅/鸡胸/鸡爪/三黄鸡/老母鸡/童子鸡 羊肉=羊 鸭肉=鸭 鱼=鱼 虾=虾 米=米 油=油 蛋=蛋 纸=纸
    纸巾=抽纸/面纸/卷纸/卫生纸/纸巾/厨房纸 可乐=可乐/可口/百事 口罩=口罩/N95/n95
"""
# Of these nouns nobody takes one kind for another thing: the only 橙 on a menu is 橙子.
SAME = (
    *("西瓜", "葡萄", "苹果", "橙子", "橘子", "菠萝", "番茄", "土豆", "红薯", "酸奶"),
    *("馄饨", "饺子", "可乐", "口罩", "桃子"),
)
_PICTURES = """
    🍕=披萨/比萨 🥤=可乐/饮料/汽水/奶茶/果汁 🥚=蛋 🥛=奶 🍎=苹果/富士/嘎啦/花牛/冰糖心/蛇果
    🍏=苹果/富士/嘎啦/花牛/冰糖心/蛇果 🍊=橘/桔/沃柑/耙耙柑/丑八怪/椪柑/柑/橙 🍋=柠檬 🍌=蕉
    🍉=瓜/8424 🍇=葡萄/阳光玫瑰/巨峰/夏黑/红提/青提/黑提/提子 🍓=草莓 🍒=樱桃/车厘子 🍑=桃 🥭=芒果
    🍍=菠萝/凤梨 🥝=猕猴桃/奇异果 🍅=番茄/西红柿/圣女果/千禧 🍆=茄 🥔=土豆/马铃薯 🥕=萝卜 🌽=玉米
    🥒=瓜 🥬=菜 🥦=西兰花/花菜 🍄=菇
    🥖=长棍/法棍/面包/欧包 🧀=奶酪/芝士 🥩=牛/猪/羊/肉 🧅=洋葱 🧄=蒜 🥑=牛油果 🫐=蓝莓 🍪=饼干/曲奇
    🥜=花生 🧈=黄油 🥫=罐头/午餐肉 🧼=皂/洗手液
    🍞=面包/吐司/贝果/欧包/可颂/餐包
    🥐=面包/吐司/贝果/欧包/可颂/餐包 🍰=蛋糕/蛋挞/慕斯 🐔=鸡 🍗=鸡
    🐷=猪/五花/前腿/后腿/里脊/大排/小排/肋排/肉糜/夹心 🐮=牛 🐟=鱼/鳕 🦐=虾 🦀=蟹
    🥟=饺/馄饨/云吞 🍚=米 🍜=面 🍺=啤酒 🧻=纸 😷=口罩
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Word → words that may stand for it in a name."""
    pairs = (item.partition("=") for item in text.split())
    return {word: tuple(names.split("/")) for word, _sign, names in pairs}


KINDS = _table(_KINDS)
PICTURES = _table(_PICTURES)


def kinds_of(names: Mapping[int, str]) -> dict[str, set[int]]:
    """Nouns that could mean several of these things, by key."""
    found: dict[str, set[int]] = {}
    for noun, words in KINDS.items():
        keys = {key for key, name in names.items() if any(w in name for w in words)}
        if len(keys) > 1:
            found[noun] = keys
    return found
