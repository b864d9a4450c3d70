"""What a reviewer decided about something that was shown to him."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models import User
from orders.models.window import OrderWindow


class FlagDecision(models.Model):
    """`key` names the flag (kind and ids); with a decision it is not shown again."""

    window = models.ForeignKey(OrderWindow, models.CASCADE, related_name="flag_decisions")
    key = models.CharField(_("flag"), max_length=80)
    reason = models.CharField(_("reason"), max_length=200)
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision on a flag")
        verbose_name_plural = _("decisions on flags")
        constraints = [
            models.UniqueConstraint(fields=["window", "key"], name="flag_decided_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="flag_decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.key}"
