"""The states of a round and the steps between them. Named groups, so that no caller spells a list of states."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.states import Transitions


class WindowStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    READY = "ready", _("ready to open")
    OPEN = "open", _("open")
    HELD = "held", _("below the minimum, to be decided")
    CLOSED = "closed", _("closed")
    SETTLED = "settled", _("settled")
    CANCELLED = "cancelled", _("cancelled")


W = WindowStatus
WINDOW = Transitions(
    {
        W.DRAFT: {W.READY, W.CANCELLED},
        W.READY: {W.DRAFT, W.OPEN, W.CANCELLED},
        W.OPEN: {W.CLOSED, W.HELD, W.CANCELLED},
        W.HELD: {W.OPEN, W.CLOSED, W.CANCELLED},
        W.CLOSED: {W.OPEN, W.SETTLED, W.CANCELLED},
    }
)
# What residents may see.
PUBLISHED = (W.OPEN, W.HELD, W.CLOSED, W.SETTLED, W.CANCELLED)
# What may still be edited.
UNPUBLISHED = (W.DRAFT, W.READY)


class JoinStatus(models.TextChoices):
    JOINED = "joined", _("joined")
    CANCELLED = "cancelled", _("cancelled")


JOIN = Transitions({JoinStatus.JOINED: {JoinStatus.CANCELLED}})


class OrderStatus(models.TextChoices):
    PLACED = "placed", _("placed")
    CANCELLED = "cancelled", _("cancelled")


ORDER = Transitions({OrderStatus.PLACED: {OrderStatus.CANCELLED}})


class WaitingStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SERVED = "served", _("served")
    LEFT = "left", _("given up")
    LAPSED = "lapsed", _("lapsed")


V = WaitingStatus
WAITING = Transitions({V.WAITING: {V.SERVED, V.LEFT, V.LAPSED}})


class SupplierOrderStatus(models.TextChoices):
    PREPARED = "prepared", _("prepared")
    CHECKED = "checked", _("checked")
    RELEASED = "released", _("released")
    SUPERSEDED = "superseded", _("superseded")
    WITHDRAWN = "withdrawn", _("withdrawn")


S = SupplierOrderStatus
# An unreleased revision is superseded when the demand changes before anybody released it.
SUPPLIER_ORDER = Transitions(
    {
        S.PREPARED: {S.CHECKED, S.SUPERSEDED},
        S.CHECKED: {S.RELEASED, S.PREPARED, S.SUPERSEDED},
        S.RELEASED: {S.SUPERSEDED, S.WITHDRAWN},
    }
)
# A revision that waits for a person.
UNRELEASED = (S.PREPARED, S.CHECKED)
# What a supplier may know of.
TOLD = (S.RELEASED, S.SUPERSEDED, S.WITHDRAWN)
