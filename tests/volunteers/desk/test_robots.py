"""Robots on the desk: what goes in, what is never shown again, what stands there when one is silent."""

from __future__ import annotations

import pytest

from communities.groups.robots import add_robot
from communities.models import GroupMessage, GroupRobot
from config.kernel import clock
from tests import factories as make
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import DESK, offences, told

pytestmark = pytest.mark.django_db

TOKEN = "0123456789abcdef-token"
ADDRESS = f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"
ROBOTS = f"{DESK}robots/"


def a_robot(world: World) -> GroupRobot:
    return add_robot(
        community=world.home,
        name="志愿者群",
        address=ADDRESS,
        secret="SECgeheim",
        topics=["window.opened"],
        actor=make.SETUP,
    )


def test_robot_is_set_up_tried_and_its_secrets_are_not_shown_again(
    world: World, enter: Enter
) -> None:
    client = enter(world.organiser)
    given = {
        "community": world.home.pk,
        "name": "志愿者群",
        "address": ADDRESS,
        "secret": "SECgeheim",
        "events": ["window.opened", "window.closed"],
    }

    first = client.post(f"{ROBOTS}new/", given)
    second = client.post(f"{ROBOTS}new/", given)

    robot = GroupRobot.objects.get()
    assert (robot.kind, robot.events) == ("dingtalk", ["window.opened", "window.closed"])
    assert told(first) == ["添加好了，请发一条测试。"]
    assert told(second)[-1] == "小区里已有这个名字的机器人。"
    address = f"{ROBOTS}{robot.public_id}/"
    client.post(f"{address}test/")
    pages = [client.get(ROBOTS), client.get(address), second]
    for page in pages:
        assert offences(page) == []
        assert "SECgeheim" not in page.content.decode()
    assert all(TOKEN not in page.content.decode() for page in pages[:2])
    assert "这是一条测试" in pages[1].content.decode()
    assert GroupMessage.objects.get().status == "waiting"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:5432/",
        "https://evil.example/robot/send?access_token=0123456789",
        "随便写的",
        "\0",
        "a" * 401,
    ],
)
def test_other_address_is_refused_with_a_sentence(world: World, enter: Enter, address: str) -> None:
    given = {"community": world.home.pk, "name": "群", "address": address}

    page = enter(world.organiser).post(f"{ROBOTS}new/", given)

    assert page.status_code == 200
    assert not GroupRobot.objects.exists()
    assert page.context["form"].errors or told(page)


def test_change_without_an_address_keeps_the_old_one(world: World, enter: Enter) -> None:
    robot = a_robot(world)
    kept = bytes(robot.token_encrypted), bytes(robot.secret_encrypted or b"")

    client = enter(world.organiser)
    client.post(f"{ROBOTS}{robot.public_id}/", {"name": "新名", "events": []})

    robot.refresh_from_db()
    assert (robot.name, robot.events) == ("新名", [])
    assert (bytes(robot.token_encrypted), bytes(robot.secret_encrypted or b"")) == kept
    client.post(f"{ROBOTS}{robot.public_id}/", {"name": "新名", "forget_secret": "on"})
    robot.refresh_from_db()
    assert robot.secret_encrypted is None


def test_stopped_robot_stands_on_the_desk_until_it_is_switched_on(
    world: World, enter: Enter
) -> None:
    robot = a_robot(world)
    GroupRobot.objects.update(
        is_active=False,
        stopped="security",
        last_error="310000 sign not match",
        last_error_at=clock.now(),
    )
    client = enter(world.organiser)
    assert "群机器人“志愿者群”发不出消息了" in client.get(DESK).content.decode()
    assert "310000 sign not match" in client.get(ROBOTS).content.decode()
    assert "发不出消息了" not in enter(world.volunteer).get(DESK).content.decode()
    refused = client.post(f"{ROBOTS}{robot.public_id}/test/")
    assert told(refused) == ["机器人已关闭，请先开启。"]

    client.post(f"{ROBOTS}{robot.public_id}/switch/", {"on": "1"})

    robot.refresh_from_db()
    assert (robot.is_active, robot.stopped) == (True, "")
    assert "发不出消息了" not in client.get(DESK).content.decode()
