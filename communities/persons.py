"""What is surely a person's name, and what is surely none. Pure."""

from __future__ import annotations

import re

from communities.things import is_thing, names_a_thing

_TITLES = """
    阿姨 叔叔 伯伯 爷叔 大叔 大哥 大姐 大爷 大妈 大伯 奶奶 爷爷 外婆 外公 阿婆 阿公 老伯
    先生 女士 小姐 太太 老师 医生 师傅 同学 妈妈 爸爸 宝妈 宝爸 妈 爸 姐 哥 嫂 婶 家 家里
    姨 叔 伯 总 队长 长 工 老太 爷
""".split()  # noqa: SIM905 -- words read better as words
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚"
    "邵万钱严覃武戴莫孔汤康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝"
    "包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟"
    "艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜晏席卫米柏宗瞿桂佟应臧闵苟邬封储奚昌"
    "酆廉傅湛禹狄贝伏谈茅危昝裘贲郁杭洪诸钮嵇滑荀於惠羿汲邴糜井富弓牧隗宓蓬郗班仰秋伊钭厉戎祖"
    "束幸韶郜蓟薄印宿怀邰鄂索籍赖蔺屠阴胥苍闻莘贡逄扶堵宰郦雍璩濮寿扈冀郏浦温阎慕茹习宦慎戈庾"
    "暨衡弘匡禄阙沃蔚隆厍晁勾融訾阚乜鞠巢蒯竺逯桓佘邸萧宝边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲"
    "虞敖巩池查麻苑迟邝计"
)
_DOUBLE_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "夏侯",
    "尉迟",
    "皇甫",
    "慕容",
    "司徒",
    "令狐",
    "东方",
    "端木",
)
# Surnames that begin no name of goods, as 黄, 胡, 姜, 花 do.
PURE_SURNAMES = frozenset(
    "李王张刘陈赵吴周徐孙朱郭何林罗郑梁谢宋许韩冯邓曹彭曾肖董袁潘蔡余程魏吕任卢崔谭陆汪范廖贾"
    "韦付邹孟秦邱尹薛闫段侯陶贺顾郝龚邵万钱严武戴孔施樊邢易伍庞颜倪庄聂鲁岳翟殷詹申欧耿傅"
)
# As minutes and articles call people whose names they leave out.
MASKED_NAMES = frozenset("甲乙丙丁")
# What stands in names of things to eat and use, and rarely in names of people.
FOOD = frozenset(
    "菜瓜果蛋肉面奶油鱼虾鸡鸭鹅豆菇椒薯葱蒜茶酒糖盐水饼包糕粉汤酱醋纸柠橙桃梨莓葡萄蕉枣薄荷芹菠蟹贝蛤蚝鳝骨排肠丸"
    "酪乐汽啤可咖啡巾液皂米粥饭饺馄饨馒粽笋藕耳参燕窝芝麻仁胶片条块盒袋箱瓶罐桶套餐礼品装份斤款号种类味冰雪糯腐皮"
    "馅卷饮料零食调洗洁消毒口罩试剂药"
)
_BRANDS = """
    安慕希 康师傅 蒙牛 伊利 光明 白象 海天 李锦记 王老吉 王守义 雪碧 芬达 奥利奥 德芙 洽洽
    旺旺 石榴 龙眼 莫斯利安 特仑苏 金典 元祖 六神 蓝月亮 立白 清风 维达 洁柔 高露洁 黄鱼 文蛤
    白切 马蹄 马鲛 青岛 双汇 金龙鱼 福临门 鲁花 三元 君乐宝 卫岗 味全 农夫山泉 可口可乐 百事
    杨梅 车厘子 金桔 金枪 毛肚 毛血旺 牛腩 牛柳 牛杂 牛肚 牛筋 甘蔗 甘草 高粱 麻花 花生 童车 单车 项链 包邮 连花
    康泰克 白加黑
    布洛芬 安利 舒肤佳 苏菲 徐福记 王致和 陈克明 张小泉 周黑 周大福 应季 时令 谷物 茅台 屈臣氏 方便 麻辣 简装 单人
    双人 成人
    万能 康乐 宁夏 成套 全脂 常温 平价 文具 车票 温州 汤圆 汤团 汤底 曲奇 柴火 梅干 荣昌 罗汉 雷达 白芍 管饱 解腻
    心相印 得宝 妮飘 植护 汰渍 奥妙 超能 飘柔 海飞丝 潘婷 滴露 威露士 妙洁 花王 尤妮佳 帮宝适 护舒宝 佳洁士
    统一 老干妈 恒顺 千禾 厨邦 太太乐 安井 三全 思念 湾仔
""".split()  # noqa: SIM905 -- words read better as words
# A second sign that tells of goods or places rather than of a person: 高钙, 金华, 龙口, 金丝.
_NOT_GIVEN = frozenset(
    "州东西南北京江海川湖山口陵波徽华钙筋麦心温丝脂力质色级香身体尾头底边层鲜嫩脆甜酸辣红黄白黑绿紫青大长短粗细厚"
    "薄双单全半多老新古早晚土生熟干湿冷热冻玉金银形态城镇县省乡村园厂牌品家号一二六七八九十百千万天"
)

