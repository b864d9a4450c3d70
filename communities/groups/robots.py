"""Set up and look after group robots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from communities import personal
from communities.groups import events
from communities.groups.formats import NoRobot, parse_address
from communities.groups.queueing import put
from communities.models import Community, GroupRobot
from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.locks import require_atomic


class SwitchedOff(DomainError):
    code = "robot_off"
    detail = _("The robot is switched off. Switch it on first.")


_TEST_GOOD_FOR = timedelta(minutes=10)


def add_robot(
    *,
    community: Community,
    name: str,
    address: str,
    secret: str,
    topics: Sequence[str],
    actor: Actor,
) -> GroupRobot:
    """`address` is the webhook's as the group's settings show it; the kind follows from its host. Raises Invalid for
    another address, for a topic that there is not, and for a name or a robot that the community has already.
    """
    require_atomic()
    kind, token = _read(address)
    robot = GroupRobot(
        community=community, name=name, events=_known(topics), created_at=clock.now(), kind=kind
    )
    _set_secrets(robot, token=token, secret=secret)
    _save(robot, force_insert=True)
    _record(robot, actor, "robot.added", kind=kind)
    return robot


def change_robot(
    *,
    robot: GroupRobot,
    name: str,
    address: str,
    secret: str,
    forget_secret: bool,
    topics: Sequence[str],
    actor: Actor,
) -> None:
    """An empty address or secret leaves what there is; a new address switches a stopped robot on again. Raises Invalid,
    as add_robot does.
    """
    require_atomic()
    robot = GroupRobot.objects.select_for_update().get(pk=robot.pk)
    robot.name, robot.events = name, _known(topics)
    changed = ["name", "events"]
    if address:
        robot.kind, token = _read(address)
        _set_secrets(robot, token=token, secret="")
        changed += ["kind", "token_encrypted", "token_index", "secret_encrypted"]
    if secret:
        robot.secret_encrypted = personal.encrypt(secret)
    elif forget_secret:
        robot.secret_encrypted = None
    if secret or forget_secret:
        changed.append("secret_encrypted")
    if (address or secret or forget_secret) and robot.stopped:
        robot.is_active, robot.stopped, robot.blocked_until = True, "", None
        changed += ["is_active", "stopped", "blocked_until"]
    _save(robot, update_fields=sorted(set(changed)))
    _record(robot, actor, "robot.changed", fields=sorted(set(changed)))


def switch_robot(*, robot: GroupRobot, on: bool, actor: Actor) -> None:
    """What waited while it was off goes out when it is switched on, unless it has become useless. The second time
    changes nothing.
    """
    require_atomic()
    rows = GroupRobot.objects.filter(pk=robot.pk).exclude(is_active=on)
    if rows.update(is_active=on, stopped="", blocked_until=None):
        _record(robot, actor, "robot.switched_on" if on else "robot.switched_off")


def try_robot(*, robot: GroupRobot, actor: Actor) -> None:
    """Queue a test text, which no quiet hours hold; one a minute. Raises SwitchedOff."""
    require_atomic()
    if not robot.is_active:
        raise SwitchedOff()
    moment = clock.database_now()
    text = str(_("This is a test: the robot “%(name)s” reaches this group.") % {"name": robot.name})
    put(
        robot=robot,
        topic=events.TEST,
        event_key=f"{events.TEST}:{robot.pk}:{moment:%Y%m%d%H%M}",
        text=text,
        available_at=moment,
        useless_at=moment + _TEST_GOOD_FOR,
    )
    _record(robot, actor, "robot.tested")


def _read(address: str) -> tuple[str, str]:
    try:
        return parse_address(address)
    except NoRobot as error:
        sentence = _(
            "This is not the address of a robot of WeCom, DingTalk or Feishu. Copy it whole from the group's settings."
        )
        raise Invalid(fields={"address": [sentence]}) from error


def _known(topics: Sequence[str]) -> list[str]:
    known = [event.topic for event in events.events()]
    if set(topics) - set(known):
        raise Invalid(fields={"events": [_("There is no such event.")]})
    return [topic for topic in known if topic in topics]


def _set_secrets(robot: GroupRobot, *, token: str, secret: str) -> None:
    robot.token_encrypted = personal.encrypt(token)
    robot.token_index = personal.blind_index(token)
    robot.secret_encrypted = personal.encrypt(secret) if secret else None


def _save(robot: GroupRobot, **how: Any) -> None:
    try:
        with transaction.atomic():
            robot.save(**how)
    except IntegrityError as error:
        sentences = {
            "robot_name_in_community": (
                "name",
                _("The community has a robot of this name already."),
            ),
            "robot_once_in_community": ("address", _("The community has this robot already.")),
        }
        for constraint, (field, sentence) in sentences.items():
            if constraint in str(error):
                raise Invalid(fields={field: [sentence]}) from error
        raise


def _record(robot: GroupRobot, actor: Actor, action: str, **data: object) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("robot", robot.pk),
        community_id=robot.community_id,
        data={"name": robot.name, **data},
    )
