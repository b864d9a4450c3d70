"""What robots are given to say of a round: once, in their own communities, for the events that they were given."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction

from communities.groups.robots import add_robot
from communities.models import Community, GroupMessage, GroupRobot
from config.kernel import clock, outbox
from orders.models import OrderWindow, WindowCommunity
from orders.notices import due, telling
from orders.windows.cancelling import cancel_window
from tests import factories as make

pytestmark = pytest.mark.django_db


def a_robot(community: Community, *topics: str, name: str = "群") -> GroupRobot:
    Community.objects.filter(pk=community.pk).update(quiet_from="00:00", quiet_until="00:00")
    with transaction.atomic():
        return add_robot(
            community=community,
            name=name,
            address=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=token-{name}-{community.pk}".replace(
                "群", "qun"
            ),
            secret="",
            topics=list(topics),
            actor=make.SETUP,
        )


def said() -> list[tuple[str, str]]:
    """Robot and first line, in order."""
    outbox.deliver_due()
    rows = GroupMessage.objects.select_related("robot").order_by("pk")
    return [(row.robot.name, row.text.split("\n")[0]) for row in rows]


def test_events_reach_the_robots_of_the_communities_that_buy() -> None:
    home, other, foreign, left = (make.make_community() for _turn in range(4))
    a_robot(home, "window.closed", name="a")
    a_robot(home, "window.opened", name="b")
    a_robot(other, "window.closed", "window.opened", name="c")
    a_robot(foreign, "window.closed", "window.opened", name="d")
    a_robot(left, "window.closed", name="e")
    window = make.make_window(home, others=[other, left], title="联华 第3团")
    WindowCommunity.objects.filter(window=window, community=left).update(status="cancelled")
    make.order(window, make.household(home), 1)
    due.tell_opening(window_id=window.pk)
    assert said() == [("b", "【集单】【开团啦】联华 第3团"), ("c", "【集单】【开团啦】联华 第3团")]

    make.close(window)

    assert said()[2:] == [
        ("a", "【集单】【已截单】联华 第3团"),
        ("c", "【集单】【已截单】联华 第3团"),
    ]
    outbox.OutboxMessage.objects.update(delivered_at=None)
    assert len(said()) == 4


def test_community_that_comes_later_hears_of_the_opening_once_in_its_own_group() -> None:
    home, late = make.make_community(), make.make_community()
    a_robot(home, "window.opened", name="a")
    a_robot(late, "window.opened", name="b")
    window = make.make_window(home, others=[late], title="联华 第3团")
    for _turn in range(2):
        outbox.emit(
            event_key=f"community.joined:{window.pk}:{_turn}",
            topic="community.joined",
            payload={"window": window.pk, "community": late.pk},
        )
    assert said() == [("b", "【集单】【开团啦】联华 第3团")]
    due.tell_opening(window_id=window.pk)

    assert [name for name, _text in said()] == ["b", "a"]


def test_robots_that_hear_of_a_missed_minimum_hear_who_is_left_out() -> None:
    home = make.make_community()
    for name, topics in (
        ("a", ["window.held"]),
        ("b", ["window.cancelled", "community.left_out"]),
        ("c", ["window.closed"]),
        ("d", []),
    ):
        GroupRobot.objects.filter(pk=a_robot(home, name=name).pk).update(events=topics)

    migration = import_module("communities.migrations.0020_robots_left_out")
    with connection.cursor() as cursor:
        cursor.execute(migration.FORWARD)

    assert list(GroupRobot.objects.order_by("name").values_list("events", flat=True)) == [
        ["window.held", "community.left_out"],
        ["window.cancelled", "community.left_out"],
        ["window.closed"],
        [],
    ]


def test_community_that_is_left_out_hears_so_in_its_own_group() -> None:
    home, small = make.make_community(), make.make_community()
    a_robot(home, "window.closed", "community.left_out", name="a")
    a_robot(small, "window.closed", "community.left_out", name="b")
    window = make.make_window(
        home, others=[small], title="联华 第3团", minimum_measure="households"
    )
    WindowCommunity.objects.filter(window=window, community=small).update(minimum=2)
    for community in (home, small):
        make.order(window, make.household(community), 1)

    make.close(window)

    assert sorted(said()) == [
        ("a", "【集单】【已截单】联华 第3团"),
        ("b", "【集单】【未成团】联华 第3团"),
    ]
    text = GroupMessage.objects.get(robot__name="b").text
    assert text.split("\n")[1:] == [
        "本小区没有达到起订量，本小区的订单全部取消。",
        "其他小区的团购照常进行。",
    ]


def test_text_is_useless_from_the_cutoff_on() -> None:
    home = make.make_community()
    a_robot(home, "window.opened")
    window = make.make_window(home)
    due.tell_opening(window_id=window.pk)
    said()

    assert GroupMessage.objects.get().useless_at == window.closes_at


def test_end_of_a_round_that_nobody_saw_is_not_told() -> None:
    home = make.make_community()
    a_robot(home, "window.cancelled")
    for state in ("draft", "open"):
        window = make.make_window(home, state=state, title=state)
        if state == "open":
            due.tell_opening(window_id=window.pk)
        cancel_window(window=window, actor=make.SETUP, reason="下雨，问13800138000")

    assert said() == [("群", "【集单】【未成团】open")]
    assert GroupMessage.objects.get().text.split("\n")[1] == "原因：下雨，问***"


def test_arrival_is_told_at_once_where_the_building_is() -> None:
    home, other = make.make_community(), make.make_community()
    a_robot(home, "delivery.arrived", name="a")
    a_robot(other, "delivery.arrived", name="b")
    Community.objects.update(quiet_from="00:00", quiet_until="23:59:59")
    window = make.make_window(home, others=[other], title="联华")
    telling.tell_arrived(window=window, building=other.buildings.get(), place="大门 502室")

    assert said() == [("b", "【集单】【到货啦】联华")]
    message = GroupMessage.objects.get()
    assert message.text.split("\n")[1:3] == ["楼栋：1号楼", "取货地点：大门 ***"]
    assert message.available_at <= clock.database_now()


def test_reminder_after_the_cutoff_says_nothing() -> None:
    home = make.make_community()
    a_robot(home, "window.last_hour")
    window = make.make_window(home, minutes=30)
    moment = clock.database_now()
    OrderWindow.objects.filter(pk=window.pk).update(opens_at=moment - timedelta(hours=5))
    due.tell_last_hour(window_id=window.pk, revision=due.in_last_hour()[0].revision)
    make.pass_cutoff(window)

    assert said() == []
