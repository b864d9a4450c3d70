"""Why nobody joins or leaves a line."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class NotSoldOut(DomainError):
    """`fields`: offer id → pieces that an order could have now; null: as many as one likes."""

    code = "not_sold_out"
    detail = _("There are enough pieces left: please just order.")


class AlreadyWaiting(DomainError):
    """`fields`: waiting → id of the household's place in the line."""

    code = "already_waiting"
    detail = _("Your household waits for this already.")


class NotWaiting(DomainError):
    """`fields`: status, and the order if the wish was served."""

    code = "not_waiting"
    detail = _("This place in the waiting list has been given up or served already.")
