"""How the columns of sheets with orders are called. Exports of group-buy programs change theirs now and then."""

from __future__ import annotations

ALIASES: dict[str, tuple[str, ...]] = {
    "number": ("跟团号", "接龙号", "团号", "参与号", "序号", "编号", "no", "number"),
    "buyer": ("下单人", "接龙人", "昵称", "微信昵称", "团员", "姓名", "buyer", "name"),
    "receiver": ("收货人", "收件人", "联系人", "receiver"),
    "phone": ("联系电话", "收货电话", "电话", "手机", "手机号", "手机号码", "联系方式", "phone"),
    "address": (
        "详细地址",
        "收货地址",
        "地址",
        "完整地址",
        "门牌号",
        "门牌",
        "楼号房号",
        "address",
    ),
    "room": ("房号", "房间号", "室号", "室", "房间", "room"),
    "building": ("楼号", "楼栋", "楼栋号", "幢号", "栋", "幢", "几号楼", "门洞", "building"),
    "lane": ("弄号", "弄", "lane"),
    "goods": (
        "商品",
        "商品名称",
        "商品信息",
        "商品明细",
        "品名",
        "货品",
        "货名",
        "接龙内容",
        "购买内容",
        "内容",
        "goods",
        "item",
    ),
    "spec": ("规格", "商品规格", "spec"),
    "quantity": ("数量", "购买数量", "商品数量", "件数", "份数", "quantity", "qty"),
    "status": ("订单状态", "状态", "取消状态", "售后状态", "status"),
    "remark": ("团员备注", "备注", "买家备注", "留言", "note"),
    "paid": ("订单金额", "实付金额", "实付", "支付金额", "金额"),
    "back": ("退款金额", "订单退款", "订单退款金额", "已退金额", "退款"),
    "site": ("服务小区", "小区", "小区名称", "所属小区"),
    "paid_at": ("支付时间", "下单时间", "接龙时间", "提交时间", "付款时间", "时间", "time"),
}
TOTALS: dict[str, tuple[str, ...]] = {
    "goods": ("商品", "商品名称", "品名"),
    "sold": ("销售数量", "商品总数", "总数量", "已售数量", "合计数量", "总数"),
    "spec": ("规格",),
    "id": ("商品ID", "商品编码"),
}
