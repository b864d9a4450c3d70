"""The states of a round and the steps between them. Named groups, so that no caller spells a list of states."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class TemplateStatus(models.TextChoices):
    ACTIVE = "active", _("repeats")
    PAUSED = "paused", _("paused")
    ENDED = "ended", pgettext_lazy("repeating group buy", "ended")


T = TemplateStatus
TEMPLATE = Transitions({T.ACTIVE: {T.PAUSED, T.ENDED}, T.PAUSED: {T.ACTIVE, T.ENDED}})


class InvitationStatus(models.TextChoices):
    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("joined")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ENDED = "left", _("left")


I = InvitationStatus  # noqa: E741 -- as W, T and S beside it
# Only of a repeating group buy one ends: who bought in a window stands in WindowCommunity.
INVITATION = Transitions({I.INVITED: {I.ACCEPTED, I.DECLINED, I.WITHDRAWN}, I.ACCEPTED: {I.ENDED}})


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


class SurveyStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("survey", "open")
    CLOSED = "closed", pgettext_lazy("survey", "closed")


SURVEY = Transitions({SurveyStatus.OPEN: {SurveyStatus.CLOSED}})


class RequestStatus(models.TextChoices):
    ASKED = "asked", _("waits for an answer")
    CHECKING = "checking", _("the supplier is asked")
    CHECKED = "checked", _("the supplier has answered")
    PROMISED = "promised", _("promised")
    REFUSED = "refused", _("not possible")
    DONE = "done", _("handed over")
    WITHDRAWN = "withdrawn", _("no longer needed")


R = RequestStatus
_ANSWERS = {R.PROMISED, R.REFUSED, R.WITHDRAWN}
# A promise may be moved to another date; what came is handed over.
REQUEST = Transitions(
    {
        R.ASKED: {R.CHECKING, *_ANSWERS},
        R.CHECKING: {R.CHECKED, *_ANSWERS},
        R.CHECKED: {R.CHECKING, *_ANSWERS},
        R.PROMISED: {R.DONE, R.CHECKING, *_ANSWERS},
    }
)
# What somebody on the desk has to do something about.
UNANSWERED = (R.ASKED, R.CHECKING, R.CHECKED)
