"""The states of picking and of bags."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.states import Transitions


class PickListStatus(models.TextChoices):
    READY = "ready", _("to be picked")
    PICKING = "picking", _("being picked")
    PACKED = "packed", _("packed")
    SUPERSEDED = "superseded", _("superseded")


P = PickListStatus
PICK_LIST = Transitions({P.READY: {P.PICKING, P.SUPERSEDED}, P.PICKING: {P.PACKED}})
CURRENT = (P.READY, P.PICKING, P.PACKED)
