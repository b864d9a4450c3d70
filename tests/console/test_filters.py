"""A list is filtered only by what its own filters ask: a question about any other column would spell it out."""

from __future__ import annotations

import pytest
from django.db.models import Model
from django.utils.http import urlencode

from communities.models import Membership, Resident, User
from config.kernel.audit import AuditEntry
from orders.models import Order, OrderWindow, SupplierOrder
from suppliers.models import Product, Supplier
from tests.console import addresses as at
from tests.console.conftest import Enter, Place


@pytest.mark.parametrize(
    ("model", "lookup", "value"),
    [
        (User, "password__startswith", "argon2"),
        (User, "password", "!"),
        (User, "auth_token_set__digest__startswith", "0"),
        (User, "memberships__community__households__residents__phone_index", "0"),
        (User, "username__startswith", "a"),
        (User, "is_staff__exact__startswith", "1"),
        (Resident, "phone_index__startswith", "0"),
        (Resident, "phone_encrypted__contains", "g"),
        (Resident, "name__regex", "(a+)+$"),
        (Membership, "user__password__startswith", "argon2"),
        (Order, "household__residents__phone_index__gte", "8"),
        (OrderWindow, "created_by__password__startswith", "argon2"),
        (Supplier, "keys__digest__startswith", "0"),
        (AuditEntry, "data__contains", "{}"),
        (AuditEntry, "at__year", "99999"),
        (AuditEntry, "subject_kind", "window\0"),
        (OrderWindow, "status__exact", "\0"),
        (User, "nothing", "1"),
    ],
)
def test_filter_by_anything_else_is_refused(
    home: Place, enter: Enter, model: type[Model], lookup: str, value: str
) -> None:
    browser = enter(home.organiser)

    response = browser.get(f"{at.changelist(model)}?{urlencode({lookup: value})}")

    assert response.status_code == 400
    assert response.context is None or "cl" not in response.context


def test_every_link_of_the_filters_is_answered(home: Place, enter: Enter) -> None:
    """Each list still offers its filters, and takes every one it offers."""
    browser, taken = enter(home.organiser), 0

    for model in (User, Membership, Resident, Supplier, Product, OrderWindow, Order, SupplierOrder):
        changes = browser.get(at.changelist(model)).context["cl"]
        for one in changes.filter_specs:
            for choice in one.choices(changes):
                address = at.changelist(model) + choice["query_string"]
                assert browser.get(address).status_code == 200, address
                taken += 1

    assert taken > 20
