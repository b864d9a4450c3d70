"""Suppliers and the communities they serve."""

from __future__ import annotations

from communities.models import Community
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.locks import require_atomic
from suppliers.models import ServedCommunity, Supplier


def register_supplier(
    *,
    name: str,
    short_name: str,
    actor: Actor,
    kind: str = Supplier.Kind.SHOP,
    contact_name: str = "",
    phone: str = "",
    order_multiple: int = 1,
) -> Supplier:
    require_atomic()
    supplier = Supplier.objects.create(
        name=name,
        short_name=short_name,
        kind=kind,
        contact_name=contact_name,
        phone=phone,
        order_multiple=order_multiple,
    )
    audit.record(actor=actor, action="supplier.registered", subject=("supplier", supplier.pk))
    return supplier


def serve_community(*, supplier: Supplier, community: Community, actor: Actor) -> ServedCommunity:
    """A second time changes nothing."""
    require_atomic()
    served, created = ServedCommunity.objects.get_or_create(supplier=supplier, community=community)
    if created:
        audit.record(
            actor=actor,
            action="supplier.serves",
            subject=("supplier", supplier.pk),
            community_id=community.pk,
        )
    return served
