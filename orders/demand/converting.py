"""A survey becomes a round."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from communities.models import User
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from orders.demand.surveys import record
from orders.demand.totalling import totals
from orders.models import (
    OrderWindow,
    Survey,
)
from orders.windows.drafting import draft_window, offer_products
from orders.windows.inviting import invite
from suppliers.models import Product, ServedCommunity


class NothingWanted(DomainError):
    code = "nothing_wanted"
    detail = _("No product is wanted so often; free wishes cannot be put on offer.")


def draft_from_survey(
    *,
    survey: Survey,
    at_least: int,
    opens_at: datetime,
    closes_at: datetime,
    deliver_on: date | None,
    actor: User,
) -> OrderWindow:
    """A DRAFT that offers the products wanted at least so often, at the catalogue's prices of now. The other
    communities that were asked are invited to it. Locks as draft_window does. Raises NothingWanted, Invalid.
    """
    (summed,) = totals([survey]).values()
    wanted = [
        one.item.product_id for one in summed if one.item.product_id and one.pieces >= at_least
    ]
    products = Product.objects.filter(pk__in=wanted, is_active=True)
    in_order = sorted(products, key=lambda product: wanted.index(product.pk))
    if not in_order:
        raise NothingWanted()
    window = draft_window(
        community=survey.community,
        supplier=survey.supplier,
        opens_at=opens_at,
        closes_at=closes_at,
        deliver_on=deliver_on,
        actor=actor,
    )
    who = Actor("user", actor.pk)
    offer_products(window=window, products=in_order, actor=who)
    served = ServedCommunity.objects.filter(supplier=survey.supplier_id).values("community")
    others = survey.asked.filter(community__in=served).exclude(community=survey.community_id)
    for row in others.select_related("community").order_by("pk"):
        invite(host=window, community=row.community, minimum=0, actor=actor)
    record(survey=survey, actor=who, action="survey.drafted", window=window.pk, at_least=at_least)
    return window
