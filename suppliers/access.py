"""The only way code at the edge loads a supplier."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from communities.access import communities_of
from communities.models import User
from communities.roles import COORDINATORS, STAFF, Role
from config.kernel.errors import Forbidden, NotFound
from suppliers.models import Supplier


def suppliers_of(user: User) -> QuerySet[Supplier]:
    """Suppliers that serve a community where the user coordinates. A superuser: all."""
    if user.is_superuser:
        return Supplier.objects.all()
    return _serving(user, COORDINATORS)


def access_supplier(user: User, *, public_id: UUID) -> Supplier:
    """Raises NotFound if it serves none of the user's communities, Forbidden if he coordinates none it serves."""
    supplier = suppliers_of(user).filter(public_id=public_id).first()
    if supplier is not None:
        return supplier
    if _serving(user, STAFF).filter(public_id=public_id).exists():
        raise Forbidden()
    raise NotFound()


def _serving(user: User, roles: Collection[Role]) -> QuerySet[Supplier]:
    communities = communities_of(user, roles)
    return Supplier.objects.filter(serves__community__in=communities).distinct()
