"""A chat list becomes orders; pasted again it changes only what is new."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import transaction
from django.utils.translation import override

from communities.models import Household
from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.intake.confirming import apply_slice, confirm
from config.kernel.intake.models import Import
from config.kernel.intake.selectors import reason_sentences
from orders.intake.kind import ORDERS
from orders.models import Order
from orders.placing.placing import cancel_order
from tests.factories import SETUP, make_staff, order, pass_cutoff
from tests.orders.intake.conftest import Place, codes_of, make_place

LIST = """#接龙
蔬菜包58元/份 鸡蛋32元/板
例 2-301 张阿姨 蔬菜包1份

1. 1-101 张阿姨 蔬菜包2份 鸡蛋1板
2. 2-302 蔬菜包、鸡蛋各1
3. 1-203 鲜牛奶3瓶 放门口
4. 2-402 鸡蛋 32元
"""
STORED = {
    "1-101": {"蔬菜包": 2, "鸡蛋": 1},
    "2-302": {"蔬菜包": 1, "鸡蛋": 1},
    "1-203": {"鲜牛奶": 3},
}


@pytest.fixture
def place(module_place: Place, db: None) -> Place:
    return deepcopy(module_place)


def test_read_list_gives_a_row_per_entry_with_what_was_understood(place: Place) -> None:
    upload = place.read(LIST)

    rows = list(upload.rows.order_by("number"))
    assert [row.text_of("address", upload.columns) for row in rows] == [
        "1号楼 101",
        "2号楼 302",
        "1号楼 203",
        "2号楼 402",
    ]
    assert rows[0].text_of("goods", upload.columns) == "蔬菜包×2；鸡蛋×1"
    assert [row.verdict for row in rows] == ["ok", "ok", "ok", "doubtful"]
    assert codes_of(upload)[4] == ["no_number"]
    assert place.orders() == {}


def test_confirm_list_places_one_order_per_row_in_the_order_of_the_list(place: Place) -> None:
    upload = place.store(place.read(LIST))

    assert place.orders() == STORED
    orders = list(Order.objects.filter(window=place.window).order_by("number"))
    assert {one.channel for one in orders} == {"chain"}
    assert [one.wished_at for one in orders] == sorted({one.wished_at for one in orders})
    assert orders[2].note == "放门口"
    assert list(upload.rows.order_by("number").values_list("result", flat=True)) == [
        *["created"] * 3,
        "left",
    ]
    assert AuditEntry.objects.filter(action="order.placed").count() == 3


def test_upload_same_list_twice_is_the_same_import(place: Place) -> None:
    first = place.store(place.read(LIST))

    assert place.read(LIST).pk == first.pk
    assert place.orders() == STORED


def test_paste_longer_list_stores_only_what_is_new(place: Place) -> None:
    place.store(place.read(LIST))
    longer = place.read(LIST + "5. 2-501 鸡蛋2板\n")

    assert [row.values["how"] for row in longer.rows.order_by("number")][:3] == ["same"] * 3
    place.store(longer)

    assert place.orders() == {**STORED, "2-501": {"鸡蛋": 2}}
    assert longer.rows.get(number=1).result == "unchanged"
    assert Order.objects.filter(window=place.window).count() == 4


def test_paste_changed_entry_waits_for_a_choice_and_then_replaces(place: Place) -> None:
    place.store(place.read(LIST))
    changed = place.read(LIST.replace("蔬菜包2份 鸡蛋1板", "蔬菜包3份"))
    assert codes_of(changed)[1] == ["order_differs"]

    place.choose(changed, 1, "update")
    place.store(changed)

    assert place.orders() == {**STORED, "1-101": {"蔬菜包": 3}}
    assert Order.objects.get(window=place.window, number=1).version == 2


def test_paste_changed_entry_without_choice_changes_nothing(place: Place) -> None:
    place.store(place.read(LIST))
    changed = place.read(LIST.replace("蔬菜包2份 鸡蛋1板", "蔬菜包3份") + "5. 2-501 鸡蛋2板\n")

    place.store(changed)

    assert place.orders() == {**STORED, "2-501": {"鸡蛋": 2}}


def test_paste_without_an_earlier_entry_asks_and_cancels_only_on_yes(place: Place) -> None:
    place.store(place.read(LIST))
    shorter = LIST.replace("2. 2-302 蔬菜包、鸡蛋各1\n", "") + "5. 1-601 鸡蛋1板\n"
    upload = place.read(shorter)
    gone = upload.rows.order_by("number").last()
    assert gone is not None
    assert codes_of(upload)[gone.number] == ["gone_from_list"]

    place.choose(upload, gone.number, "cancel")
    place.store(upload)

    rest = {door: goods for door, goods in STORED.items() if door != "2-302"}
    assert place.orders() == {**rest, "1-601": {"鸡蛋": 1}}


def test_paste_without_an_earlier_entry_keeps_the_order_if_nobody_says_yes(place: Place) -> None:
    place.store(place.read(LIST))

    place.store(place.read(LIST.replace("2. 2-302 蔬菜包、鸡蛋各1\n", "") + "5. 1-601 鸡蛋1板\n"))

    assert place.orders() == {**STORED, "1-601": {"鸡蛋": 1}}


def test_paste_from_the_middle_asks_about_nobody_before(place: Place) -> None:
    place.store(place.read(LIST))

    upload = place.read("3. 1-203 鲜牛奶3瓶 放门口\n4. 2-402 鸡蛋2板\n")

    assert [row.values["how"] for row in upload.rows.order_by("number")] == ["same", "place"]
    assert [note["code"] for note in upload.notes] == ["from_the_middle"]


@pytest.mark.parametrize(
    ("how", "goods"),
    [("add", {"蔬菜包": 2, "鸡蛋": 3}), ("update", {"鸡蛋": 2}), ("", {"蔬菜包": 2, "鸡蛋": 1})],
)
def test_household_twice_in_a_list_is_asked(place: Place, how: str, goods: dict[str, int]) -> None:
    upload = place.read("1. 1-101 蔬菜包2份 鸡蛋1板\n2. 1-101 鸡蛋2板\n")
    assert codes_of(upload)[2] == ["household_again"]

    if how:
        place.choose(upload, 2, how)
    place.store(upload)

    assert place.orders() == {"1-101": goods}


def test_list_pasted_with_two_entries_of_a_household_again_changes_nothing(place: Place) -> None:
    text = "1. 1-101 蔬菜包2份 鸡蛋1板\n2. 1-101 鸡蛋2板\n"
    upload = place.read(text)
    place.choose(upload, 2, "add")
    place.store(upload)

    again = place.read(text + "3. 1-102 鸡蛋1板\n")
    assert [row.values["how"] for row in again.rows.order_by("number")] == ["same", "same", "place"]
    place.store(again)

    assert place.orders() == {"1-101": {"蔬菜包": 2, "鸡蛋": 3}, "1-102": {"鸡蛋": 1}}


def test_household_that_ordered_on_the_phone_page_is_asked(place: Place) -> None:
    order(place.window, household_of(place, "1", "101"), 1)

    upload = place.read(LIST)
    assert codes_of(upload)[1] == ["other_channel"]
    (reason,) = upload.rows.get(number=1).reasons
    with override("zh-hans"):
        (told,) = reason_sentences(ORDERS, [reason])
    assert (reason["params"]["channel"], "通过手机下单" in told) == ("phone page or app", True)
    place.store(upload)

    assert place.orders()["1-101"] == {"蔬菜包": 1}
    assert len(place.orders()) == 3


def test_list_of_a_volunteer_leaves_alone_what_the_household_ordered_itself(place: Place) -> None:
    order(place.window, household_of(place, "1", "101"), 1)
    volunteer = make_staff(place.community, role=Role.VOLUNTEER)
    results = []
    for writer, pieces in ((volunteer, 2), (place.organiser, 3)):
        upload = place.read(f"1. 1-101 蔬菜包{pieces}份\n")
        place.choose(upload, 1, "update")
        with transaction.atomic():
            confirm(upload=upload, actor=Actor("user", writer.pk), at=clock.now())
        assert apply_slice(import_id=upload.pk)
        row = upload.rows.get(number=1)
        results.append((row.result, place.orders()))

    assert results == [("failed", {"1-101": {"蔬菜包": 1}}), ("updated", {"1-101": {"蔬菜包": 3}})]


def test_order_cancelled_by_its_household_is_not_placed_again(place: Place) -> None:
    place.store(place.read(LIST))
    with transaction.atomic():
        cancel_order(order=Order.objects.get(window=place.window, number=1), actor=SETUP)

    upload = place.store(place.read(LIST + "5. 2-501 鸡蛋2板\n"))

    assert "1-101" not in place.orders()
    assert upload.rows.get(number=1).result == "unchanged"


def test_capped_offer_goes_to_the_rows_above_and_the_rest_is_named(db: None) -> None:
    place = make_place(offers=[{"cap": 3}])
    upload = place.read("1. 1-101 蔬菜包2份\n2. 1-102 蔬菜包2份\n3. 1-103 蔬菜包1份\n")
    assert codes_of(upload) == {1: [], 2: ["stock_gone"], 3: []}

    place.store(upload)

    assert place.orders() == {"1-101": {"蔬菜包": 2}, "1-103": {"蔬菜包": 1}}


def test_confirm_after_the_cutoff_names_each_row_and_stores_none(place: Place) -> None:
    upload = place.read(LIST)
    pass_cutoff(place.window)
    place.store(upload)

    assert place.orders() == {}
    failed = upload.rows.filter(result="failed")
    assert failed.count() == 3
    assert all(row.reasons[-1]["code"] == "window_not_open" for row in failed)


def test_price_changed_after_the_preview_is_refused_by_name(place: Place) -> None:
    upload = place.read(LIST)
    place.window.offers.filter(name="蔬菜包").update(price_fen=6000)

    place.store(upload)

    assert place.orders() == {"1-203": {"鲜牛奶": 3}}
    assert upload.rows.get(number=1).reasons[-1]["code"] == "total_differs"


def test_order_placed_meanwhile_is_not_doubled(place: Place) -> None:
    upload = place.read(LIST)
    order(place.window, household_of(place, "1", "101"), 1)

    place.store(upload)

    assert place.orders()["1-101"] == {"蔬菜包": 1}
    assert upload.rows.get(number=1).reasons[-1]["code"] == "ordered_meanwhile"


def test_stored_rows_keep_nothing(place: Place) -> None:
    row = place.store(place.read(LIST)).rows.get(number=1)

    assert (row.cells, row.mended, row.reasons, row.values) == ([], {}, [], {})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("大家好\n今天天气不错".encode(), "no_entries"),
        (b"1. 1-101 \x00\x00", "nul_bytes"),
        ("1. 1-101 鸡蛋1板\n".encode() * 6000, "too_many_rows"),
        (("鸡" * 600_000).encode(), "too_much_text"),
        (("1 " * 60_001).encode(), "too_much_text"),
        (f"群组：{' ' * 400_000}x\n鸡蛋".encode(), "no_entries"),
    ],
)
def test_read_list_refuses_what_is_no_list(place: Place, content: bytes, code: str) -> None:
    upload = place.read(content)

    assert (upload.status, upload.error_code) == (Import.Status.FAILED, code)
    assert place.orders() == {}


def test_read_list_in_gbk_and_with_other_line_ends(place: Place) -> None:
    upload = place.read(LIST.replace("\n", "\r\n").encode("gbk"))

    assert codes_of(upload) == {1: [], 2: [], 3: [], 4: ["no_number"]}
    assert upload.notes[0] == {"code": "read_as", "params": {"encoding": "GB18030"}}


def household_of(place: Place, house: str, room: str) -> Household:
    return place.community.households.get(building__number=house, room=room)
