"""States of what the communities keep, and the steps between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.kernel.states import Transitions


class JoinStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("joining", "waiting")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", pgettext_lazy("joining", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("joining", "withdrawn")


JOINING = Transitions(
    {JoinStatus.WAITING: {JoinStatus.APPROVED, JoinStatus.REFUSED, JoinStatus.WITHDRAWN}}
)


class QuestionStatus(models.TextChoices):
    OPEN = "open", _("to confirm")
    ANSWERED = "answered", _("confirmed")
    DROPPED = "dropped", _("dropped")


QUESTION_TRANSITIONS = Transitions(
    {QuestionStatus.OPEN: {QuestionStatus.ANSWERED, QuestionStatus.DROPPED}}
)
