"""Sending: found by state, one letter of a robot at a time, HTTP between two short transactions.

At least once: who dies after the letter and before the second transaction sends it again. The limits of the houses are
kept here, by PostgreSQL's clock, for all workers together; a robot that must wait holds up no other one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from communities import personal
from communities.groups.formats import HOUSES, Outcome, Verdict
from communities.groups.sending import send
from communities.models import GroupMessage, GroupRobot
from communities.models.groups import GroupMessageStatus
from config.kernel import audit, clock
from config.kernel.audit import SYSTEM
from config.kernel.checkpoints import reach
from config.kernel.jobs import Job, Stage, Subject, register
from config.kernel.masking import mask
from config.kernel.states import StaleStatus, advance

STAGE = "communities.robots"
# After so many failures a text is given up.
MAX_FAILURES = 8
# Longer than their minute: letters of ours may overtake each other on the way.
_MARGIN = timedelta(seconds=3)
_STOPS = {
    Outcome.GONE: GroupRobot.Stopped.ADDRESS,
    Outcome.SHUT: GroupRobot.Stopped.SECURITY,
}


def register_stage() -> None:
    """Called once when the app is ready."""
    register(Stage(STAGE, _run, due, then=(STAGE,)))


def due() -> list[Subject]:
    """The first text of each robot that may speak now. One statement."""
    moment = clock.database_now()
    free = Q(robot__blocked_until=None) | Q(robot__blocked_until__lte=moment)
    waiting = GroupMessage.objects.filter(
        free,
        status=GroupMessageStatus.WAITING,
        available_at__lte=moment,
        robot__is_active=True,
    )
    heads = waiting.order_by("robot_id", "pk").distinct("robot_id")
    return [Subject("group_message", pk, turn + 1) for pk, turn in heads.values_list("pk", "turn")]


@dataclass(frozen=True)
class _Ready:
    """What is sent once the first transaction has ended."""

    kind: str
    token: str
    secret: str
    text: str


def _run(job: Job) -> None:
    with transaction.atomic(durable=True):
        ready = begin(message_id=job.subject_id, turn=job.revision)
    if ready is None:
        return
    verdict = send(
        ready.kind, token=ready.token, secret=ready.secret, text=ready.text, at=clock.now()
    )
    reach("robot spoken to")
    with transaction.atomic(durable=True):
        finish(message_id=job.subject_id, turn=job.revision, verdict=verdict)


def begin(*, message_id: int, turn: int) -> _Ready | None:
    """Take the text's turn; None if it has to wait, or is useless by now. Raises StaleStatus if it is somebody else's
    turn. Locks the robot's row, so that two workers count its letters one after the other.
    """
    message, robot, moment = _locked(message_id, turn)
    if moment >= message.useless_at:
        advance(message, to=GroupMessageStatus.EXPIRED)
        return None
    if not robot.is_active:
        raise StaleStatus()
    free = _free_at(robot, message, moment)
    if free > moment:
        GroupRobot.objects.filter(pk=robot.pk).update(blocked_until=free)
        _wait(message, until=message.available_at)
        return None
    GroupMessage.objects.filter(pk=message.pk).update(tried_at=moment)
    secret = robot.secret_encrypted
    return _Ready(
        robot.kind,
        personal.decrypt(bytes(robot.token_encrypted)),
        personal.decrypt(bytes(secret)) if secret else "",
        message.text,
    )


def finish(*, message_id: int, turn: int, verdict: Verdict) -> None:
    """Write down what became of it. Raises StaleStatus if another worker has done so. Locks the robot's row."""
    message, robot, moment = _locked(message_id, turn)
    said = mask(verdict.said)[:300]
    if verdict.outcome == Outcome.SENT:
        advance(message, to=GroupMessageStatus.SENT, sent_at=moment, last_error="")
        return
    GroupRobot.objects.filter(pk=robot.pk).update(last_error=said, last_error_at=moment)
    if verdict.outcome in _STOPS:
        _stop(robot, _STOPS[verdict.outcome])
        _wait(message, until=moment, last_error=said)
    elif verdict.outcome == Outcome.TOO_FAST:
        free = moment + HOUSES[robot.kind].block
        GroupRobot.objects.filter(pk=robot.pk).update(blocked_until=free)
        _wait(message, until=free, last_error=said)
    elif verdict.outcome == Outcome.REFUSED or message.failures + 1 >= MAX_FAILURES:
        advance(
            message,
            to=GroupMessageStatus.FAILED,
            last_error=said,
            failures=message.failures + 1,
        )
    else:
        pause = timedelta(seconds=min(600, 5 * 2**message.failures))
        _wait(message, until=moment + pause, last_error=said, failures=message.failures + 1)


def _locked(message_id: int, turn: int) -> tuple[GroupMessage, GroupRobot, datetime]:
    seen = GroupMessage.objects.get(pk=message_id)
    robot = GroupRobot.objects.select_for_update().get(pk=seen.robot_id)
    message = GroupMessage.objects.get(pk=message_id)
    if message.status != GroupMessageStatus.WAITING or message.turn + 1 != turn:
        raise StaleStatus()
    return message, robot, clock.database_now()


def _free_at(robot: GroupRobot, message: GroupMessage, moment: datetime) -> datetime:
    """When the limits of its house let the robot speak. Caller holds the robot's row."""
    free = moment
    others = GroupMessage.objects.filter(robot=robot).exclude(pk=message.pk)
    for most, period in HOUSES[robot.kind].limits:
        span = period + min(_MARGIN, period)
        recent = others.filter(tried_at__gt=moment - span).order_by("-tried_at")
        oldest = list(recent.values_list("tried_at", flat=True)[:most])
        if len(oldest) == most and oldest[-1] is not None:
            free = max(free, oldest[-1] + span)
    return free


def _wait(message: GroupMessage, *, until: datetime, **changes: object) -> None:
    """Back into the queue: another turn, another job."""
    GroupMessage.objects.filter(pk=message.pk).update(
        available_at=until, turn=F("turn") + 1, **changes
    )


def _stop(robot: GroupRobot, why: str) -> None:
    """Nothing goes until a person has looked: the desk says so in red."""
    if GroupRobot.objects.filter(pk=robot.pk, is_active=True).update(is_active=False, stopped=why):
        audit.record(
            actor=SYSTEM,
            action="robot.stopped",
            subject=("robot", robot.pk),
            community_id=robot.community_id,
            data={"name": robot.name, "why": str(why)},
        )
