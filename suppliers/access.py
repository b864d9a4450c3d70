"""The only way code at the edge loads a supplier."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.access import communities_of
from communities.models import Community, User
from communities.roles import COORDINATORS, STAFF
from config.kernel.errors import Forbidden, NotFound
from suppliers.models import ServedCommunity, Supplier


class KeptByOthers(Forbidden):
    """Who buys from a supplier together with other communities does not decide for them."""

    code = "kept_by_others"
    detail = _(
        "This supplier serves other communities too: only somebody who coordinates all of them may change it."
    )


def suppliers_of(user: User) -> QuerySet[Supplier]:
    """Suppliers the user may buy from: they serve a community where he coordinates. A superuser: all."""
    if user.is_superuser:
        return Supplier.objects.all()
    return _serving(communities_of(user, COORDINATORS))


def kept_by(user: User) -> QuerySet[Supplier]:
    """Suppliers the user may change, with keys and products: he coordinates every community they serve, and they
    serve one. A superuser: all.
    """
    if user.is_superuser:
        return Supplier.objects.all()
    own = communities_of(user, COORDINATORS)
    elsewhere = ServedCommunity.objects.exclude(community__in=own)
    return _serving(own).exclude(pk__in=elsewhere.values("supplier"))


def access_supplier(user: User, *, public_id: UUID) -> Supplier:
    """A supplier to buy from. Raises NotFound if it serves none of the user's communities, Forbidden if he
    coordinates none it serves.
    """
    supplier = suppliers_of(user).filter(public_id=public_id).first()
    if supplier is not None:
        return supplier
    if _serving(communities_of(user, STAFF)).filter(public_id=public_id).exists():
        raise Forbidden()
    raise NotFound()


def access_supplier_to_keep(user: User, *, public_id: UUID) -> Supplier:
    """A supplier to change. Raises as access_supplier does, and KeptByOthers if it serves other communities too."""
    supplier = kept_by(user).filter(public_id=public_id).first()
    if supplier is not None:
        return supplier
    access_supplier(user, public_id=public_id)
    raise KeptByOthers()


def _serving(communities: QuerySet[Community]) -> QuerySet[Supplier]:
    served = ServedCommunity.objects.filter(community__in=communities)
    return Supplier.objects.filter(pk__in=served.values("supplier"))
