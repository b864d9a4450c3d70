"""Orders of a sheet that are not what their quantities say: money went back, another compound, a remark that orders."""

from __future__ import annotations

from copy import deepcopy

import pytest

from communities.models import AddressQuestion, Community
from communities.personal import decrypt
from orders.intake.suspicions import about_money, about_places
from tests.orders.intake.conftest import Place, codes_of


@pytest.fixture
def place(module_place: Place, db: None) -> Place:
    return deepcopy(module_place)


@pytest.mark.parametrize(
    ("status", "paid", "back", "code"),
    [
        ("已支付", ["32"], ["0"], ""),
        ("已支付", ["32"], [""], ""),
        ("已支付", ["32"], ["32.00"], "cancelled_order"),
        ("已支付", ["148", "0"], ["0", "148"], "cancelled_order"),
        ("已支付", ["148", "0"], ["0", "32"], "partly_refunded"),
        ("已支付", [], ["¥32"], "partly_refunded"),
        ("已取消", ["32"], ["0"], "cancelled_order"),
        ("部分取消", ["32"], ["0"], "partly_refunded"),
        ("部分退款", ["32"], [], "partly_refunded"),
        ("退款中", ["32"], [], "partly_refunded"),
        ("拒绝退款", ["32"], [], ""),
        ("无售后", ["32"], [], ""),
    ],
)
def test_money_that_went_back(status: str, paid: list[str], back: list[str], code: str) -> None:
    remark = about_money(status=status, paid=paid, back=back)

    assert (remark.code if remark else "") == code


@pytest.mark.parametrize(
    ("named", "doubted"),
    [
        (["宛平南苑（北门）"], {}),
        (["邻里团"], {}),
        (["宛平南苑小区", "紫龙花园", ""], {"紫龙花园": "refused"}),
        (["一期", "二期"], {"一期": "doubtful", "二期": "doubtful"}),
    ],
)
def test_orders_of_another_compound(named: list[str], doubted: dict[str, str]) -> None:
    found = about_places(named, Community(name="宛平南苑", short_name="宛平"))

    assert {name: remark.level for name, remark in found.items()} == doubted


def test_remarks_that_order_are_asked_and_those_that_only_talk_are_not(place: Place) -> None:
    remarks = ["放门口", "谢谢团长！辛苦了", "尾号5678", "物业代收", "改成2份", "再加一板鸡蛋"]
    remarks += ["帮隔壁302带", "给2号402", "不要鸡蛋了"]
    doors = [f"{house}-{room}" for house in (1, 2) for room in (101, 102, 201, 202, 301, 302)]
    lines = [f"{door},蔬菜包,1,{said}" for door, said in zip(doors, remarks, strict=False)]
    upload = place.read("\n".join(["房号,商品,数量,团员备注", *lines]))

    assert list(codes_of(upload).values()) == [[]] * 4 + [["remark_says"]] * 5


def test_sheet_tells_what_is_too_much_and_compares_its_last_line(place: Place) -> None:
    place.joined.window.offers.filter(name="鸡蛋").update(household_limit=2)
    upload = place.read("房号,蔬菜包,鸡蛋\n1-101,21,\n1-102,1,3\n合计,22,4\n")

    assert codes_of(upload) == {1: ["many"], 2: ["above_limit"]}
    said = [note["params"] for note in upload.notes if note["code"] == "own_total_of"]
    assert [(one["goods"], one["said"]) for one in said] == [("蔬菜包", 22), ("鸡蛋", 4)]


def test_door_nobody_finds_is_asked_with_the_number_of_its_column(place: Place) -> None:
    upload = place.read(
        "跟团号,楼号,门牌号,商品,数量,联系电话\n1,1,101,鸡蛋,1,13800138000\n2,9,101,鸡蛋,1,13800138001\n"
    )
    place.store(upload)

    assert place.orders() == {"1-101": {"鸡蛋": 1}}
    question = AddressQuestion.objects.get(community=place.community)
    assert question.phone_encrypted is not None
    assert decrypt(bytes(question.phone_encrypted)) == "+8613800138001"
