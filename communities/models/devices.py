"""Where somebody is signed in."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken


class Device(models.Model):
    """One device and its token; it goes with the token. `used_at` is coarse: written once a day at most."""

    class Via(models.TextChoices):
        CONSOLE = "console", _("given by a coordinator")
        SLIP = "slip", _("household slip")
        PHONE = "phone", _("one-time code")
        MINI_PROGRAM = "mini_program", _("mini-program")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token = models.OneToOneField(AuthToken, models.CASCADE, related_name="device")
    name = models.CharField(_("name"), max_length=60, blank=True, default="")
    via = models.CharField(_("signed in by"), max_length=20, choices=Via, default=Via.CONSOLE)
    used_at = models.DateTimeField(_("last used"))

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return f"{self.public_id} ({self.pk})"
