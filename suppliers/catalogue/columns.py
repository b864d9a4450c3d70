"""The headings that price lists really have, from point-of-sale and mall exports. No Django."""

from config.kernel.intake.kinds import Column

# Purchase prices (进价, 供货价) and member prices are none of the buyers' business: not listed.
COLUMNS = (
    Column(
        "name",
        ("品名", "商品名称", "商品名", "产品名称", "货品名称", "名称", "商品", "菜名", "name"),
        is_required=True,
    ),
    Column("spec", ("规格", "规格型号", "商品规格", "包装规格", "spec", "specification")),
    Column("unit", ("单位", "主单位", "销售单位", "计量单位", "unit")),
    Column(
        "price",
        ("团购价", "单价", "价格", "售价", "销售价", "零售价", "price", "unit price"),
        is_required=True,
    ),
    Column("barcode", ("条码", "商品条码", "条形码", "国际条码", "69码", "barcode", "ean", "upc")),
    Column(
        "item_number",
        ("货号", "商品编码", "商品编号", "商品货号", "货品编号", "编码", "sku", "item number"),
    ),
    Column("category", ("分类", "商品分类", "类别", "品类", "category")),
    Column("brand", ("品牌", "商品品牌", "brand")),
    Column(
        "case_size",
        ("箱规", "装箱数", "箱装数", "装箱规格", "每箱数量", "箱规/装箱数", "case size"),
    ),
    Column(
        "minimum",
        ("起订量", "起购量", "最小起订量", "起订数", "起售数量", "起订量/起购量", "minimum", "moq"),
    ),
    Column("order_multiple", ("订货倍数", "订购倍数", "倍数", "order multiple")),
    Column(
        "description",
        ("描述", "商品描述", "备注", "说明", "简介", "描述/备注", "description", "remark"),
    ),
)
