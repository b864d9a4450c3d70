"""How a person comes to a household: the code on its slip, and the wish to join that somebody approves."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.people import User
from communities.models.places import Community, Household
from communities.states import JOINING, JoinStatus
from config.kernel.constraints import CompositeForeignKey
from config.kernel.states import Transitions


class HouseholdCode(models.Model):
    """The code on a household's slip (一户一码). Only a keyed hash is stored; one is live, a new one ends the old."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(_("until"), null=True)
    used = models.IntegerField(_("used"), default=0)

    class Meta:
        verbose_name = _("household code")
        verbose_name_plural = _("household codes")
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ended_at=None), name="householdcode_one_live"
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="householdcode_used_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} ({self.pk})"


class JoinRequest(models.Model):
    """Somebody with a slip asks to order for its household. Name, phone and place are here only while it waits, the
    device's name until it has its token.

    `user` is who asks while signed in, or the account that the approval made; without one the device proves by its
    claim (stored as a hash) that it asked.
    """

    transitions: ClassVar[Transitions] = JOINING

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(Community, models.PROTECT, verbose_name=_("community"))
    household = models.ForeignKey(
        Household,
        models.CASCADE,
        related_name="join_requests",
        db_constraint=False,
        verbose_name=_("household"),
    )
    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="join_requests", verbose_name=_("account")
    )
    status = models.CharField(
        _("state"), max_length=10, choices=JoinStatus, default=JoinStatus.WAITING
    )
    name = models.CharField(_("name"), max_length=40, blank=True, default="")
    phone_encrypted = models.BinaryField(null=True)
    phone_index = models.CharField(max_length=64, blank=True, default="")
    phone_masked = models.CharField(_("phone"), max_length=20, blank=True, default="")
    lives_elsewhere = models.BooleanField(_("lives elsewhere"), default=False)
    device = models.CharField(_("device"), max_length=60, blank=True, default="")
    # Keyed hash of the address that asked: one alone must not take all the places.
    place = models.CharField(max_length=64, blank=True, default="", db_default="")
    consent = models.CharField(_("version of the consent"), max_length=20)
    claim = models.CharField(max_length=64, unique=True, null=True)
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    token_at = models.DateTimeField(_("token taken"), null=True)

    class Meta:
        verbose_name = _("wish to join")
        verbose_name_plural = _("wishes to join")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=JoinStatus.WAITING, decided_at=None)
                | Q(~Q(status=JoinStatus.WAITING), decided_at__isnull=False),
                name="joinrequest_waits_or_is_decided",
            ),
            # What was only asked for goes with the decision; what was approved is the resident's by then.
            models.CheckConstraint(
                condition=Q(status=JoinStatus.WAITING)
                | Q(name="", phone_encrypted=None, phone_index="", phone_masked=""),
                name="joinrequest_forgets",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=False) | Q(user__isnull=False),
                name="joinrequest_of_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=JoinStatus.APPROVED) | Q(user__isnull=False),
                name="joinrequest_approved_has_account",
            ),
            models.CheckConstraint(
                condition=Q(token_at=None) | Q(status=JoinStatus.APPROVED),
                name="joinrequest_token_after_approval",
            ),
            CompositeForeignKey(
                name="joinrequest_household_same_community",
                fields=["household", "community"],
                to="communities.Household",
                to_fields=["id", "community"],
            ),
        ]
        indexes = [
            # The desk: who waits; the limit of a household; what has waited too long.
            models.Index(
                fields=["community", "household"],
                condition=Q(status=JoinStatus.WAITING),
                name="joinrequest_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} ({self.pk})"
