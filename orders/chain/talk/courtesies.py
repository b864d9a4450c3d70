"""Cheers, how a household is, when and where: 冲冲冲, 3Q, 家有孕妇, 大概几点到, 能放门口吗. Pure.

Whole clauses, which order nothing wherever they stand.
"""

from __future__ import annotations

import re

_WHOM = "(?:团长|群主|楼长|组长|志愿者|师傅|大家|你们|您|大白)们?"
_CHEER = re.compile(
    f"(?:冲{{1,4}}|跪求|求{{1,3}}了|爱你们?|么{{2}}哒|(?:来)?[捧凑]个?(?:场|热闹)|我?们?也?来?支持一下|支持团长|3[qQ]"
    f"|{_WHOM}?(?:最棒|真棒|太棒|棒{{1,3}}|[真太]?给力|威武|万岁|最好|加油|[太真]好))(?:了|啦|呀|哈|哦|的){{0,2}}"
)
_ILLNESS = (
    "(?:糖尿病|高血[压糖脂]|三高|乳糖不耐受?|痛风|胃病|尿毒症|过敏体质|忌口多?|行动不便|腿脚不便)"
)
_HOUSE = "(?:孕妇|产妇|病人|老人|老人家|宝宝|孩子|小孩|婴儿|学生|残疾人|考生)"
_FACT = re.compile(
    f"(?:我?家里?|家中|我们家)(?:还|都|就|也)?有(?:个|一个)?{_HOUSE}|(?:我?家里?|家中)?{_HOUSE}?(?:有点?|是)?{_ILLNESS}"
    "|退休(?:老)?(?:教师|医生|工人|干部|职工)"
)
_EATEN = re.compile(
    "(?:我?家?里?的?)(?:老[妈爸公婆伴]|爸爸?|妈妈?|爷爷|奶奶|老人家?|小孩|孩子|宝宝|儿子|女儿|闺女)(?:最|就|特别|也|都)?(?:爱|喜欢|点名要|想)(?:吃|喝)?的"
)
_MEAL = re.compile("(?:用来)?当(?:早[饭餐]|[午晚中][饭餐]|夜宵|点心|零食|下酒菜|宵夜)的?吃?的?")
_PARTY = re.compile(
    "(?:今[天晚]|明[天晚]|后天|周末|周[一二三四五六日]|中午|晚上|家里){1,2}要?(?:请客|聚餐|聚会|开派对|招待客人|待客|野餐)的?用?"
)
_WHEN = re.compile(
    "(?:请?问)?(?:大概|大约|一般)?(?:今[天晚]|明[天早晚])?(?:几点|[什啥]么?时候?|哪天)钟?(?:能|可以|会)?(?:到货?|送到?|来|发货?|拿|取)(?:[呀啊呢哦]|的呢?)?"
)
_WHERE = re.compile(
    "(?:可以|能|能不能|可不可以)(?:帮忙|帮我)?(?:放|挂|搁|摆)(?:在|到)?(?:我?家?门口|快递柜|丰巢|门卫室?|保安室?|物业|楼下|鞋柜|奶箱|电表箱|架子|门把手)[上里处那]?(?:[吗嘛么]|好吗|可以吗)?"
)
_INVOICE = re.compile("(?:可以|能|能不能|麻烦|请)?开个?张?(?:发票|收据)(?:[吗嘛么]|谢谢)?")
_DATE = re.compile(
    "(?:麻烦|请)?(?:生产)?(?:日期|保质期|效期)(?:要|挑|选|尽量)?(?:新鲜?|好|长|近)一?点?儿?的?(?:谢谢)?"
)
_FORMS = (_CHEER, _FACT, _EATEN, _MEAL, _PARTY, _WHEN, _WHERE, _INVOICE, _DATE)


def is_courtesy(words: str, letters: str) -> bool:
    """`letters`: those of the menu, where 3Q may be three of Q."""
    if words[-1:].lower() in letters.lower() and words[-1:].isascii():
        return False
    return any(form.fullmatch(words) is not None for form in _FORMS)
