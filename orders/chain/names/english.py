"""Goods as neighbours from abroad write them: eggs, oat milk. Only words that are nobody's nickname. Pure."""

from __future__ import annotations

from collections.abc import Mapping

# As in kinds: any of the signs in a name makes the goods one of these.
_WORDS = """
    egg=鸡蛋/草鸡蛋/土鸡蛋/蛋 milk=牛奶/鲜奶/纯奶/奶 oat_milk=燕麦奶 soy_milk=豆浆/豆奶 yogurt=酸奶 yoghurt=酸奶
    bread=面包/吐司/欧包/餐包/法棍 bagel=贝果 croissant=可颂/牛角 cheese=奶酪/芝士 butter=黄油 coffee=咖啡
    coffee_bean=咖啡豆 noodle=面条/拉面/挂面/面 rice=大米/米 flour=面粉 tofu=豆腐
    beef=牛肉/牛腩/牛腱/牛排/肥牛 pork=猪肉/五花/大排/小排/肋排
    chicken=鸡 shrimp=虾 fish=鱼 potato=土豆/马铃薯/薯 tomato=番茄/西红柿 carrot=胡萝卜 cucumber=黄瓜 onion=洋葱
    cabbage=卷心菜/包菜/白菜/甘蓝 vegetable=菜 banana=香蕉/蕉 orange=橙/橘/桔 grape=葡萄/提子/提
    strawberry=草莓 watermelon=西瓜/麒麟瓜 pizza=披萨/比萨 dumpling=饺/饺子 wonton=馄饨/云吞 burger=汉堡
    mask=口罩 tissue=纸巾/抽纸/面纸 beer=啤酒 avocado=牛油果
"""


def _table() -> dict[str, tuple[str, ...]]:
    pairs = (item.partition("=") for item in _WORDS.split())
    return {word.replace("_", " "): tuple(names.split("/")) for word, _sign, names in pairs}


ENGLISH = _table()


def english_names(names: Mapping[int, str]) -> dict[str, set[int]]:
    """English words, one or many of the thing, with the keys of the goods that they could mean."""
    found: dict[str, set[int]] = {}
    for word, signs in ENGLISH.items():
        keys = {key for key, name in names.items() if any(sign in name for sign in signs)}
        if keys:
            for form in (word, f"{word}s", f"{word}es", f"{word[:-1]}ies"):
                found[form] = keys
    return found
