"""Talk behind an order, known by its small words: of handing over, of who eats it, of when. Pure.

In 放一楼就行, 要母的 and 给志愿者喝的 nothing is ordered and nothing taken back. What could order, change or refuse,
what counts and what names a thing is no aside.
"""

from __future__ import annotations

import re

FOLK = (
    "(?:小孩|孩子|小朋友|宝宝|小宝|娃|老人|老人家|爸妈|爷爷奶奶"
    "|家里人|家人|老公|老婆|朋友|同事|亲戚|客人|儿子|女儿|孙子|孙女)"
)
TOLD = re.compile(
    f"(?:给?我?家?的?{FOLK}(?:们|都|最|很|今天)?(?:放假|回来|回家|来|来玩|来做客|爱吃|喜欢|喜欢吃|要吃|吃|喝|用|在家|馋|生日)[了的]?)"
    "|(?:周末|过年|过节|自己|自家|招待)?(?:走亲戚|送人|送礼|待客|招待客人|招待朋友|请客|聚餐|聚会|野餐|露营)[吃喝用]?的?"
    "|腿脚不便|腿脚不好|腿脚不方便|行动不便|行动不方便|(?:上次|以前|之前)?(?:买)?(?:的)?(?:质量|味道)?(?:很|真|超|太|特别|蛮|挺|都)?(?:好吃|不错|好用|新鲜|满意|灵)(?:了)?(?:的)?"
    "|(?:家里|上次的|都|已经|快|马上){0,2}(?:吃|用|喝)(?:完|光)了|新(?:搬来|来)的?(?:邻居)?"
    "|好期待|期待|支持(?:一下|团长|邻居)?|第一次(?:参团|接龙|买)|终于(?:开团|等到)了?|馋了|天热|天气热"
)
