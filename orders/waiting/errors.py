"""Why nobody joins or leaves a line, or is served."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class NotSoldOut(DomainError):
    """`fields`: offer id → pieces that an order could have now; null: as many as one likes. Takes `left`, the same."""

    code = "not_sold_out"
    detail = _(
        "This is not sold out: %(left)d can still be ordered. Please order those; one waits in line only for what is "
        "gone."
    )
    no_end = _("This does not sell out: please just order.")


class TooManyToWaitFor(DomainError):
    """`fields`: offer id → pieces for which this household may wait. Takes `most`, the same."""

    code = "too_many_to_wait_for"
    detail = _("Your household can wait for at most %(most)d of this.")
    nothing = _("Your household has all there are of this already: there is nothing to wait for.")


class AlreadyWaiting(DomainError):
    """`fields`: waiting → id of the household's place in the line."""

    code = "already_waiting"
    detail = _("Your household waits for this already.")


class NotWaiting(DomainError):
    """`fields`: status, and the order if the wish was served."""

    code = "not_waiting"
    detail = _("This place in the waiting list has been given up or served already.")


class NoLongerOfHousehold(DomainError):
    """Never shown: why a place lapsed, in the audit."""

    code = "no_longer_of_household"
    detail = _("Whoever waits is no longer of the household.")
