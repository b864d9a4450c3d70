"""A community with robots in three groups, and the houses that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from communities.groups.events import Event, name_event
from communities.groups.queueing import say
from communities.groups.robots import add_robot
from communities.models import Community, GroupRobot
from config.kernel import clock
from tests import factories as make
from tests.communities.groups.houses import Houses, Robot, standing_in

ADDRESSES = {
    "wecom": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={token}",
    "dingtalk": "https://oapi.dingtalk.com/robot/send?access_token={token}",
    "feishu": "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
}
TOPIC = "tests.said"
SHIFT = "tests.shift"
Tell = Callable[..., None]


@pytest.fixture
def houses(settings: Settings) -> Iterator[Houses]:
    with standing_in() as houses:
        settings.GROUP_ROBOTS_AT = houses.address
        yield houses


@pytest.fixture(autouse=True)
def _topics() -> None:
    name_event(Event(TOPIC, "said"))
    name_event(Event(SHIFT, "shift", waits=False))


@pytest.fixture
def community(transactional_db: None) -> Community:
    """Without quiet hours: tests run at night too."""
    community = make.make_community()
    Community.objects.filter(pk=community.pk).update(quiet_from="00:00", quiet_until="00:00")
    community.refresh_from_db()
    return community


def robot_of(
    community: Community, kind: str, houses: Houses | None = None, *, secret: str = ""
) -> tuple[GroupRobot, Robot]:
    """The row, and its other end if there is a house for it."""
    token = f"token-of-{kind}-{community.pk}"
    with transaction.atomic():
        row = add_robot(
            community=community,
            name=f"群-{kind}",
            address=ADDRESSES[kind].format(token=token),
            secret=secret,
            topics=[TOPIC, SHIFT],
            actor=make.SETUP,
        )
    there = Robot(secret=secret)
    if houses is not None:
        houses.robots[kind, token] = there
    return row, there


def tell(robot: GroupRobot, key: str, text: str = "到货", *, topic: str = TOPIC) -> None:
    """Good for an hour."""
    with transaction.atomic():
        say(
            robots=[GroupRobot.objects.select_related("community").get(pk=robot.pk)],
            topic=topic,
            event_key=key,
            text=text,
            useless_at=clock.database_now() + timedelta(hours=1),
        )
