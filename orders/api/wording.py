"""How the messages of orders.notices read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communities.api.wording import name_kinds

SENTENCES = {
    "window.closed": _("%(title)s: the cutoff has passed and your order is locked."),
    "window.reopened": _(
        "%(title)s takes orders again. Yours stands; you may change or cancel it until the new cutoff."
    ),
    "window.cancelled": _(
        "%(title)s does not take place, your order is cancelled. Reason: %(reason)s"
    ),
    "community.left_out": _(
        "%(title)s: your community did not reach its minimum, your order is cancelled."
    ),
    "supplier_order.released": _("%(title)s: the order has gone to the supplier."),
    "order.dropped": _("%(title)s: your order no. %(number)s was taken off. Reason: %(reason)s"),
}


def register() -> None:
    """Called once when the routes are loaded."""
    name_kinds(SENTENCES)
