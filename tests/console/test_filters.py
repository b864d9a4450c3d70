"""A list is filtered only by what its own filters ask: a question about any other column would spell it out."""

from __future__ import annotations

import pytest
from django.db.models import Model
from django.utils.http import urlencode

from communities.models import Household, Membership, Resident, User
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from orders.models import Order, OrderWindow
from suppliers.models import Supplier
from tests.console import addresses as at
from tests.console.conftest import Enter, Place
from tests.console.test_scope import MODELS


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


@pytest.mark.parametrize(
    ("model", "lookup", "value"),
    [(Job, "stage", "\0"), (Job, "parked_at__year", "99999"), (OutboxMessage, "topic", "\0")],
)
def test_filter_of_the_machinery_by_anything_else_is_refused(
    root: User, enter: Enter, model: type[Model], lookup: str, value: str
) -> None:
    response = enter(root).get(f"{at.changelist(model)}?{urlencode({lookup: value})}")

    assert response.status_code == 400


def test_every_link_of_the_filters_is_answered(home: Place, root: User, enter: Enter) -> None:
    """Each list still offers its filters, and takes every one it offers."""
    browser, taken = enter(root), 0

    for model in [*MODELS, Job, OutboxMessage]:
        changes = browser.get(at.changelist(model)).context["cl"]
        for one in changes.filter_specs:
            for choice in one.choices(changes):
                address = at.changelist(model) + choice["query_string"]
                assert browser.get(address).status_code == 200, address
                taken += 1

    assert taken > 20


def test_address_with_a_number_of_five_thousand_digits_names_no_row(
    home: Place, enter: Enter
) -> None:
    response = enter(home.organiser).get(f"{at.add(Resident)}?household={'9' * 5000}")

    assert (response.status_code, response["Location"]) == (302, at.changelist(Household))
