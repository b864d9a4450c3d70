"""How the messages of orders.notices read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communities.wording import name_kinds

SENTENCES = {
    "window.opened": _("%(title)s is open. You can order until %(closes_at)s."),
    "window.last_hour": _(
        "%(title)s closes at %(closes_at)s, in about %(minutes)s minutes. Your household has nothing in it yet."
    ),
    "window.minimum_reached": _(
        "%(title)s has reached its minimum. You may still order or change until %(closes_at)s."
    ),
    "window.held": _(
        "%(title)s is below its minimum. Whether it takes place is decided by %(decides_at)s."
    ),
    "window.to_decide": _(
        "%(title)s is below its minimum. Please decide by %(decides_at)s, or it is cancelled by itself."
    ),
    "window.extended": _("%(title)s stays open longer. The new cutoff is %(closes_at)s."),
    "care.silent": _(
        "%(title)s closes at %(closes_at)s. Care households of %(place)s without an order: %(count)s. Please ask them."
    ),
    "care.silent_elsewhere": _(
        "%(title)s closes at %(closes_at)s. Care households without an order in buildings that have no leader: "
        "%(count)s. Please have them asked."
    ),
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
    "offer.gone": _("%(title)s: %(goods)s is no longer on offer; it is in your order."),
    "offer.repriced": _(
        "%(title)s: %(goods)s now costs ¥%(price_fen)s. You ordered it at ¥%(before_fen)s."
    ),
    "order.changed": _(
        "%(title)s: the order no. %(number)s of your household was changed; it now comes to ¥%(amount_fen)s. If you "
        "know nothing of it, ask a volunteer."
    ),
    "order.cancelled": _(
        "%(title)s: the order no. %(number)s of your household was cancelled. If you know nothing of it, ask a "
        "volunteer."
    ),
    "order.short": _("%(title)s: your order no. %(number)s comes short (got/wanted): %(goods)s."),
    "order.refunded": _(
        "%(title)s: ¥%(amount_fen)s of your order no. %(number)s come back to you."
    ),
    "delivery.arrived": _(
        "%(title)s: the goods for %(building)s have arrived. Please fetch them: %(place)s."
    ),
    "waiting.served": _(
        "%(title)s: %(goods)s × %(pieces)s came free and was ordered for you (no. %(number)s). You may cancel it "
        "until the cutoff."
    ),
    "waiting.added": _(
        "%(title)s: %(goods)s × %(pieces)s came free and was added to your order no. %(number)s. You may change it "
        "until the cutoff."
    ),
    "waiting.lapsed": _(
        "%(title)s: %(goods)s × %(pieces)s came free, but you may not have that many any more; you wait no longer."
    ),
    "waiting.moved_out": _(
        "%(title)s: whoever waited for %(goods)s × %(pieces)s is no longer of your household, so its place in the line "
        "has been given up. You may join the line anew."
    ),
    "waiting.unmet": _("%(title)s: no %(goods)s came free for you before the cutoff."),
    "order.added_late": _(
        "%(title)s: a volunteer added an order for your household after the cutoff, no. %(number)s. "
        "Reason: %(reason)s"
    ),
    "survey.opened": _("%(title)s: what would your household take? Please answer by %(until_at)s."),
    "request.promised": _("%(what)s: promised for %(on)s."),
    "request.refused": _("%(what)s cannot be had. %(reason)s"),
    "order.dropped": _("%(title)s: your order no. %(number)s was taken off. Reason: %(reason)s"),
}


def register() -> None:
    """Called once when the app is ready."""
    name_kinds(SENTENCES)
