"""What is said of home beside an order: 过敏了, 家里只有两个老人, 钱微信转了, 哪位帮忙拎进来. Pure.

Each is known as a whole clause, by how it is built; nothing in it may be on the menu.
"""

from __future__ import annotations

import re

from orders.chain.names.menu import Menu
from orders.chain.talk.courtesies import is_courtesy

FOLK = (
    "(?:我们?|家里人?|全家|自己|小孩|孩子|小朋友|宝宝|娃|老人家?|老公|老婆|老伴|爸妈|老妈|老爸|妈妈|爸爸|儿子"
    "|女儿|年纪大)"
)
_HOME = "(?:我们?家里?|家里|家中)"
_BEINGS = "(?:小孩|孩子|小朋友|宝宝|娃娃?|老人家?|大人|病人|学生|人|猫咪?|狗狗?)"
_COUNTED = re.compile(
    f"{_HOME}(?:里|就|只|还|一共|总共|有){{0,3}}(?:[一二两三四五六七八九]|[1-9])[个位口只条]{_BEINGS}(?![\\d一二两三四五六七八九十份])"
)
_ENDING = re.compile(
    "(?:真的?|都|已经|就){0,3}(?:快|马上|要){1,2}(?:没|断|见底|断粮|断顿|[吃用喝]完)了$"
)
_ILL = re.compile(
    f"(?:{FOLK}(?:都|有点|又|刚|也)?)?(?:过敏|感冒|发烧|咳嗽|拉肚子|牙疼|头疼|嗓子疼|扭伤|骨折|中暑)了"
)
_TO_DOOR = re.compile("(?:也|都|请|麻烦|帮忙|给我){0,2}送?上门(?:谢谢|吧|哦|一下)?")
_CARRIED = re.compile(
    "(?:(?:有没有|哪位|哪个|请|麻烦|有)?(?:小伙子|小伙伴|志愿者|师傅|小哥|大白|好心人)?们?)(?:能不能|能否|可以|能)?"
    "(?:请|麻烦|帮忙|帮我|帮|搭把手){1,2}[拎搬送提拿扛抬](?:进来|上来|上楼|上去|进屋|进门|到门口|到家里)(?:一下)?"
    "(?:[吗嘛]|好[吗伐]|可以吗|行吗|谢谢|多谢)?"
)
_UNABLE = re.compile(
    f"{FOLK}(?:真的?|实在|都|也){{0,2}}(?:(?:弄|搞|处理|[杀切剥])不(?:来|动|了|好)|[搬拎提]不动)的?了?"
)
_BAG = re.compile(
    "(?:请|麻烦|帮忙)?(?:要|给我?|带|附)一?个?(?P<of>袋子|手提袋|礼品袋|纸袋|小票|发票)(?:谢谢)?"
)
_COMPLAINT = re.compile(
    "(?:上次|上回)的?(?:有点)?[白青生小碎烂软硬酸老苦](?:心|皮)?的(?:太|有点|比较|蛮)?多"
)
_RIPE = re.compile("(?:要|挑|选)(?:全红|全熟|熟透|红透)的?")
_PAID = re.compile(
    "(?:(?:钱|款|红包)(?:已经?|都|也|刚)?(?:微信|支付宝|私信|私下)?|(?:微信|支付宝)(?:已经?|都|也|刚))(?:已经?)?[转付发打]过?(?:过去)?(?:给?[你您]|给?团长|给?群主)?了"
)


def without_folk(words: str) -> str:
    """With 家里有人 for 家里只有两个老人, 急用 for 快没了: that many live there, and nobody orders so many."""
    return _ENDING.sub("急用", _COUNTED.sub("家里有人", words, count=1), count=1)


def tells_of_payment(words: str) -> bool:
    """钱微信转了."""
    return _PAID.fullmatch(words) is not None


def is_said_of_home(words: str, menu: Menu) -> bool:
    """Wherever it stands."""
    if any(name in words for name in menu.words):
        return False
    if is_courtesy(words, "".join(menu.letters)):
        return True
    bag = _BAG.fullmatch(words)
    if bag is not None:
        return not any(bag["of"][-1] in one.name for one in menu.goods.values())
    forms = (_ILL, _TO_DOOR, _CARRIED, _UNABLE, _COMPLAINT, _RIPE, _PAID)
    return any(form.fullmatch(words) is not None for form in forms)
