"""The headings that rosters of committees and property offices really have. No Django."""

from config.kernel.intake.kinds import Column

# A place is an address in one cell, or building and room in two; the judge says so where neither is there.
COLUMNS = (
    Column(
        "address",
        ("地址", "住址", "详细地址", "家庭住址", "家庭地址", "居住地址", "房屋地址", "address"),
    ),
    Column("lane", ("弄", "弄号", "弄堂", "支弄", "lane")),
    Column(
        "building",
        (
            *("楼号", "楼栋", "楼栋号", "楼", "栋", "栋号", "幢", "幢号", "楼幢", "楼宇", "楼座"),
            *("号", "门牌", "门牌号", "门栋", "building", "building number"),
        ),
    ),
    Column("unit", ("单元", "单元号", "门洞", "门洞号", "unit")),
    Column(
        "room",
        ("室", "室号", "房号", "房间号", "房间", "房屋号", "户号", "房屋", "room", "room number"),
    ),
    Column(
        "name",
        ("姓名", "居民姓名", "住户姓名", "住户", "户主姓名", "户主", "业主", "名字", "name"),
    ),
    Column(
        "phone",
        (
            *(
                "手机",
                "手机号",
                "手机号码",
                "电话",
                "联系电话",
                "电话号码",
                "联系方式",
                "手机/电话",
            ),
            *("phone", "mobile", "telephone"),
        ),
    ),
    Column("relation", ("与户主关系", "户主关系", "关系", "relation")),
    Column("people", ("人数", "家庭人数", "居住人数", "常住人数", "人口", "人口数", "people")),
    Column(
        "care",
        (
            "特需",
            "特需保障",
            "特需保障户",
            "照顾",
            "需照顾",
            "需要照顾",
            "重点关爱",
            "关爱",
            "care",
        ),
    ),
    Column(
        "no_phone",
        (
            *("无手机", "无智能手机", "没有手机", "没有智能手机", "无智能机", "不会用手机"),
            *("不用智能手机", "no smartphone"),
        ),
    ),
)
