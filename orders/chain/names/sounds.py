"""Which signs sound alike: 虾人 is 虾仁, 土司 is 吐司. Pure.

GB 2312 has its common signs in the order of their sounds; the first sign of each sound is all one has to know.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

_FIRST = (
    "啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻捕擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹春戳疵聪凑粗蹿摧村磋搭呆耽当刀德蹬堤颠碉跌丁丢东兜督端堆墩掇蛾恩而发藩坊"
    "菲芬丰佛否夫噶该干冈篙哥给根耕工钩辜刮乖棺光瑰辊锅哈骸酣夯壕呵嘿痕哼轰喉呼花槐欢荒灰荤豁击嘉歼僵蕉揭巾荆炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸块宽匡亏坤括垃莱蓝琅"
    "捞勒雷棱厘俩联粮撩列琳玲溜龙楼芦驴峦掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸谋拇拿氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女暖虐挪哦欧啪拍攀乓抛呸喷砰坯篇飘撇拼乒坡"
    "剖扑期掐牵枪橇切钦青琼秋趋圈缺裙然瓤饶惹壬扔日戎揉茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松搜苏酸虽孙蓑塌胎坍汤掏特藤梯天挑贴厅通偷凸湍"
    "推吞拖挖歪豌汪威瘟嗡挝巫昔瞎掀相萧楔薪星兄休墟轩靴勋压焉殃邀椰一茵英哟拥幽迂鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中舟珠抓拽专桩椎谆捉兹鬃邹租钻嘴尊昨"
)
_FIRST_RARE, _COMMON = b"\xd8\xa1", b"\xb0\xa1"
# Signs of food that are not among the common ones, each before one that sounds like it.
_RARE = """
    鹌安 鹑春 粿果
    咖卡 啡非 妃菲 孜资 怡一 杞期 杷啪 枇坯 枸钩 柚幽 栀之 桔局 椪砰 楂渣 榛真 榨炸 橘鞠 沐拇 淇期 炖盾 煲苞 猕眯 琪期
    町厅 禧昔 簸玻 粑巴 粢兹 粳经 粽鬃 糌簪 糍疵 糯诺 耙巴 胗珍 脯府 腩南 腱歼 膀旁 艿氖 芙夫 芡欠 芥借 苋掀 苓玲 苣鞠
    茉摸 茭蕉 茼通 荔利 荞橇 荠击 荪孙 荸逼 莉利 莓玫 莴挝 菇姑 菱玲 萃翠 蒟举 蒿壕 蓉容 蕨决 薏一 薯鼠 藜厘 藠蕉 蚝壕
    蛎厘 蛏撑 蛤格 蛳斯 蜇遮 蜊厘 螃乓 蟠攀 豇僵 豉师 週舟 酯芝 酱降 醪劳 铛当 饨吞 饺角 馄荤 馅现 馍摸 髈邦 鱿幽 鲅霸
    鲈芦 鲨莎 鲫击 鲳昌 鳅秋 鳕靴 鳗瞒 鳜瑰 鳝珊 麒期 麟琳 麸夫 俳排
""".split()  # noqa: SIM905 -- words read better as words
# Sounds that many do not tell apart: sa and sha, lan and nan, xin and xing.
_NEAR = """
    鞍肮 斑邦 奔崩 彬兵 擦插 猜拆 餐苍搀昌 操超 厕车 层郴撑 吃疵 充聪 抽凑 初粗 川疮蹿
    吹摧 春村 戳磋 耽当 藩坊 芬丰 干冈 根耕 棺光 酣夯 痕哼 欢荒 歼僵 巾荆 刊康 肯坑
    宽匡 垃拿 莱氖 蓝琅南囊 捞挠 厘妮 联粮蔫娘 撩鸟 列捏 琳玲您柠 溜牛 龙脓 芦奴 驴女
    峦暖 掠虐 萝挪 瞒芒 门萌 民明 嫩能 攀乓 喷砰 拼乒 牵枪 钦青 然瓤 壬扔 撒莎 腮筛
    三桑珊墒 搔梢 瑟奢 森僧砷声 师斯 收搜 蔬苏 栓霜酸 谁虽 吮孙 说蓑 坍汤 豌汪 瘟嗡 掀相
    薪星 焉殃 茵英 匝扎 栽摘 咱赃瞻樟 遭招 责遮 怎增珍蒸 芝兹 中鬃 舟邹 珠租 专桩钻 椎嘴
    谆尊 捉昨
""".split()  # noqa: SIM905 -- words read better as words
_LIKE = {pair[0]: pair[1] for pair in _RARE}
_STARTS = [sign.encode("gb2312") for sign in _FIRST]


@cache
def sound(sign: str) -> int:
    """The number of a sign's sound; 0 where it is not known."""
    try:
        code = _LIKE.get(sign, sign).encode("gb2312")
    except UnicodeEncodeError:
        return 0
    return bisect_right(_STARTS, code) if _COMMON <= code < _FIRST_RARE else 0


def sound_alike(one: str, other: str) -> bool:
    """Two signs that are not the same, with one sound."""
    return one != other and sound(one) > 0 and sound(one) == sound(other)


def sound_near(one: str, other: str) -> bool:
    """Two signs whose sounds are the same, or such that many do not tell apart."""
    first, second = sound(one), sound(other)
    return one != other and min(first, second) > 0 and _near(first) == _near(second)


@cache
def _near(number: int) -> str:
    sign = _FIRST[number - 1]
    return next((group for group in _NEAR if sign in group), sign)
