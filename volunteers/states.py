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


class CallStatus(models.TextChoices):
    WAITING = "waiting", _("to be called")
    TAKEN = "taken", _("being called")
    DONE = "done", _("settled")


C = CallStatus
# Nobody answered: it waits again. Whoever was called may be called once more.
CALL = Transitions({C.WAITING: {C.TAKEN, C.DONE}, C.TAKEN: {C.WAITING, C.DONE}, C.DONE: {C.TAKEN}})
P = PickListStatus
PICK_LIST = Transitions({P.READY: {P.PICKING, P.SUPERSEDED}, P.PICKING: {P.PACKED}})
CURRENT = (P.READY, P.PICKING, P.PACKED)
