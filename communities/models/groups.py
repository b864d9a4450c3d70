"""Robots in chat groups, and what they are to say."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.models.places import Community
from config.kernel.states import Transitions


class GroupRobot(models.Model):
    """A robot of WeCom, DingTalk or Feishu. Whoever knows its token speaks in the group: token and secret are encrypted
    and never shown again. `events` are topics; `blocked_until` is what its house told us to wait.
    """

    class Kind(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    class Stopped(models.TextChoices):
        """Why it was switched off without a person."""

        ADDRESS = "address", _("The robot is gone, or its address is wrong.")
        SECURITY = "security", _("Its signature, keyword or list of addresses does not fit.")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(
        Community, models.PROTECT, related_name="robots", verbose_name=_("community")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=40)
    token_encrypted = models.BinaryField()
    token_index = models.CharField(max_length=64)
    secret_encrypted = models.BinaryField(null=True)
    events = ArrayField(models.CharField(max_length=60), verbose_name=_("events"))
    is_active = models.BooleanField(_("switched on"), default=True)
    stopped = models.CharField(
        _("stopped because"), max_length=10, choices=Stopped, blank=True, default=""
    )
    last_error = models.CharField(_("last error"), max_length=300, blank=True, default="")
    last_error_at = models.DateTimeField(_("last error at"), null=True)
    blocked_until = models.DateTimeField(_("waits until"), null=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("group robot")
        verbose_name_plural = _("group robots")
        constraints = [
            models.UniqueConstraint(fields=["community", "name"], name="robot_name_in_community"),
            # The same robot twice would say everything twice.
            models.UniqueConstraint(
                fields=["community", "token_index"], name="robot_once_in_community"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["wecom", "dingtalk", "feishu"]), name="robot_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(stopped="") | Q(is_active=False), name="robot_stopped_is_off"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class GroupMessageStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("group message", "waiting")
    SENT = "sent", pgettext_lazy("group message", "sent")
    FAILED = "failed", pgettext_lazy("group message", "not sent")
    EXPIRED = "expired", pgettext_lazy("group message", "too late, not sent")


class GroupMessage(models.Model):
    """A text for one robot, once per event and part. It names no person, no phone and no door. At least once: after a
    lost answer it is said again. `turn` grows each time that it goes back to waiting: one job for each.
    """

    S = GroupMessageStatus
    transitions: ClassVar[Transitions] = Transitions({S.WAITING: {S.SENT, S.FAILED, S.EXPIRED}})

    robot = models.ForeignKey(GroupRobot, models.CASCADE, related_name="messages")
    event_key = models.CharField(_("event"), max_length=120)
    topic = models.CharField(_("topic"), max_length=60)
    part = models.PositiveSmallIntegerField(_("part"), default=1)
    text = models.TextField(_("text"))
    status = models.CharField(
        _("status"), max_length=10, choices=GroupMessageStatus, default=GroupMessageStatus.WAITING
    )
    created_at = models.DateTimeField(_("created"))
    available_at = models.DateTimeField(_("not before"))
    useless_at = models.DateTimeField(_("useless from"))
    turn = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    tried_at = models.DateTimeField(_("tried"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("group message")
        verbose_name_plural = _("group messages")
        constraints = [
            models.UniqueConstraint(
                fields=["robot", "event_key", "part"], name="group_message_once_per_event"
            ),
            models.CheckConstraint(
                condition=Q(status__in=GroupMessageStatus.values),
                name="group_message_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at=None)),
                name="group_message_sent_has_time",
            ),
        ]
        indexes = [
            # delivering.due: what waits, by robot.
            models.Index(
                fields=["robot", "id"], name="group_message_due", condition=Q(status="waiting")
            ),
            # delivering: how many went out in the last minute.
            models.Index(fields=["robot", "-tried_at"], name="group_message_tried"),
        ]

    def __str__(self) -> str:
        return f"{self.robot_id} {self.event_key} {self.part}"
