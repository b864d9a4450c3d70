"""Signs of a name that are no thing of that name: 葱 of 洋葱, 米 of 玉米, 油 of 蚝油. Pure."""

from __future__ import annotations

import re

OTHER_THINGS = re.compile(
    "鸡蛋(?:[面糕饼卷干汤]|仔)|[蚝豉酱辣黄奶红]油|[鸡骨肉鱼]汤|洋葱|玉米|土豆|面包|面膜|鸡精|素鸡|油[条菜麦爆桃豆]|水[果饺蜜芹]"
    "|奶[酪糖黄]|蛋[糕挞黄卷]|豆[腐浆皮沙]|酒[精酿]|果[汁冻酱]|瓜子"
)


def without_other_heads(name: str) -> str:
    """The name without signs that are no thing of that name: 葱 of 洋葱, 油 of 蚝油, 蛋 of 蛋挞, which is a 挞."""
    return OTHER_THINGS.sub(
        lambda match: match[0][1:] if match[0][0] in "蛋奶豆果酒水油" else "", name
    )
