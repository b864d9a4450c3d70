"""Goods that differ by a size or a part in their name, by what they are sold, or by when they come."""

from __future__ import annotations

import pytest

from orders.chain.line.folding import fold
from orders.chain.line.wanting import read_wanted
from orders.chain.names.goods import Goods
from orders.chain.names.menu import Menu


def _menu(offers: str) -> Menu:
    """名称|规格|单位|元, separated by blanks."""
    rows = [row.split("|") for row in offers.split()]
    return Menu(
        [
            Goods(number, number, name, spec, unit, int(yuan) * 100)
            for number, (name, spec, unit, yuan) in enumerate(rows, start=1)
        ]
    )


# menu, then lines with what is read of each: number of the goods × how many; ? is asked
TABLES = {
    "红烧肉小份||份|48 红烧肉大份||份|78 米饭||盒|3 油爆虾||份|58": """
        红烧肉大1小1 米饭2 → 2×1 1×1 3×2
        红烧肉大份1 小3 → 2×1 1×3
        红烧肉大的1 → 2×1
        红烧肉大1小明 → ?
        红烧肉大1大2 → ?
        红烧肉1大1小 → ?
        红烧肉大1，油爆虾1小1 → ?
        油爆虾大1 → ?
    """,
    "草莓蛋糕4寸||份|88 草莓蛋糕6寸||份|168 巴斯克|6寸|个|58": """
        草莓4寸2个 → 1×2
        草莓蛋糕6寸1个 → 2×1
        草莓4寸1 6寸2 → 1×1 2×2
        草莓8寸1个 → ?
        草莓4寸 → ?
        巴斯克6寸2个 → 3×2
        巴斯克6寸1个4寸1个 → ?
        巴斯克6寸1个8寸1个 → ?
    """,
    "皇家猫粮2kg||包|158 皇家猫粮4.5kg||包|318 豆腐猫砂6L||包|19 豆腐猫砂整箱|8包|箱|139 冻干||罐|49": """
        大包猫粮1 → 2×1
        小包猫粮2 → 1×2
        大袋猫粮1 → ?
        猫粮1包 → ?
        猫粮2kg1包，大包1 → ?
        猫砂1箱 → 4×1
        猫砂2包 → 3×2
        猫砂8包 → ?
        豆腐猫砂2 → ?
        大包猫砂1 → ?
        冻干大包1 → ?
    """,
    "泰国椰青9个|9个|箱|79 泰国椰青单个||个|10 西瓜||个|30": """
        椰青1箱 → 1×1
        泰国椰青4个 → 2×4
        椰青9个 → ?
        椰青18个 → ?
        椰青4个1箱 → ?
        椰青2箱4个 → ?
        泰国椰青2 → ?
    """,
    "公蟹|4两|只|45 母蟹|3两|只|42 蟹粉||瓶|98": """
        4公4母 → 1×4 2×4
        蟹粉2 4公3母 → 3×2 1×4 2×3
        公4母3 → 1×4 2×3
        蟹粉2公4母 → ?
        3公2 → ?
        4公4母8只 → ?
    """,
    "好奇纸尿裤NB||份|99 好奇纸尿裤S||份|99 好奇纸尿裤M||份|105 湿巾||箱|69": """
        S码尿裤一份 → 2×1
        M码3份 S码1 → 3×3 2×1
        NB码1 → 1×1
        XL码1 → ?
        尿裤XL2 → ?
        小码尿裤1 → ?
    """,
    "鲜牛奶|200ml玻璃瓶|月|135 酸奶|160g*30瓶|月|126 蔬菜|每周5斤|周|60": """
        鲜牛奶2瓶 → 1×2
        鲜牛奶2份 蔬菜1份 → 1×2 3×1
        鲜牛奶7瓶 → ?
        鲜牛奶2个月 → ?
        鲜牛奶1瓶2月 → ?
        鲜牛奶1天1瓶 → ?
        酸奶2瓶 → ?
        蔬菜2斤 → ?
    """,
    "生蚝半打||份|32 生蚝一打||份|60 玉米||根|8": """
        生蚝一打 玉米2 → 2×1 3×2
        生蚝半打，玉米一根 → 1×1 3×1
        生蚝一打60元 → 2×1
        生蚝一打2份 → 2×2
        生蚝一打、生蚝半打各1 → 2×1 1×1
        2 生蚝一打 → ?
        玉米2生蚝一打 → ?
        生蚝一打 玉米 → ?
        生蚝一打12个 → ?
        生蚝两打 → ?
        玉米一打 → ?
    """,
    "生蚝||个|5 生蚝一打||份|60 鸡蛋一板|30枚|板|30 小排两斤||斤|30": """
        鸡蛋一板 → 3×1
        鸡蛋三板 → 3×3
        生蚝一打 → ?
        小排两斤 → ?
    """,
    "冰皮月饼|榴莲,8只|盒|168 毛巾卷|抹茶|条|32 每日坚果|25g*30包|份|89 面膜|5片*4盒|份|99": """
        榴莲冰皮2盒 → 1×2
        抹茶毛巾卷1 → 2×1
        每日坚果2盒 → 3×2
        抹茶冰皮1 → ?
        草莓毛巾卷1 → ?
        坚果1包 → ?
        面膜2盒 → ?
    """,
    "活基围虾||斤|52 活花蛤||斤|12 牛奶|950ml|瓶|15": """
        活虾2斤 → 1×2
        花甲2斤 → 2×2
        活鱼1斤 → ?
        活虾2只 → ?
    """,
    "活基围虾||斤|52 小龙虾||斤|12": "活虾2斤 → ?",
    "羊肉串||串|4 烤翅||只|7": """
        羊肉15 → 1×15
        羊肉十串 → 1×10
        羊肉2斤 → ?
        牛肉串2 → ?
    """,
    "羊肉串|10串|份|35 麻辣豆腐|300g|盒|8 麻辣鸭脖|500g|份|35 家庭装|8只|箱|99 绿叶菜套餐||份|45": """
        羊肉2 → ?
        豆腐1 → ?
        鸭脖1 → 3×1
        家廷装1箱 → 4×1
        绿叶菜套歺1 → 5×1
    """,
}


@pytest.mark.parametrize(("offers", "table"), TABLES.items())
def test_read_wanted_takes_only_what_tells_one_from_the_others(offers: str, table: str) -> None:
    menu = _menu(offers)
    rows = [row.strip().split(" → ") for row in table.strip().splitlines()]

    read = []
    for line, _expected in rows:
        wanted = read_wanted(f"\x00 {fold(line)}", menu)
        found = " ".join(f"{one.goods}×{one.quantity}" for one in wanted.lines)
        read.append([line, "?" if wanted.remarks else found])

    assert read == rows