_BRAND = re.compile("|".join(_BRANDS))
_TITLE = "|".join(sorted(_TITLES, key=len, reverse=True))
_LONG_TITLE = "|".join(sorted((t for t in _TITLES if len(t) > 1), key=len, reverse=True))
_TITLED = re.compile(f"([\u3400-\u9fffA-Za-z·.]{{1,8}}?)(?:{_TITLE})")
_PERSON = re.compile(
    f"([小老阿]?[{''.join(sorted(SURNAMES))}][\u3400-\u9fff]{{0,2}}?)(?:{_LONG_TITLE})"
)
# Whoever is called so is a person, be it 豆豆妈妈 or 米粒爸爸.
_KIN = ("妈妈", "爸爸", "奶奶", "爷爷", "阿姨", "叔叔", "外婆", "外公", "老师", "先生", "女士")
_DOUBLED = re.compile(r"([\u3400-\u9fff])\1")
_CHINESE = re.compile("[\u3400-\u9fff]+")
_MIXED = re.compile("(?=.*[\u3400-\u9fff])[\u3400-\u9fffA-Za-z]{2,8}")
# 一家三口, 两位: how many they are, which may be how many they want.
_COUNTED = re.compile("[一二两三四五六七八九十][家口人个位户份只包袋盒箱斤套]")
_NICKNAME = re.compile(r"[A-Za-z][A-Za-z._·' -]{1,24}")

# Where a name in a sentence ends: 王秀英要奶粉, 给老王.
_SAID = re.compile(r"[^\u3400-\u9fff]+|需要|[要想的说问托家给替帮和与是在]")
_RELATIVE = re.compile("[\u3400-\u9fff](?:阿姨|叔叔|奶奶|爷爷|外婆|外公)")
_SEASON = re.compile("[春夏秋冬]季")


def person_at(text: str, start: int) -> int:
    """Where 李先生, 老王师傅, 周小红阿姨 ends that begins here; 0 if there is none."""
    match = _PERSON.match(text, start)
    return match.end() if match and not is_food(match[1]) else 0


def is_name(text: str) -> bool:
    """A person, beyond doubt: a title behind it, or a surname and one or two signs that are no food; a Latin name."""
    text = text.strip()
    if is_titled(text):
        return True
    if _NICKNAME.fullmatch(text):
        return True
    if not _CHINESE.fullmatch(text) or is_food(text) or names_a_thing(text):
        return False
    for surname in _DOUBLE_SURNAMES:
        if text.startswith(surname):
            return len(text) in {3, 4}
    if text[0] in "小老阿":
        return len(text) == 2 and text[1] in SURNAMES
    return text[0] in SURNAMES and len(text) in {2, 3} and text[-1] not in "和与跟及"


def is_nickname(text: str) -> bool:
    """What may be a name where names stand, and tells neither of goods nor of an order: 若曦, 五月天, 韩小米.

    Goods that nobody knows look the same.
    """
    text = text.strip()
    if _MIXED.fullmatch(text) is None or _BRAND.search(text) or _COUNTED.search(text):
        return False
    if text[0] in PURE_SURNAMES and len(text) == 3:
        return True
    titled = _TITLED.fullmatch(text)
    return not is_thing(titled[1] if titled else text, is_surnamed=_is_surnamed(text))


def is_sure_nickname(text: str) -> bool:
    """A name wherever it stands alone: 安安, 阿菲, 汪小燕."""
    text = text.strip()
    if _CHINESE.fullmatch(text) is None or is_brand(text):
        return False
    if len(text) == 2 and (text[0] == text[1] or text[0] == "阿"):
        return not names_a_thing(text)
    return text[0] in PURE_SURNAMES and len(text) == 3 and not is_thing(text, is_surnamed=True)


def _is_surnamed(text: str) -> bool:
    return text[0] in SURNAMES and len(text) in {2, 3}


def is_plain_name(text: str) -> bool:
    """A surname and a given name that stick to goods or a number and are no word that tells of goods: 刘小西1斤."""
    text = text.strip()
    return _CHINESE.fullmatch(text) is not None and is_name(text) and text[1] not in _NOT_GIVEN


def is_titled(text: str) -> bool:
    text = text.strip()
    match = _TITLED.fullmatch(text)
    if match is None or _BRAND.search(text):
        return False
    return not is_food(match[1]) or text.endswith(_KIN) or _DOUBLED.fullmatch(match[1]) is not None


def is_food(text: str) -> bool:
    return bool(FOOD.intersection(text)) or bool(_BRAND.search(text))


def is_brand(text: str) -> bool:
    return _BRAND.fullmatch(text) is not None


def names_somebody(text: str) -> bool:
    """Whether a sentence about goods tells of a person: 王秀英要奶粉, 给李阿姨, 豆豆妈妈. Brands are nobody."""
    text = _SEASON.sub(" ", _BRAND.sub(" ", text))
    if _RELATIVE.search(text) or any(person_at(text, at) for at in range(len(text))):
        return True
    words = [word for word in _SAID.split(text) if word]
    return any(
        is_sure_nickname(word)
        or (len(word) == 2 and word[0] in "小老阿" and word[1] in PURE_SURNAMES)
        or (len(word) > 2 and word.endswith(_KIN))
        for word in words
    )
