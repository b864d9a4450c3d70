"""What a group reads of a round, in each of its states; never a phone or a door."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import translation

from communities.models import Community
from orders.models import Offer, OrderWindow
from orders.notices.announcing import Kind, Where, announce, as_text, buildings_of, kinds_for
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = datetime(2022, 4, 21, 3, 15, tzinfo=UTC)


@pytest.fixture
def community() -> Community:
    community = make.make_community(rooms=("101", "102", "103"))
    make.building(community, "10", "1001")
    make.building(community, "2", "201")
    return community


def a_window(community: Community, *, more: tuple[str, ...] = (), **fields: Any) -> OrderWindow:
    """Noon of 21 April, in the clock of Shanghai; so much is ordered in it: 3 households, 7 pieces."""
    window = make.make_window(community, title="联华 4月21日 周四 第3团")
    for room, quantity in (("101", 2), ("102", 4), ("201", 1)):
        make.order(window, make.household(community, room), quantity)
    for room in more:
        make.order(window, make.household(community, room), 1)
    OrderWindow.objects.filter(pk=window.pk).update(
        opens_at=NOW - timedelta(hours=5),
        closes_at=NOW + timedelta(minutes=45),
        deliver_on=date(2022, 4, 22),
        **fields,
    )
    window.refresh_from_db()
    return window


def said(window: OrderWindow, kind: Kind, *, where: Where | None = None) -> str:
    return as_text(announce(window, kind, now=NOW, where=where))


def test_opening_names_cutoff_delivery_and_minimum(community: Community) -> None:
    window = a_window(community, minimum_measure="households", minimum=20, notice="每户限2盒")
    Community.objects.filter(pk=community.pk).update(service_phone="021-6438 0000")
    Offer.objects.filter(window=window, short_number=2).update(household_limit=3)
    window.refresh_from_db()
    notice = announce(window, Kind.OPENED, now=NOW, page="https://jidan.example.org/m/")

    assert as_text(notice) == (
        "【开团啦】联华 4月21日 周四 第3团\n"
        "截单：4月21日 周四 12:00\n"
        "送货：4月22日 周五\n"
        "商品：2 种\n"
        "起订量：20 户\n"
        "手机下单：https://jidan.example.org/m/\n"
        "电话下单：021-6438 0000\n"
        "1. 商品1 500g/袋 ¥3.90/袋\n"
        "2. 商品2 500g/袋 ¥12.50/袋（每户限 3）\n"
        "每户限2盒\n"
        "不方便用手机的邻居，请告诉楼组长或志愿者，由他们代下单。"
    )


def test_opening_counts_the_products_for_which_there_is_no_room(community: Community) -> None:
    supplier = make.make_supplier(community, prices_fen=[390] * 120)
    window = make.make_window(community, supplier=supplier)

    lines = said(window, Kind.OPENED).splitlines()

    menu = [line for line in lines if "¥3.90" in line]
    assert f"……还有 {120 - len(menu)} 种，见下单页面。" in lines
    assert 60 < len(menu) < 120
    assert len("\n".join(lines)) < 1700


def test_last_hour_says_the_time_that_is_left(community: Community, settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://jidan.example.org"
    window = a_window(community)

    assert said(window, Kind.LAST_HOUR) == (
        "【快截单了】联华 4月21日 周四 第3团\n"
        "截单：4月21日 周四 12:00\n"
        "还剩：约 45 分钟\n"
        "已下单：3 户\n"
        "手机下单：https://jidan.example.org/m/\n"
        "还没下单的邻居请抓紧。\n"
        "不方便用手机的邻居，请告诉楼组长或志愿者，由他们代下单。"
    )


@pytest.mark.parametrize(
    ("minutes", "badge", "left"),
    [
        (60, "还剩一小时", "约 60 分钟"),
        (50, "还剩一小时", "约 50 分钟"),
        (49, "快截单了", "约 49 分钟"),
        (180, "快截单了", "约 3 小时"),
        (0.2, "快截单了", "约 1 分钟"),
    ],
)
def test_last_hour_is_named_by_what_is_left(
    community: Community, minutes: float, badge: str, left: str
) -> None:
    window = a_window(community)
    window.closes_at = NOW + timedelta(minutes=minutes)

    notice = announce(window, Kind.LAST_HOUR, now=NOW)

    assert (notice.badge, dict(notice.facts)["还剩"]) == (badge, left)


def test_minimum_reached_compares(community: Community) -> None:
    window = a_window(community, minimum_measure="pieces", minimum=5)

    assert said(window, Kind.MINIMUM_REACHED) == (
        "【成团啦】联华 4月21日 周四 第3团\n"
        "已下单：7 份\n"
        "起订量：5 份\n"
        "截单：4月21日 周四 12:00\n"
        "送货：4月22日 周五\n"
        "截单前仍可下单、改单。"
    )


def test_held_round_says_what_is_missing(community: Community) -> None:
    window = a_window(community, minimum_measure="fen", minimum=500_000)
    window.held_until = NOW + timedelta(hours=2)

    assert said(window, Kind.HELD) == (
        "【暂未成团】联华 4月21日 周四 第3团\n"
        "已下单：¥27.30\n"
        "起订量：¥5000.00\n"
        "还差：¥4972.70\n"
        "最晚决定：4月21日 周四 13:15\n"
        "是否成团由团长决定，请等下一条通知。"
    )


def test_closed_extended_and_cancelled(community: Community) -> None:
    window = a_window(community, reason="供货商没有货，详询13800138000")

    assert said(window, Kind.CLOSED) == (
        "【已截单】联华 4月21日 周四 第3团\n"
        "共：3 户、7 份\n"
        "截单：4月21日 周四 12:00\n"
        "送货：4月22日 周五\n"
        "现在不能再下单、改单。\n"
        "漏了的请尽快告诉志愿者，发给供货商之前可以补单。"
    )
    assert said(window, Kind.EXTENDED).splitlines()[:3] == [
        "【延长截单】联华 4月21日 周四 第3团",
        "新的截单时间：4月21日 周四 12:00",
        "已下单：3 户、7 份",
    ]
    assert said(window, Kind.CANCELLED) == (
        "【未成团】联华 4月21日 周四 第3团\n原因：供货商没有货，详询***\n已下的订单全部取消。"
    )


def test_arrival_lists_the_buildings_in_natural_order(community: Community) -> None:
    make.building(community, "11", "1101")
    window = a_window(community, more=("1001",))
    where = Where(place="2号楼502室门口", until="今天 17:00-19:00 找 138 0013 8000")

    assert said(window, Kind.ARRIVED, where=where) == (
        "【到货啦】联华 4月21日 周四 第3团\n"
        "楼栋：1号楼 2 户、2号楼 1 户、10号楼 1 户\n"
        "取货地点：2号楼***门口\n"
        "取货时间：今天 17:00-19:00 找 ***\n"
        "取货时请对照小票点清袋里的东西。\n"
        "不方便下楼的邻居，请告诉楼组长。"
    )


def test_reminder_for_one_building(community: Community) -> None:
    window = a_window(community)
    building = buildings_of(window)[1]

    text = said(window, Kind.PICK_UP, where=Where(buildings=[building]))

    assert text.splitlines()[:3] == [
        "【取货提醒】联华 4月21日 周四 第3团",
        "楼栋：2号楼",
        "取货地点：楼道口",
    ]


def test_notice_in_english_reads_as_english(community: Community) -> None:
    window = a_window(community)

    with translation.override("en"):
        text = said(window, Kind.LAST_HOUR)

    assert text.splitlines()[:4] == [
        "【Closing soon】联华 4月21日 周四 第3团",
        "Cutoff: Thu 21 Apr 12:00",
        "Left: about 45 minutes",
        "Ordered so far: 3 households",
    ]


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("draft", []),
        ("ready", ["opened"]),
        ("held", ["held"]),
        ("cancelled", ["cancelled"]),
        ("closed", ["closed", "arrived", "pick_up", "minimum_reached"]),
        ("settled", ["closed", "arrived", "pick_up", "minimum_reached"]),
        ("open", ["last_hour", "opened", "minimum_reached"]),
    ],
)
def test_kinds_follow_from_the_state(community: Community, status: str, kinds: list[str]) -> None:
    window = a_window(community, minimum_measure="pieces", minimum=5)
    window.status = status

    assert [str(kind) for kind in kinds_for(window, now=NOW)] == kinds


def test_kinds_before_the_opening_and_after_an_extension(community: Community) -> None:
    window = a_window(community, minimum_measure="pieces", minimum=50)

    assert kinds_for(window, now=NOW - timedelta(hours=6)) == [Kind.OPENED]
    assert kinds_for(window, now=NOW - timedelta(hours=4)) == [Kind.OPENED, Kind.LAST_HOUR]
    window.extended_at = NOW
    assert kinds_for(window, now=NOW)[0] == Kind.EXTENDED
