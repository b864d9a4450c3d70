"""What robots are to say: rows beside the event that causes them, sent later by communities.groups.delivering."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from communities.groups import events
from communities.groups.formats import HOUSES, split_text
from communities.groups.guarding import for_group
from communities.groups.quiet import free_at
from communities.models import GroupMessage, GroupRobot
from communities.models.groups import GroupMessageStatus
from config.kernel import clock
from config.kernel.locks import require_atomic

# In front of every text: a robot that asks for a keyword asks for this one.
SIGNATURE = "【集单】"


def robots_for(*, community_ids: Iterable[int], topic: str) -> QuerySet[GroupRobot]:
    """Robots that are on and were given this event."""
    return GroupRobot.objects.filter(
        community_id__in=list(community_ids), events__contains=[topic], is_active=True
    ).select_related("community")


def say(
    *, robots: Iterable[GroupRobot], topic: str, event_key: str, text: str, useless_at: datetime
) -> None:
    """Once per robot and event. In the quiet hours of its community a text that may wait waits until their end; one
    that would be useless by then is not said at all, and the desk shows so.
    """
    require_atomic()
    moment = clock.database_now()
    for robot in robots:
        home = robot.community
        free = free_at(moment, zone=home.zone, start=home.quiet_from, end=home.quiet_until)
        put(
            robot=robot,
            topic=topic,
            event_key=event_key,
            text=text,
            available_at=free if events.waits(topic) else moment,
            useless_at=useless_at,
        )


def put(
    *,
    robot: GroupRobot,
    topic: str,
    event_key: str,
    text: str,
    available_at: datetime,
    useless_at: datetime,
) -> None:
    """In as many parts as the house asks for; phones (but for that on duty) and doors are taken out here, whoever wrote
    the text. Needs robot.community loaded.
    """
    said = for_group(SIGNATURE + text, duty=robot.community.service_phone)
    parts = split_text(said, HOUSES[robot.kind].room)
    late = available_at >= useless_at
    status = GroupMessageStatus.EXPIRED if late else GroupMessageStatus.WAITING
    GroupMessage.objects.bulk_create(
        [
            GroupMessage(
                robot=robot,
                event_key=event_key,
                topic=topic,
                part=part,
                text=piece,
                status=status,
                created_at=clock.now(),
                available_at=available_at,
                useless_at=useless_at,
            )
            for part, piece in enumerate(parts, start=1)
        ],
        ignore_conflicts=True,
    )
