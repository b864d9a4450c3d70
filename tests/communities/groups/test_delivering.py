"""Robots against a stand-in that enforces limits, sizes and signatures: all arrives, in order, never too fast."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.serializers import serialize
from django.db import transaction
from django.db.transaction import TransactionManagementError
from pytest_django import Settings

from communities.groups import delivering
from communities.groups.formats import Outcome, Verdict
from communities.groups.robots import change_robot, switch_robot, try_robot
from communities.groups.sending import send
from communities.models import Community, GroupMessage, GroupRobot
from config.kernel import clock, jobs
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from config.kernel.states import StaleStatus
from tests import factories as make
from tests.communities.groups.conftest import SHIFT, robot_of, tell
from tests.communities.groups.houses import Houses

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[[], None]


def later(settings: Settings, **span: float) -> None:
    settings.CLOCK_OFFSET_SECONDS += int(timedelta(**span).total_seconds())


def test_text_arrives_once_signed_if_the_group_asks_for_it(
    community: Community, houses: Houses, run_jobs: Run
) -> None:
    ends = []
    for secret in ("", "SECret0123456789"):
        home = make.make_community() if secret else community
        Community.objects.update(quiet_from="00:00", quiet_until="00:00")
        for kind in ("wecom", "dingtalk", "feishu"):
            robot, there = robot_of(home, kind, houses, secret=secret)
            there.keyword = "集单"
            ends.append(there)
            for _twice in range(2):
                tell(robot, "a", "【已截单】联华\n共 93 户")

    run_jobs()
    run_jobs()

    assert [there.texts for there in ends] == [["【集单】【已截单】联华\n共 93 户"]] * 6
    rows = GroupMessage.objects.values_list("status", "failures", "turn")
    assert list(rows) == [("sent", 0, 0)] * 6
    assert houses.refused == []


def test_twenty_a_minute_and_no_faster_in_order(
    community: Community, houses: Houses, run_jobs: Run, settings: Settings
) -> None:
    """45 texts for a robot that would be deaf for ten minutes after the 21st; another robot does not wait for it."""
    robot, there = robot_of(community, "dingtalk", houses, secret="SECret0123456789")
    other, beside = robot_of(community, "feishu", houses)
    for number in range(45):
        tell(robot, f"{number}", f"第{number}条")
    counts = []
    for _minute in range(3):
        for _turn in range(3):
            run_jobs()
        counts.append(len(there.heard))
        tell(other, f"beside {_minute}")
        run_jobs()
        later(settings, seconds=64)

    assert counts == [20, 40, 45]
    assert there.texts == [f"【集单】第{number}条" for number in range(45)]
    assert len(beside.heard) == 3
    assert houses.refused == []


def test_five_a_second_for_feishu(
    community: Community, houses: Houses, run_jobs: Run, settings: Settings
) -> None:
    robot, there = robot_of(community, "feishu", houses)
    for number in range(5):
        tell(robot, f"{number}")
    run_jobs()
    # As if all five had gone out in one moment, which has not passed yet.
    GroupMessage.objects.update(tried_at=clock.database_now() + timedelta(minutes=10))
    tell(robot, "5")
    run_jobs()
    assert len(there.heard) == 5

    later(settings, minutes=11)
    run_jobs()

    assert len(there.heard) == 6
    assert houses.refused == []


def test_long_text_comes_in_parts_of_their_size(
    community: Community, houses: Houses, run_jobs: Run
) -> None:
    robot, there = robot_of(community, "wecom", houses)
    lines = [f"{number}号楼 {'长' * 40}" for number in range(40)]
    tell(robot, "a", "\n".join(lines))

    run_jobs()

    assert len(there.texts) == 3
    assert "\n".join(there.texts).removeprefix("【集单】").split("\n") == lines
    assert max(len(text.encode()) for text in there.texts) <= 2048


def test_no_phone_and_no_door_arrives(community: Community, houses: Houses, run_jobs: Run) -> None:
    robot, there = robot_of(community, "wecom", houses)
    tell(robot, "a", "请到3号楼502室，电话 138 0013 8000")

    run_jobs()

    assert there.texts == ["【集单】请到3号楼***，电话 ***"]


def test_robot_that_is_not_let_in_stops_until_a_person_has_looked(
    community: Community, houses: Houses, run_jobs: Run
) -> None:
    for kind, secret, why in (
        ("wecom", "", "address"),
        ("feishu", "", "address"),
        ("dingtalk", "SECwrong", "security"),
    ):
        robot, there = robot_of(community, kind, houses, secret=secret)
        there.secret = secret and "SECnew"
        known = houses.robots if secret else houses.robots.copy()
        houses.robots = known if secret else {}
        houses.asked.clear()
        tell(robot, "a")
        tell(robot, "b")

        run_jobs()
        run_jobs()

        robot.refresh_from_db()
        assert (robot.is_active, robot.stopped, len(houses.asked)) == (False, why, 1)
        assert str(houses.refused[-1]) in robot.last_error
        assert set(robot.messages.values_list("status", flat=True)) == {"waiting"}
        assert AuditEntry.objects.filter(action="robot.stopped", subject_id=robot.pk).count() == 1
        houses.robots = known
        with transaction.atomic():
            mend(robot, secret="SECnew" if secret else "")
        run_jobs()
        assert len(there.heard) == 2


def mend(robot: GroupRobot, *, secret: str) -> None:
    """What a person does about it."""
    if not secret:
        switch_robot(robot=robot, on=True, actor=make.SETUP)
        return
    change_robot(
        robot=robot,
        name=robot.name,
        address="",
        secret=secret,
        forget_secret=False,
        topics=robot.events,
        actor=make.SETUP,
    )


def test_robot_that_was_too_fast_is_silent_as_long_as_its_house_says(
    community: Community, houses: Houses, run_jobs: Run, settings: Settings
) -> None:
    """Somebody else uses the robot too: ours could not know."""
    robot, there = robot_of(community, "dingtalk", houses)
    there.heard = [(clock.now(), "other")] * 20
    tell(robot, "a")

    run_jobs()
    later(settings, minutes=9)
    run_jobs()
    assert (len(houses.asked), houses.refused) == (1, [130101])

    later(settings, minutes=2)
    run_jobs()

    assert there.texts[20:] == ["【集单】到货"]
    assert GroupMessage.objects.get().failures == 0


def test_trouble_on_the_way_is_tried_again_later_and_later(
    community: Community, houses: Houses, run_jobs: Run, settings: Settings
) -> None:
    robot, there = robot_of(community, "wecom", houses)
    houses.trouble = [(502, b"bad gateway"), (200, b"<html>"), (200, {"errcode": -1})]
    tell(robot, "a")
    asked = []
    for _turn in range(5):
        run_jobs()
        asked.append(len(houses.asked))
        later(settings, seconds=21)

    assert asked == [1, 2, 3, 4, 4]
    assert there.texts == ["【集单】到货"]
    assert GroupMessage.objects.get().failures == 3


def test_house_that_is_away_costs_eight_tries_and_no_job(
    community: Community, run_jobs: Run, settings: Settings
) -> None:
    robot, _there = robot_of(community, "wecom")
    # Nobody listens at port 9.
    settings.GROUP_ROBOTS_AT = "http://127.0.0.1:9"
    tell(robot, "a")
    for _turn in range(10):
        run_jobs()
        GroupMessage.objects.update(available_at=clock.database_now())

    message = GroupMessage.objects.get()
    assert (message.status, message.failures) == ("failed", 8)
    assert message.last_error == "ConnectionError"
    assert not Job.objects.filter(stage=delivering.STAGE, done_at=None).exists()


def test_text_that_is_refused_does_not_hold_up_the_next(
    community: Community, houses: Houses, run_jobs: Run
) -> None:
    robot, there = robot_of(community, "wecom", houses)
    houses.trouble = [(200, {"errcode": 45002, "errmsg": "content size out of limit"})]
    tell(robot, "a", "eins")
    tell(robot, "b", "zwei")

    run_jobs()

    assert there.texts == ["【集单】zwei"]
    rows = GroupMessage.objects.order_by("pk").values_list("status", "last_error")
    assert list(rows) == [("failed", "45002 content size out of limit"), ("sent", "")]


def test_redirect_is_not_followed(community: Community, houses: Houses, run_jobs: Run) -> None:
    robot, _there = robot_of(community, "wecom", houses)
    houses.trouble = [(302, b"")]
    tell(robot, "a")

    run_jobs()

    robot.refresh_from_db()
    assert (robot.stopped, robot.last_error) == ("address", "HTTP 302")
    assert len(houses.asked) == 1


def test_worker_that_dies_after_the_letter_sends_it_again(
    community: Community, houses: Houses, run_jobs: Run
) -> None:
    """At least once: the answer was lost with the worker. The claim runs out, and the next one does the same turn."""
    robot, there = robot_of(community, "wecom", houses)
    tell(robot, "a")
    (job_id,) = jobs.sweep([delivering.STAGE])
    job = Job.objects.get(pk=job_id)
    with transaction.atomic():
        ready = delivering.begin(message_id=job.subject_id, turn=job.revision)
    assert ready is not None
    send(ready.kind, token=ready.token, secret="", text=ready.text, at=clock.now())

    run_jobs()

    assert len(there.texts) == 2
    assert GroupMessage.objects.get().status == "sent"


def test_verdict_of_a_turn_that_is_over_changes_nothing(
    community: Community, houses: Houses, run_jobs: Run
) -> None:
    robot, _there = robot_of(community, "wecom", houses)
    tell(robot, "a")
    run_jobs()
    before = serialize("json", [*GroupMessage.objects.all(), *GroupRobot.objects.all()])

    with pytest.raises(StaleStatus), transaction.atomic():
        delivering.finish(
            message_id=GroupMessage.objects.get().pk, turn=1, verdict=Verdict(Outcome.GONE)
        )

    assert serialize("json", [*GroupMessage.objects.all(), *GroupRobot.objects.all()]) == before


def test_send_inside_a_transaction_is_refused(community: Community, houses: Houses) -> None:
    with pytest.raises(TransactionManagementError), transaction.atomic():
        send("wecom", token="abcdefgh", secret="", text="a", at=clock.now())
    assert houses.asked == []


def test_useless_text_is_not_sent(
    community: Community, houses: Houses, run_jobs: Run, settings: Settings
) -> None:
    robot, there = robot_of(community, "wecom", houses)
    with transaction.atomic():
        switch_robot(robot=robot, on=False, actor=make.SETUP)
    GroupRobot.objects.update(is_active=True)
    tell(robot, "a")
    GroupRobot.objects.update(is_active=False)
    run_jobs()
    later(settings, hours=2)
    with transaction.atomic():
        switch_robot(robot=robot, on=True, actor=make.SETUP)
    tell(robot, "b", "neu")

    run_jobs()

    assert there.texts == ["【集单】neu"]
    assert GroupMessage.objects.get(event_key="a").status == "expired"


def test_quiet_hours_hold_back_what_may_wait_and_no_shift(
    community: Community, houses: Houses, run_jobs: Run
) -> None:
    """Quiet all day but for the minute before midnight."""
    Community.objects.update(quiet_from="00:00", quiet_until="23:59:59")
    robot, there = robot_of(community, "wecom", houses)
    tell(robot, "waits")
    tell(robot, "shift", "请到门口卸货", topic=SHIFT)
    with transaction.atomic():
        try_robot(robot=robot, actor=make.SETUP)
        try_robot(robot=robot, actor=make.SETUP)

    run_jobs()

    assert there.texts == [
        "【集单】请到门口卸货",
        "【集单】这是一条测试：机器人“群-wecom”能在本群发消息。",
    ]
    held = GroupMessage.objects.get(event_key="waits")
    late = held.available_at >= held.useless_at
    assert held.status == ("expired" if late else "waiting")


def test_token_and_secret_stand_nowhere_in_clear(
    community: Community, houses: Houses, run_jobs: Run, caplog: pytest.LogCaptureFixture
) -> None:
    robot, _there = robot_of(community, "dingtalk", houses, secret="SECret0123456789")
    tell(robot, "a")
    with caplog.at_level("DEBUG"):
        run_jobs()

    rows = [*GroupRobot.objects.all(), *GroupMessage.objects.all(), *AuditEntry.objects.all()]
    everything = json.dumps(json.loads(serialize("json", rows))) + repr(rows)
    for word in (f"token-of-dingtalk-{community.pk}", "SECret0123456789"):
        assert word not in everything
