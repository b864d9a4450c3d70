"""What the program told a person, inside the program."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from communities.models.people import User


class InboxMessage(models.Model):
    """Once per person and event. `kind` names the sentence, `data` its numbers; the text is made on reading."""

    user = models.ForeignKey(User, models.CASCADE, related_name="inbox", verbose_name=_("account"))
    event_key = models.CharField(_("event"), max_length=120)
    kind = models.CharField(_("kind"), max_length=60)
    data = models.JSONField(_("data"), default=dict)
    created_at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["user", "event_key"], name="inbox_once_per_event")
        ]
        indexes = [
            # notices.count_unread and mark_read: an inbox only grows, what is new in it is short.
            models.Index(fields=["user"], name="inbox_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.event_key}"
