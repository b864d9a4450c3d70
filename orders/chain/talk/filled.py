"""What tells that an order is needless, filled elsewhere, or that nobody is at home to take it. Pure.

邻居给了, 我爱人报过了, 药找到了, 不烧了, 去方舱了, 我单独下单了: asked about wherever it stands.
"""

from __future__ import annotations

import re

_SOMEBODY = "(?:邻居|隔壁|对门|朋友|亲戚|同事|同学|闺蜜|人家|别人|有人|好心人|居委会?|单位|公司|社区|街道|楼长|志愿者)"
_FILLED = re.compile(
    f"{_SOMEBODY}(?:已经?|都|也|刚|又){{0,2}}(?:给|送|发|借|寄|匀|分|支援)(?:我们?|过来|来)?(?:一?[盒份板些点袋])?了$"
    "|[找借凑匀]到(?:一?[盒份板些点袋])?了?$|[报填团]过了?$|家?(?:里|中)?已有$|^已经?有了?$"
    "|(?:单独|另外|自己|我)(?:已经?|也)?下(?:过|好)?单|待付|未支付"
    # well again
    "|不(?:烧|咳|疼|痛|难受|发烧|咳嗽)了$|退烧了$|^(?:已经?|都|全|病|烧|感冒|咳嗽|身体|家里人?)*好了$|康复了$|转阴了$"
    # away from home
    "|方舱|(?:拉|转运|隔离)走|(?:去|被|要|在)(?:酒店|宾馆|外面?)?隔离(?:点|酒店)?(?:去|走)?了$|隔离去了?$|转运了?|回(?:老家|乡下|娘家)|(?<!刚)住院[去了]"
    # thought better of, given, shared
    "|^(?:有点|实在|还是)?太[大小多]了$|^(?:赠)?送的$"
    # of those around
    "|(?<!红包)(?<!截图)(?<!定位)(?<!钱)(?<!信)已(?:送|发|截)[到达完出单货]?$",
)

# 以上已送, --以下是昨天的--: of another day, or delivered.
_DIVIDES = re.compile(
    "^[-—~=* (]*以[上下](?:的|都|全|是|为|已经?){0,3}(?:[昨前今明后]天|[上下][周批次]|[送发漏旧]|作废|不算|无效)"
)


def divides(words: str) -> bool:
    """A line between entries says that those above or below are of another day or done with."""
    return _DIVIDES.search(words) is not None


def is_needless(words: str) -> bool:
    return _FILLED.search(words) is not None or divides(words)
