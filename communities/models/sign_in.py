"""Signing in without a slip: one-time codes to a phone, accounts of a mini-program."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.people import User


class SignInCode(models.Model):
    """Somebody asked for a one-time code for a phone number, known here or not.

    The code itself is stored nowhere: it is computed from `nonce` and a key of the server, whenever it is sent or
    compared. `sends` grows when it is to be sent once more; the phone goes once it was sent.
    """

    MOST_TRIES = 5
    GOOD_FOR = timedelta(minutes=5)

    phone_index = models.CharField(max_length=64)
    phone_encrypted = models.BinaryField()
    nonce = models.CharField(max_length=32)
    # Hash of the claim of the device that asked; "" if it made none.
    asked_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    # Who is signed in and says that the number is his: it may be one that nobody has yet.
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sends = models.IntegerField(default=1)
    sent = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")
        constraints = [
            models.CheckConstraint(condition=Q(tries__range=(0, 5)), name="signincode_five_tries"),
            models.CheckConstraint(
                condition=Q(sent__gte=0, sends__gte=models.F("sent")), name="signincode_sent"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None, claim="") | Q(~Q(claim=""), used_at__isnull=False),
                name="signincode_used_by_a_claim",
            ),
        ]
        indexes = [
            # The newest of a phone number.
            models.Index(fields=["phone_index", "-id"], name="signincode_of_phone"),
            # What is still to be sent.
            models.Index(
                fields=["expires_at"],
                condition=Q(sent__lt=models.F("sends")),
                name="signincode_to_send",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at} ({self.pk})"


class MiniProgramIdentity(models.Model):
    """Whom a mini-program knows under an openid; of that only a keyed hash is stored, with the program's own id."""

    user = models.ForeignKey(User, models.CASCADE, related_name="mini_programs")
    digest = models.CharField(max_length=64, unique=True)
    bound_at = models.DateTimeField()

    class Meta:
        verbose_name = _("account of a mini-program")
        verbose_name_plural = _("accounts of a mini-program")

    def __str__(self) -> str:
        return f"{self.user_id} ({self.pk})"
