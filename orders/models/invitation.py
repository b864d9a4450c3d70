"""One community asks another to buy together."""

from __future__ import annotations

import uuid
from typing import ClassVar, cast

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from config.kernel.states import Transitions
from orders import states
from orders.models.template import WindowTemplate
from orders.models.window import OrderWindow
from orders.states import InvitationStatus

_LIVE = (InvitationStatus.INVITED, InvitationStatus.ACCEPTED)


class Invitation(models.Model):
    """To one window, or to every window of a template. Accepted, a window gets its WindowCommunity; of a template the
    accepted invitation itself says that the community is in.

    `minimum` is what the community must reach by itself, in the measure of the window or template; 0 for nothing.
    """

    transitions: ClassVar[Transitions] = states.INVITATION

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    window = models.ForeignKey(
        OrderWindow, models.CASCADE, related_name="invitations", null=True, editable=False
    )
    template = models.ForeignKey(
        WindowTemplate, models.CASCADE, related_name="invitations", null=True, editable=False
    )
    community = models.ForeignKey(Community, models.PROTECT, related_name="+")
    minimum = models.BigIntegerField(_("own minimum"), default=0)
    status = models.CharField(
        _("status"), max_length=20, choices=InvitationStatus, default=InvitationStatus.INVITED
    )
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(window__isnull=False, template=None)
                | Q(window=None, template__isnull=False),
                name="invitation_to_one_thing",
            ),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="invitation_minimum"),
            models.CheckConstraint(
                condition=Q(status__in=InvitationStatus.values), name="invitation_status_known"
            ),
            models.UniqueConstraint(
                fields=["window", "community"],
                condition=Q(status__in=_LIVE, window__isnull=False),
                name="invitation_to_window_once",
            ),
            models.UniqueConstraint(
                fields=["template", "community"],
                condition=Q(status__in=_LIVE, template__isnull=False),
                name="invitation_to_template_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} → {self.window_id or self.template_id} ({self.pk})"

    @property
    def host(self) -> OrderWindow | WindowTemplate:
        """What it is about."""
        return cast("OrderWindow | WindowTemplate", self.window or self.template)
