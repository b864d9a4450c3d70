"""What a noun or a picture can mean besides the thing that bears its name: 西瓜 is 麒麟瓜 too, 🍕 is 披萨. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orders.chain.names.heads import OTHER_THINGS

# Kinds of one thing that do not bear its name.
_KINDS = """
    西瓜=西瓜/麒麟瓜/8424/早春红玉/特小凤 葡萄=葡萄/阳光玫瑰/巨峰/夏黑/红提/青提/黑提/提子
    苹果=苹果/富士/嘎啦/花牛/冰糖心/蛇果 橙子=橙 橘子=橘/桔/沃柑/耙耙柑/丑八怪/椪柑/柑
    桃子=水蜜桃/黄桃/油桃/蟠桃/毛桃/白桃
    梨=梨 瓜=瓜 樱桃=樱桃/车厘子 菠萝=菠萝/凤梨 芒果=芒 柚子=柚/文旦 椰子=椰子/椰青/椰皇 螃蟹=蟹
    大米=大米/香米/粳米/五常/长粒香/珍珠米/田米/贡米/丝苗/稻花香/新米/软米
    番茄=番茄/西红柿/圣女果/千禧 土豆=土豆/马铃薯
    红薯=红薯/地瓜/山芋/番薯 青菜=青菜/上海青/鸡毛菜/小白菜/菜心/油菜
    蔬菜包=蔬菜/叶菜/时蔬/素菜 粽子=粽 包子=包 饼=饼 面=面 牛奶=牛奶/鲜奶/纯奶/特仑苏/金典
    酸奶=酸奶/酸牛奶/安慕希/莫斯利安/优诺
    面包=面包/吐司/贝果/欧包/可颂/餐包 馄饨=馄饨/云吞/抄手 饺子=饺
    猪肉=猪肉/猪腿/猪排/猪蹄/猪小/猪大/猪前/猪后/五花/前腿/后腿/里脊/大排/小排/肋排/肉糜/夹心
    牛肉=牛肉/牛腩/牛腱/牛排/牛柳/肥牛/牛尾/牛小/牛里/牛霖/牛筋/牛羊
    鸡肉=鸡腿/鸡翅/鸡胸/鸡爪/三黄鸡/老母鸡/童子鸡 羊肉=羊 鸭肉=鸭 油=油 蛋=蛋 纸=纸
    水=水/泉/怡宝/百岁山/依云/冰露/娃哈哈/饮料
    肉=肉/大排/小排/肋排/猪排/牛排/羊排/蹄髈/蹄膀/五花/里脊/夹心/牛腩/牛腱/牛柳/肥牛/羔羊/鸡腿/鸡胸/前腿/后腿
    菜=菜/菇/笋/瓜/茄/椒/芹/韭/苋/茼蒿/菠/西兰花/萝卜/土豆/豆角/豇豆/生菜/上海青/草头/米苋/豌豆尖/山药
    果=果/瓜/桃/梨/橙/橘/桔/柑/莓/葡萄/提/荔枝/枇杷/蕉/樱桃/车厘子/柚/芒/榴莲/李/杏/石榴/枣
    奶=奶/特仑苏/金典/安慕希/莫斯利安/优诺/养乐多/炼乳 酒=酒/茅台/五粮液/花雕/青啤/百威/雪花/女儿红/石库门/红标
    茶=茶/龙井/普洱/铁观音/乌龙/碧螺春/毛峰/大红袍/毛尖/茉莉 面=面/意粉/乌冬/通心粉/米线/河粉
    鱼=鱼/鲳/鲈/鳕/三文/鳗/鲫/鲤/鳜/龙利/巴沙/多宝/秋刀 虾=虾/基围/龙虾/小青龙
    鸡=鸡/凤爪/三黄/乌骨/童子 米=米/五常/长粒香/丝苗/稻花香/粳
    鸡蛋=鸡蛋/散养蛋/土蛋/草蛋/柴蛋/笨蛋/可生食蛋/无菌蛋/初生蛋/谷物蛋/虫草蛋/山林蛋/农家蛋/本地蛋/新鲜蛋
    尿不湿=纸尿裤/拉拉裤/纸尿片/尿不湿/尿片/尿裤 湿纸巾=湿巾/湿纸巾
    纸巾=抽纸/面纸/卷纸/卫生纸/纸巾/厨房纸 可乐=可乐/可口/百事 口罩=口罩/N95/n95
