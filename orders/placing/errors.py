"""Why an order is not taken. `fields` tells a client what would be possible."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class WindowNotOpen(DomainError):
    code = "window_not_open"
    detail = _(
        "This group buy is not taking orders: it has not opened yet or the cutoff has passed."
    )


class SoldOut(DomainError):
    """`fields`: offer id → pieces that this order could have, what it holds already included."""

    code = "sold_out"
    detail = _("Something in this order is sold out, or fewer pieces are left than you want.")


class OverLimit(DomainError):
    """`fields`: offer id → pieces this household may still order."""

    code = "over_limit"
    detail = _("A household may not order that many of one product.")


class OverCategoryLimit(DomainError):
    """`fields`: category → pieces of all its offers together this household may still order."""

    code = "over_category_limit"
    detail = _("A household may not order that many of one kind of goods.")


class TotalDiffers(DomainError):
    """`fields`: expected_total_fen as sent, total_fen as it is."""

    code = "total_differs"
    detail = _("The total is not what you were shown. Please look at the prices again.")


class UnknownOffer(DomainError):
    """`fields`: offers → ids that this group buy does not offer."""

    code = "unknown_offer"
    detail = _("Something in this order is not on offer in this group buy.")


class BadWish(DomainError):
    code = "invalid"
    status = 400
    detail = _("An order has 1 to 200 different products, and 1 to 9999 pieces of each.")


class OrderNotPlaced(DomainError):
    code = "order_cancelled"
    detail = _("This order has been cancelled.")


class OrderChanged(DomainError):
    """`fields`: version as it is; at the edge the whole order too."""

    code = "order_changed"
    detail = _("This order was changed meanwhile. Please look at it again.")
    grown = _(
        "The waiting list has added goods to this order. Please look at it again and send its version."
    )
