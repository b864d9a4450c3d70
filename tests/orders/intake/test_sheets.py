"""Exports of group-buy programs and plain sheets, as rows of orders."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from config.kernel.intake.models import Import
from config.kernel.intake.uploads import FileEmpty, FileTooBig
from tests.intake_corpus.hostile import HOSTILE, Hostile
from tests.orders.intake.conftest import Place, codes_of

BUYERS = [
    *(
        "下单人",
        "团员备注",
        "备注",
        "跟团号",
        "商品",
        "规格",
        "数量",
        "商品金额",
        "运费",
        "优惠",
        "订单金额",
    ),
    *("退款金额", "物流方式", "服务小区", "收货人", "联系电话", "详细地址", "团长"),
    *("房号（如606）", "楼号（如10）", "弄号（如168）"),
]


@pytest.fixture
def place(module_place: Place, db: None) -> Place:
    return deepcopy(module_place)


def workbook(**sheets: list[list[Any]]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    else:
                        sheet.write(number, column, value)
    return stream.getvalue()


def bought(
    buyer: str, number: str, goods: str, spec: str, quantity: Any, paid: Any, **door: str
) -> list[Any]:
    found = dict.fromkeys(BUYERS, "")
    found |= {
        "下单人": buyer,
        "跟团号": number,
        "商品": goods,
        "规格": spec,
        "数量": quantity,
        "订单金额": paid,
    }
    found |= {"房号（如606）": door.get("room", ""), "楼号（如10）": door.get("house", "")}
    found |= {"弄号（如168）": door.get("lane", ""), "详细地址": door.get("address", "")}
    return [found[name] for name in BUYERS]


def goods_of(upload: Import) -> list[tuple[str, str, str]]:
    return [
        (
            row.text_of("address", upload.columns),
            row.text_of("goods", upload.columns),
            row.verdict,
        )
        for row in upload.rows.order_by("number")
    ]


def test_read_estate_export_puts_the_lines_of_an_order_together(place: Place) -> None:
    upload = place.read(
        workbook(
            顾客购买表=[
                BUYERS,
                bought("开心果🌰", "7", "蔬菜包", "约8斤", "2", 148, house="1", room="101"),
                bought(
                    "小李",
                    "3",
                    "鸡蛋",
                    "30枚",
                    1,
                    32,
                    house="2",
                    room="302",
                    lane="紫龙路500弄嘉怡",
                ),
                bought("开心果🌰", "7", "鸡蛋", "30枚", "1", 0, house="1", room="101"),
                bought("小王", "7", "1-鲜牛奶", "950ml", "3", 54, address="2-402"),
            ],
            商品汇总表=[
                ["团购标题", "商品", "商品ID", "规格", "总库存", "销售数量"],
                ["保供&#10;团", "蔬菜包", "1", "约8斤", "不限", 2],
                ["保供&#10;团", "鸡蛋", "2", "30枚", "不限", 3],
            ],
        )
    )

    assert goods_of(upload)[0] == ("1号楼 101", "蔬菜包×2；鸡蛋×1", "ok")
    assert goods_of(upload)[2] == ("2号楼 402", "鲜牛奶×3", "ok")
    assert [note["params"]["said"] for note in upload.notes if note["code"] == "own_total_of"] == [
        2,
        3,
    ]


def test_read_ordinary_export_reads_goods_joined_in_one_cell(place: Place) -> None:
    words = "跟团号 下单人 支付时间 商品 订单金额 订单状态 收货人 联系电话 详细地址"
    upload = place.read(
        workbook(
            订单=[
                words.split(),
                [
                    "1",
                    "A",
                    "2022-04-21 10:00:01",
                    "蔬菜包(约8斤)+2;\n鸡蛋(30枚)+1",
                    "148",
                    "已支付",
                    "张",
                    "13800138000",
                    "1号楼101室",
                ],
                [
                    "2",
                    "B",
                    "2022-04-21 10:00:02",
                    "鸡蛋(30枚)+1",
                    "32",
                    "已取消",
                    "李",
                    "",
                    "1-102",
                ],
                ["3", "C", "2022-04-21 10:00:03", "土豆(5斤)+1", "32", "已支付", "李", "", "1-103"],
                [
                    "4",
                    "D",
                    "2022-04-21 09:59:59",
                    "鲜牛奶(950ml)+4",
                    "72",
                    "已支付",
                    "李",
                    "",
                    "56栋602",
                ],
            ]
        )
    )

    assert goods_of(upload)[0] == ("1号楼 101", "蔬菜包×2；鸡蛋×1", "ok")
    codes = codes_of(upload)
    assert (codes[1], codes[2], codes[3]) == ([], ["cancelled_order"], ["goods_unknown"])
    assert codes[4][0].startswith("address_")
    place.store(upload)
    assert place.orders() == {"1-101": {"蔬菜包": 2, "鸡蛋": 1}}
    assert "13800138000" not in str(list(upload.rows.values_list("cells", "values")))


def test_read_plain_sheet_in_gbk(place: Place) -> None:
    upload = place.read(
        "房号,商品,数量\n2-301,蔬菜包,2\n2-302,鸡蛋,半\n2-401,鸡蛋,两板\n2-303,鲜牛奶,3瓶\n".encode(
            "gbk"
        )
    )

    assert goods_of(upload) == [
        ("2号楼 301", "蔬菜包×2", "ok"),
        ("2号楼 302", "鸡蛋×半", "refused"),
        ("2号楼 401", "鸡蛋×2", "ok"),
        ("2号楼 303", "鲜牛奶×3", "ok"),
    ]
    assert codes_of(upload)[2] == ["quantity_unreadable"]


def test_read_matrix_takes_a_column_for_each_product(place: Place) -> None:
    rows: list[list[Any]] = [
        ["楼号", "房号", "蔬菜包", "鸡蛋(30枚)", "合计"],
        ["1", "201", 2, "", 2],
        [2, 202, "", "1", 1],
        ["2", "203", 0, "半", 1],
    ]

    upload = place.read(workbook(名单=rows))

    assert goods_of(upload) == [
        ("1号楼 201", "蔬菜包×2", "ok"),
        ("2号楼 202", "鸡蛋×1", "ok"),
        ("2号楼 203", "鸡蛋×半", "refused"),
    ]


def test_read_sheet_written_as_in_a_chat(place: Place) -> None:
    upload = place.read(
        "序号,昵称,接龙内容\n1,2-301 张阿姨,蔬菜包2份 鸡蛋1\n2,2-302,苹果3斤\n".encode()
    )

    assert goods_of(upload)[0] == ("2号楼 301", "蔬菜包×2；鸡蛋×1", "ok")
    assert goods_of(upload)[1][2] == "refused"


def test_read_sheet_with_a_long_cell_is_asked_about(place: Place) -> None:
    upload = place.read(f"房号,接龙内容\n2-301,蔬菜包2份{'谢' * 500}\n2-302,鸡蛋1\n".encode())

    assert [row[2] for row in goods_of(upload)] == ["doubtful", "ok"]
    assert "line_too_long" in codes_of(upload)[1]


def test_read_sheet_with_too_much_to_read_is_refused(place: Place) -> None:
    rows = "\n".join(f"2-301 {number}{'谢' * 390},鸡蛋1" for number in range(1_300))

    upload = place.read(f"房号,接龙内容\n{rows}\n".encode())

    assert (upload.status, upload.error_code) == (Import.Status.FAILED, "too_much_text")
    assert not upload.rows.exists()


# The bytes go to the same reader as a catalogue's, whose tests have the rest.
SOME_HOSTILE = dict(list(HOSTILE.items())[::3])


@pytest.mark.parametrize("case", SOME_HOSTILE.values(), ids=SOME_HOSTILE.keys())
def test_read_hostile_file_stores_nothing(place: Place, case: Hostile) -> None:
    content = case.make()
    if case.code == "file_too_big" or not content:
        with pytest.raises((FileTooBig, FileEmpty)):
            place.read(content)
        return
    upload = place.read(content)

    assert upload.status == Import.Status.FAILED
    # Some of them have the headings of a catalogue, which name no room; what is no table is read as chat text.
    others = {"no_header", "missing_columns", "no_entries", "too_much_text", "too_many_rows"}
    assert upload.error_code in {case.code, *others}
    assert not upload.rows.exists()


def test_group_list_export_is_read_by_its_headings(place: Place) -> None:
    """群接龙 publishes no format: whatever it calls its columns, in any order, is found by name."""
    upload = place.read(
        workbook(
            接龙=[
                ["接龙时间", "接龙号", "昵称", "商品名称", "购买数量", "房间号", "楼栋", "备注"],
                ["2022-04-21 09:10", "1", "若曦", "蔬菜包", "2", "101", "1", ""],
                ["2022-04-21 09:10", "1", "若曦", "鸡蛋", 1, "101", "1", ""],
                ["2022-04-21 09:12", "2", "桃子妈", "鲜牛奶", "3", "203", "2", "放门口"],
            ]
        )
    )

    assert codes_of(upload) == {1: [], 2: []}
    place.store(upload)
    assert place.orders() == {"1-101": {"蔬菜包": 2, "鸡蛋": 1}, "2-203": {"鲜牛奶": 3}}
