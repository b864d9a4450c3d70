"""E-mail as one more way to a person: where to, when not, and what is on its way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.groups import GroupMessageStatus
from communities.models.inbox import InboxMessage
from communities.models.people import User
from config.kernel.states import Transitions


class Mailbox(models.Model):
    """Where a person wants his messages besides the inbox. Nothing but codes goes there before he has typed the one
    that was sent there: an address that is not his would be flooded in his name.

    `quiet_from` and `quiet_until` are his own quiet hours, on the clock of his community; None: the community's.
    """

    MOST_TRIES = 5

    user = models.OneToOneField(
        User, models.CASCADE, primary_key=True, related_name="mailbox", verbose_name=_("account")
    )
    address_encrypted = models.BinaryField()
    address_masked = models.CharField(_("address"), max_length=80)
    quiet_from = models.TimeField(_("quiet from"), null=True)
    quiet_until = models.TimeField(_("quiet until"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    # The code is computed of it and a key of the server; it is stored nowhere.
    nonce = models.CharField(max_length=32)
    asked_at = models.DateTimeField(_("asked"))
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=5), name="mailbox_five_tries"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="mailbox_quiet_both_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class MailMessage(models.Model):
    """One letter: what stands in an inbox, or without `message` the code that confirms the address. Once per person and
    event; at least once on the wire. `turn` grows with each try.
    """

    S = GroupMessageStatus
    transitions: ClassVar[Transitions] = Transitions({S.WAITING: {S.SENT, S.FAILED, S.EXPIRED}})

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="letters")
    message = models.OneToOneField(InboxMessage, models.CASCADE, related_name="letter", null=True)
    status = models.CharField(
        _("status"), max_length=10, choices=GroupMessageStatus, default=GroupMessageStatus.WAITING
    )
    created_at = models.DateTimeField(_("created"))
    available_at = models.DateTimeField(_("not before"))
    turn = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.CharField(_("last error"), max_length=80, blank=True, default="")

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=GroupMessageStatus.values), name="letter_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at=None)),
                name="letter_sent_has_time",
            ),
        ]
        indexes = [
            # mailing.sending.due: what waits.
            models.Index(
                fields=["available_at", "id"], name="letter_due", condition=Q(status="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id} ({self.pk})"
