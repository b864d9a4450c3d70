"""Words that tell of things to buy, where a person's name could stand. Pure.

A nickname beside a door may hold any sign, so that signs alone (communities.persons.FOOD) cannot tell 汪小燕 from
燕窝: nouns can, and signs that end no name.
"""

from __future__ import annotations

import re

_NOUNS = """
    白菜 青菜 生菜 花菜 菜花 西兰花 芥蓝 芹菜 韭黄 茭白 莴笋 莴苣 茼蒿 蒿菜 苋菜 空心 山药 山芋
    芋艿 芋头 红薯 地瓜 莲藕 荸荠 马蹄 马兰头 草头 香椿 娃娃 豆芽 玉米 番茄 西红柿 土豆 茄子
    青椒 辣椒 洋葱 大葱 生姜 大蒜 木耳 银耳 香菇 平菇 海带 紫菜 百合 莲子 红枣 枸杞 桂圆 龙眼
    荔枝 枇杷 杨梅 西梅 车厘子 樱桃 草莓 蓝莓 芒果 榴莲 山竹 火龙 猕猴 奇异 菠萝 凤梨 香蕉 苹果
    雪梨 香梨 鸭梨 桃子 水蜜桃 油桃 黄桃 哈密 西瓜 甜瓜 柚子 橙子 桔子 橘子 柑橘 沃柑 耙耙柑
    丑橘 柠檬 葡萄 提子 红提 青提 石榴 柿子 椰子 甘蔗 圣女 鸡蛋 鸭蛋 皮蛋 牛腩 牛腱 牛排 牛柳
    肥牛 牛肉 羊肉 羊排 羊腿 猪肉 猪蹄 猪肝 猪肚 大排 小排 肋排 排骨 里脊 五花 肉丝 肉糜 鸡翅
    鸡腿 鸡爪 鸡胸 凤爪 老鸭 鸽子 三文 带鱼 黄鱼 鲳鱼 鲈鱼 龙利 巴沙 鳕鱼 虾仁 虾滑 白虾 基围
    龙虾 螃蟹 花甲 花蛤 蛤蜊 扇贝 生蚝 鱿鱼 海参 牛奶 酸奶 奶粉 奶酪 芝士 黄油 豆浆 豆腐 豆干
    百叶 素鸡 面筋 粉丝 粉条 面条 挂面 泡面 方便面 拉面 意面 米粉 米线 年糕 汤圆 饺子 水饺 馄饨
    云吞 包子 馒头 花卷 烧卖 春卷 油条 面包 吐司 贝果 欧包 蛋糕 蛋挞 泡芙 曲奇 饼干 披萨 汉堡
    薯条 寿司 三明治 青团 粽子 月饼 麻花 桃酥 锅巴 瓜子 花生 核桃 坚果 腰果 松子 巧克力 糖果
    冰淇 雪糕 棒冰 咖啡 可乐 雪碧 芬达 果汁 汽水 奶茶 红茶 绿茶 龙井 普洱 啤酒 白酒 黄酒 红酒
    料酒 大米 糯米 黑米 小米 燕麦 面粉 酵母 白糖 食盐 味精 鸡精 酱油 生抽 老抽 香醋 蚝油 豆油
    菜油 麻油 蜂蜜 果酱 腐乳 榨菜 泡菜 火锅 底料 螺蛳 酸辣 烧烤 卤味 鸭脖 腊肉 香肠 火腿 培根
    午餐肉 罐头 燕窝 阿胶 抽纸 卷纸 纸巾 厨房纸 湿巾 纸尿 尿不湿 卫生 姨妈巾 牙膏 牙刷 漱口 香皂
    肥皂 洗衣 洗洁 洗手 洗发 沐浴 护发 护肤 面膜 口红 毛巾 拖把 扫把 垃圾袋 保鲜 手套 口罩 酒精
    消毒 抗原 体温 创可贴 布洛芬 感冒 连花 胶囊 药片 维生素 棉签 碘伏 纱布 电池 灯泡 插座 充电
    雨伞 猫砂 猫粮 狗粮 鲜花 绿植 蔬菜 水果 套餐 礼包 盲盒 组合 大份 小份 大包 小包 荷兰豆 秋葵
    蒜苗 韭菜 香菜 菠菜 油麦菜 紫甘蓝 冬瓜 南瓜 丝瓜 苦瓜 黄瓜 青豆 毛豆 蚕豆 莲雾 李子 杏 牛蛙
    甲鱼 黄鳝 泥鳅 兔肉 火鸡 鹅肝 热狗 蟹棒 鲍鱼 蛏子 青口 海蜇 裙带菜 魔芋 凉皮 凉粉 河粉 腐竹
    千页 烤麸 威化 蛋卷 沙琪玛 米花 雪饼 仙贝 海苔 肉松 肉脯 牛板筋 鸭舌 鹅翅 猪耳 大肠 腰花
    鸡胗 鸡心 毛肚 黄喉 炼乳 麦片 藕粉 芝麻糊 蛋白粉 人参 桂花 菊花 玫瑰 胖大海 决明子 蜡烛 火柴
    打火机 手电 拖鞋 袜子 内裤 毛衣 围裙 抹布 扫帚 簸箕 垃圾桶 水壶 保温杯 饭盒 筷子 勺子 砧板
    菜刀 剪刀 胶带 绳子 纸箱 电风扇 电饭煲 微波炉 吹风机 剃须刀 指甲钳 梳子 镜子 面霜 眼霜 精华
    香水 防晒 爽肤水 碘酒 红花油 风油精 清凉油 眼药水 退烧贴 温度计 血压计 退热药 止咳糖浆
    阿莫西林 猫条 鱼食 花盆 花土 肥料 种子 玩具 积木 画笔 作业本 橡皮 尺子 尿片 奶嘴 奶瓶 米糊
    辅食 益生菌 钙片 鱼油 米酒 雪茄 香烟 打印纸 硒鼓 耳机 数据线 帽子 面屏 防护服 百岁山 十三香
    千张 提拉米苏 捆绑带 水芹 上海青 鱼丸 小笼包 生煎 法棍 可颂 薏仁 老干妈 肉丸 丸子 油豆 干贝
    章鱼 墨鱼 河虾 牡蛎 金枪鱼 鸭血 羊蝎子 萝卜 芦笋 竹笋 冬笋 豌豆 扁豆 豇豆 刀豆 荠菜 马齿苋
    折耳根 香蒜 藠头 菱角 慈菇 白玉菇 海鲜菇 茶树菇 竹荪 藜麦 荞麦 高粱 豆沙 桂冠 糍粑 粢饭 烧麦
    锅贴 肉夹馍 凉茶 椰汁 酸梅汤 电饼铛 电蚊香 杀虫剂 樟脑丸 空调 冰箱 暖宝宝 热水袋 枕头 被子
    床单 毛毯 地垫 衣架 挂钩 收纳 水桶 脸盆 马桶 花露水 护手霜 唇膏 隔离霜 卸妆 化妆棉 剃刀 发膜
    染发 牙线 牙贴 奶昔 布丁 果冻 龟苓膏 双皮奶 蛋黄酥 绿豆糕 定胜糕 条头糕 方糕 松糕 米糕 发糕
    千层 慕斯 铜锣烧 车轮饼 叉烧 烧鹅 烤鸭 白斩 盐水鸭 夫妻肺片 口水鸡 毛血旺 水煮鱼 酸菜鱼
    小炒肉 便当 盒饭 炒饭 炒面 拌面 米饭 草鱼 鲫鱼 鳊鱼 黑鱼 鳜鱼 鲢鱼 鲤鱼 鱼头 牛尾 树莓 桑葚 薏米 咖喱 柔顺剂
    优酪乳 八爪鱼 八角 花椒 桂皮 香叶 茴香 陈皮
    关东煮 麻辣烫 马卡龙 牛轧糖 牛角包 麦芬 花椒 花蟹 甘草 金针菇 葛根 柳橙 龙须面 贝柱 包菜 娃娃菜 羊角蜜 手抓饼
    百香果 释迦果 芭乐 沙田柚 皇冠梨 香干 瑞士卷 雪媚娘 夏威夷果 巴旦木 苏打水 矿泉水 漂白水 尿垫 蒙脱石 绿萝
""".split()  # noqa: SIM905 -- words read better as words
# Signs that end or fill the name of a thing and hardly ever a person's.
_HARD = frozenset(
    "菜瓜蛋肉面奶油虾鸡鸭鹅豆菇椒薯葱蒜茶酒糖盐饼糕粉汤酱醋纸柠橙蕉枣菠蟹蛤蚝骨肠酪汽啤啡巾液"
    "皂粥饭饺饨馒粽笋藕胶盒袋箱瓶罐桶餐装份斤腐皮馅饮料片条块膏霜锅煲壶杯碗盆票券卡线灯电砂粮"
    "布毯"
)
# Words of whoever says something about an order, where a nickname could stand as well.
_SAID = frozenset(
    "不没别无换退漏错忘昨今明前后给让请谁问补隔邻对门楼单同改取消减全都各再还订买急帮代替付转"
    "钱元价号室户址约或等暂先是否了吗呢吧啊哦嗯另也这那"
)
_WORDS = frozenset(_NOUNS)
_THINGS = re.compile("|".join(map(re.escape, _NOUNS)))


def is_noun(text: str) -> bool:
    """A word for a thing, and no sign more."""
    return text in _WORDS


def names_a_thing(text: str) -> bool:
    """One of the nouns stands in it."""
    return _THINGS.search(text) is not None


def ends_as_a_thing(text: str) -> bool:
    """放心肉, 切糕: the last sign is one that hardly ever ends anything but a thing."""
    return text[-1:] in _HARD


def says_something(text: str) -> bool:
    """晚了, 不贵: a sign stands in it that people use about an order, and hardly in a name."""
    return bool(_SAID.intersection(text))


def is_thing(text: str, *, is_surnamed: bool = False) -> bool:
    """Something to buy, or talk of it, stands in these words. `is_surnamed`: the first sign may be a surname."""
    if _THINGS.search(text):
        return True
    rest = text[1:] if is_surnamed else text
    return bool(_HARD.intersection(rest)) or (not is_surnamed and bool(_SAID.intersection(rest)))
