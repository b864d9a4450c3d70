"""Words of chat lists that are neither goods nor names nor numbers: courtesies, changes of mind, doubts. Pure."""

from __future__ import annotations

import re

_WORDS = {
    "cancel": """
        cancel remove delete del cancelled 取消 不要了 不要 退掉 退了 退订 退单 撤销 撤回 删掉 删除 作废 划掉 不订了
        不订 不买了
        不买 算了 别要 不需要 不用了 退出
    """,
    "change": """
        change changed instead swap replace 改成 改为 改 换成 换 更正 修改 更新 变成 减到 加到 减 少
    """,
    "add": """
        add another extra more 再加 再来 再要 再订 再 追加 另加 多加 多要 加订 补 又 加
    """,
    "each": """
        each 各来 各要 各订 各 每样来 每种来 一样来 每样 每种 每个 均 都
    """,
    "all": """
        全要 都要 全部 全套 所有 每样都
    """,
    "except": """
        除了 除去 除开
    """,
    "rest": """
        其他的 其它的 其余的 别的 其他 其它 其余 剩下的 以外 之外
    """,
    "same": """
        same ditto 同上 一样 同楼上 跟上面 同前 〃 照旧 老样子 老规矩 照老规矩 照常 惯例
    """,
    "half": """
        half 半
    """,
    "claim": """
        已付款 已付钱 已付 已转账 已转 已支付 已交 转了 付了 款已付 钱已转 红包已发 已发红包
        收款 已微信 微信转 微信已转 支付宝 付清 结清 已结 已打款 打款
        已红包 付款 paid
    """,
    "question": """
        any anyone ? 吗 能不能 可不可以 可以不 还有没有 多少 几 啥 什么
    """,
    "for": """
        代订 代买 代 帮忙 帮 替 转给 送给
    """,
    "unsure": """
        maybe perhaps unsure confirm tbc tbd if either or unless depends not don't dont skip wait later
        有的话 有货的话 的话 占位 占个位 占坑 等通知 可能 也许 估计 不确定 不一定 未定 看情况 考虑 或许 说不定
        万一 要是 拿不准 再说 预留 留着 犹豫 想想
        左右 大概 大约 或者 或 要么 最好 如果 没有的话 没有就 尽量 差不多 以内 至少
        最多 起码 以上 不够 缺 待定 看看 等 先 暂
        如有 如无 如没 如不 如能 如可 如缺 若有 若无 若没 若不 若能 若可 若是 若缺
    """,
    "filler": """
        多谢 谢啦 感恩 拜托 帮我订 帮我登记 帮我填 帮我报 帮我接 帮我 给我 本户 咱家 志愿者们 志愿者 大家 各位
        我也来 我也要 我也 也来 也要 合计 总计 共计 一共 总共
        我们家要 我们家 我家要 我家 我要 我想要 我订 我定 我 想要 想订 想 要 来个 来 需要
        那个 这个 侬好 谢谢侬 侬 阿拉 团长好 大家好 各位好 你好 您好
        请帮 请 麻烦 谢谢 感谢 辛苦了 辛苦啦 辛苦 您 团长 群主 报名 接龙 参团 跟团 参加 预定 预订
        下单 订 定 购买 买 购 的 哦 呀 啊 吧 哈 哒 呢 嗯 好的 好 拼 和 与 及 还有 以及
        另外 另 外加 合 跟 数量 共 房号 房间号 楼栋号 楼栋 楼号 地址 住址 门牌号 门牌 室号
        姓名 电话 手机号码 手机号 号码 码
        手机 联系电话 联系方式 tel 微信 昵称 商品 备注 需 份数 户 就 只要 只 收货 收件人
        收 please pls plz thanks thank thx tks and
    """,
    "note": """
        就这些了 就这些 就这样 其他没有了 其它没有了 别的没有了 没别的了
        就好了 就好 就行了 就行 即可 可以了 好了 够了 就够了 就够
        放门口 放楼下 放门卫 放门厅 放保安 送上门 送到门口 送门口 送到家 自提 挂门把手 挂门上
        放家门口 放快递柜 到了打电话 到了叫我 放物业 下楼拿 自取 自己拿 放鞋柜 不急 新群友 补充
        同一个群 微信名 一起
    """,
}
# The words that begin with a sign, longest first, each with its kind.
WORDS: dict[str, list[tuple[str, str]]] = {}
for _kind, _text in _WORDS.items():
    for _word in _text.split():
        WORDS.setdefault(_word[0], []).append((_word, _kind))
for _list in WORDS.values():
    _list.sort(key=lambda pair: -len(pair[0]))

# Talk of an order, which a name or a wish about the handing out does not hold: 下次, 多一份, 无糖, 退.
TALK = re.compile(
    "[退减换替帮]|取消|重新|钱[多少](?!多)|下次|下回|明天|后天|昨天|前天|改天|最后|第[一二三两]|另外|不要|别要|[一二两三四五六七八九十半双多少大小][份个只对打双袋箱盒瓶包斤]"
    "|[无少多低脱半去加][糖盐脂皮辣冰油]"
)


def holds_a_word(text: str) -> bool:
    """One of several signs stands in it."""
    return any(
        len(word) > 1 and word in text for sign in text for word, _kind in WORDS.get(sign, ())
    )


# What a remark in brackets may not hold and be a mere remark.
GRAVE = frozenset(
    {
        "cancel",
        "change",
        "add",
        "except",
        "rest",
        "kinds",
        "each",
        "all",
        "same",
        "half",
        "question",
        "unsure",
        "for",
    }
)