"""
# Of these nouns nobody takes one kind for another thing: the only 橙 on a menu is 橙子.
SAME = (
    *("西瓜", "葡萄", "苹果", "橙子", "菠萝", "番茄", "土豆", "红薯", "酸奶"),
    *("馄饨", "饺子", "可乐", "口罩", "桃子", "鸡蛋", "芒果", "柚子", "椰子", "螃蟹"),
)
# Short for several, like the nouns above.
_ALSO = {"鲜奶": ("鲜奶", "鲜牛奶"), "纯奶": ("纯奶", "纯牛奶")}
# Of these only what bears the word itself is taken for it: 耙耙柑 is no 橘子, 圣女果 no 番茄.
OWN = {"橘子": ("橘", "桔"), "番茄": ("番茄", "西红柿")}
_PICTURES = """
    🍕=披萨/比萨 🥤=可乐/饮料/汽水/奶茶/果汁 🥚=蛋 🥛=奶 🍎=苹果/富士/嘎啦/花牛/冰糖心/蛇果
    🍏=苹果/富士/嘎啦/花牛/冰糖心/蛇果 🍊=橘/桔/沃柑/耙耙柑/丑八怪/椪柑/柑/橙 🍋=柠檬 🍌=蕉
    🍉=瓜/8424 🍇=葡萄/阳光玫瑰/巨峰/夏黑/红提/青提/黑提/提子 🍓=草莓 🍒=樱桃/车厘子 🍑=桃 🥭=芒
    🍍=菠萝/凤梨 🥝=猕猴桃/奇异果 🍅=番茄/西红柿/圣女果/千禧 🍆=茄 🥔=土豆/马铃薯 🥕=萝卜 🌽=玉米
    🥒=瓜 🥬=菜 🥦=西兰花/花菜 🍄=菇
    🥖=长棍/法棍/面包/欧包 🧀=奶酪/芝士 🥩=牛/猪/羊/肉 🧅=洋葱 🧄=蒜 🥑=牛油果 🫐=蓝莓 🍪=饼干/曲奇
    🥜=花生 🧈=黄油 🥫=罐头/午餐肉 🧼=皂/洗手液
    🍞=面包/吐司/贝果/欧包/可颂/餐包
    🥐=面包/吐司/贝果/欧包/可颂/餐包 🍰=蛋糕/蛋挞/慕斯 🐔=鸡 🍗=鸡
    🐷=猪/五花/前腿/后腿/里脊/大排/小排/肋排/肉糜/夹心 🐮=牛 🐟=鱼/鳕 🦐=虾 🦀=蟹
    🍐=梨 🍠=红薯/地瓜/番薯 🥥=椰 🌰=栗 🦞=龙虾 🦑=鱿 🍤=虾 🍩=甜甜圈 🎂=蛋糕 🍦=冰淇淋/雪糕 🧃=果汁 🌶=椒
    🥓=培根 🌭=热狗 🍔=汉堡 🍟=薯条 🥗=沙拉 🍙=饭团 🍯=蜂蜜 🍵=茶 ☕=咖啡 🍷=红酒/葡萄酒
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
    for noun, words in (KINDS | _ALSO).items():
        bare = {key: OTHER_THINGS.sub("", name) for key, name in names.items()}
        keys = {key for key, name in bare.items() if any(w in name for w in words)}
        if len(keys) > 1:
            found[noun] = keys
    return found


def is_of_a_kind_with(word: str, names: Iterable[str]) -> bool:
    """土豆 among vegetables, 桃子 among fruit: what the word is, others on the menu are too."""
    head = word.rstrip("子")
    kinds = [
        words
        for words in KINDS.values()
        if any(head.endswith(w.rstrip("子")) for w in words if w != "果")
    ]
    return any(word in name for name in names for words in kinds for word in words)
