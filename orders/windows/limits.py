"""How much of a kind of goods a household may have in a window: set before the opening, or while it is open with a
reason.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from orders.models import CategoryLimit, Offer, OrderWindow
from orders.models.order import MAX_QUANTITY
from orders.windows.drafting import require_limitable


def set_category_limit(
    *,
    window: OrderWindow,
    category: str,
    household_limit: int | None,
    actor: Actor,
    reason: str = "",
) -> None:
    """At most so many pieces of the category's offers for each household; None: as many as one likes. Of an open window
    it counts for what is ordered from then on: what a household has it keeps.

    Raises Invalid if nothing of the category is on offer, the limit is no number of pieces or the window is open and no
    reason is given; WindowPublished, Busy.
    """
    require_limitable(window, reason=reason)
    if not category or not Offer.objects.filter(window=window, category=category).exists():
        raise Invalid(fields={"category": [_("Nothing of this kind is on offer.")]})
    if household_limit is not None and not 1 <= household_limit <= MAX_QUANTITY:
        raise Invalid(fields={"household_limit": [_("Between 1 and 9999 pieces.")]})
    rows = CategoryLimit.objects.filter(window=window, category=category)
    if rows.values_list("household_limit", flat=True).first() == household_limit:
        return
    if household_limit is None:
        rows.delete()
    else:
        CategoryLimit.objects.update_or_create(
            window=window, category=category, defaults={"household_limit": household_limit}
        )
    audit.record(
        actor=actor,
        action="window.category_limit_set",
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"category": category, "household_limit": household_limit}
        | ({"reason": reason.strip()[:200]} if reason else {}),
    )


def categories_of(window: OrderWindow) -> list[str]:
    """The kinds of goods on offer, by name. One statement."""
    offers = Offer.objects.filter(window=window).exclude(category="")
    return list(offers.order_by("category").values_list("category", flat=True).distinct())


def limits_of(window: OrderWindow) -> dict[str, int]:
    """By category. One statement."""
    rows = CategoryLimit.objects.filter(window=window)
    return dict(rows.values_list("category", "household_limit"))
