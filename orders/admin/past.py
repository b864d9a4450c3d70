"""How the audit calls what happens in a round."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communities.history import name_actions

name_actions(
    {
        "window.drafted": _("Group buy drafted"),
        "window.times_set": _("Times changed"),
        "window.joined": _("Community joined"),
        "window.offers_added": _("Products put on offer"),
        "window.category_limit_set": _("Limit of a kind of goods set"),
        "offer.changed": _("Offer changed"),
        "window.ready": _("Made ready to open"),
        "window.back_to_draft": _("Taken back to draft"),
        "window.opened": _("Opened"),
        "window.closed": _("Closed at the cutoff"),
        "window.held": _("Held: below the minimum"),
        "window.extended": _("Cutoff extended"),
        "window.reopened": _("Opened again after the cutoff"),
        "window.cancelled": _("Group buy cancelled"),
        "orders.cancelled": _("Orders cancelled"),
        "order.placed": _("Order placed"),
        "order.placed_for": _("Order written down for somebody else"),
        "order.added_late": _("Order added after the cutoff"),
        "order.changed": _("Order changed"),
        "order.cancelled": _("Order cancelled"),
        "waiting.joined": _("Joined a waiting list"),
        "waiting.left": _("Left a waiting list"),
        "waiting.served": _("Served from a waiting list"),
        "waiting.lapsed": _("Place in a waiting list lapsed"),
        "order.dropped": _("Order taken off after the cutoff"),
        "supplier_order.prepared": _("Consolidated order prepared"),
        "supplier_order.checked": _("Checked and found right"),
        "supplier_order.released": _("Sent to the supplier"),
        "supplier_order.withdrawn": _("Release undone"),
        "supplier_order.acknowledged": _("Acknowledged by the supplier"),
        "supplier_order.superseded": _("Replaced by a newer revision"),
        "flag.settled": _("Flag settled"),
        "file.downloaded": _("File downloaded"),
        "job.retried": _("Background work started over"),
    }
)
