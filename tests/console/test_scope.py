"""No row of another community, by any road: list, address, history, dropdown, filter, search."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import Client

from communities.models import Building, Community, Household, Membership, Region, Resident, User
from communities.places import add_building
from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from orders.models import Order, OrderWindow, SupplierOrder
from suppliers.models import Product, Supplier
from tests import factories as make
from tests.console import addresses as at
from tests.console.conftest import Enter, Place
from volunteers.models import PickList

MODELS = [
    *(Region, Community, Building, Household, Resident, User, Membership, Supplier, Product),
    *(OrderWindow, Order, SupplierOrder, PickList, AuditEntry),
]
# Who may look at all; the organiser may look at everything.
_ALL = {Role.VOLUNTEER, Role.TREASURER, Role.PROPERTY, Role.OWNERS_COMMITTEE}
LOOKERS: dict[type[Model], set[Role]] = {
    Region: _ALL,
    Community: _ALL,
    Building: _ALL,
    Supplier: _ALL,
    Product: _ALL,
    OrderWindow: _ALL,
    SupplierOrder: _ALL,
    Household: {Role.VOLUNTEER},
    Resident: {Role.VOLUNTEER},
    PickList: {Role.VOLUNTEER},
    Order: {Role.VOLUNTEER, Role.TREASURER},
    AuditEntry: {Role.OWNERS_COMMITTEE},
    User: set(),
    Membership: set(),
}
# Enough for every form in which a foreign row is the only fault.
NEW = {
    "number": "77",
    "room": "777",
    "name": "新",
    "short_name": "新",
    "unit": "个",
    "price": "1",
    "minimum": "1",
    "order_multiple": "1",
    "kind": "shop",
}
ROLES = [Role.VOLUNTEER, Role.TREASURER, Role.PROPERTY, Role.OWNERS_COMMITTEE]


def test_list_shows_own_rows_only(home: Place, away: Place, enter: Enter) -> None:
    browser = enter(home.organiser)

    for model in MODELS:
        shown = at.listed(browser.get(at.changelist(model)))
        assert home.rows[model].pk in shown, model
        assert away.rows[model].pk not in shown, model


def test_foreign_row_is_not_found_by_address(home: Place, away: Place, enter: Enter) -> None:
    browser = enter(home.organiser)

    for model in MODELS:
        for page in (at.change, at.history):
            assert browser.get(page(home.rows[model])).status_code == 200, model
            assert browser.get(page(away.rows[model])).status_code == 404, model


def test_superuser_sees_all(home: Place, away: Place, root: User, enter: Enter) -> None:
    browser = enter(root)

    for model in MODELS:
        shown = at.listed(browser.get(at.changelist(model)))
        assert {home.rows[model].pk, away.rows[model].pk} <= shown, model
        assert browser.get(at.change(away.rows[model])).status_code == 200, model


@pytest.mark.parametrize("role", ROLES)
def test_row_opens_by_role(home: Place, enter: Enter, role: Role) -> None:
    browser = enter(make.make_staff(home.community, role))

    for model in MODELS:
        expected = 200 if role in LOOKERS[model] else 403
        for page in (
            at.changelist(model),
            at.change(home.rows[model]),
            at.history(home.rows[model]),
        ):
            assert browser.get(page).status_code == expected, page


def test_building_leader_sees_his_building_only(home: Place, enter: Enter) -> None:
    with transaction.atomic():
        other = add_building(community=home.community, number="9", actor=make.SETUP)
    own, elsewhere = make.make_user(is_staff=True), make.make_user(is_staff=True)
    make.grant(own, Role.BUILDING_LEADER, home.community, building=home.rows[Building])
    make.grant(elsewhere, Role.BUILDING_LEADER, home.community, building=other)

    for model in (Household, Resident, Order, PickList):
        assert at.listed(enter(own).get(at.changelist(model))) == {home.rows[model].pk}
        assert at.listed(enter(elsewhere).get(at.changelist(model))) == set()
        assert enter(elsewhere).get(at.change(home.rows[model])).status_code == 404


def test_ended_role_shows_nothing(home: Place, enter: Enter) -> None:
    Membership.objects.filter(user=home.organiser).update(ended_at=clock.now())
    browser = enter(home.organiser)

    for model in MODELS:
        assert browser.get(at.changelist(model)).status_code == 403, model
        assert browser.get(at.change(home.rows[model])).status_code == 403, model


def test_role_at_a_region_reaches_the_communities_below_it(
    home: Place, away: Place, enter: Enter
) -> None:
    officer = make.make_user(is_staff=True)
    make.grant(officer, Role.COMMITTEE, home.community.region)

    for model in (Community, Household, OrderWindow):
        assert at.listed(enter(officer).get(at.changelist(model))) == {home.rows[model].pk}


@pytest.mark.parametrize(
    ("model", "field", "target"),
    [
        (Building, "community", Community),
        (Household, "building", Building),
        (Product, "supplier", Supplier),
        (Supplier, "community", Community),
    ],
)
def test_dropdown_offers_and_takes_own_rows_only(
    home: Place, away: Place, enter: Enter, model: type[Model], field: str, target: type[Model]
) -> None:
    browser = enter(home.organiser)
    form = browser.get(at.add(model)).context["adminform"].form

    assert [row.pk for row in form.fields[field].queryset] == [home.rows[target].pk]
    before = model._default_manager.count()
    response = browser.post(
        at.add(model),
        {
            field: away.rows[target].pk,
            **NEW,
        },
    )
    assert field in response.context["adminform"].form.errors
    assert model._default_manager.count() == before


def test_filters_name_own_rows_only(home: Place, away: Place, enter: Enter) -> None:
    browser = enter(home.organiser)

    for model in (Building, Household, Product, OrderWindow, Order, SupplierOrder, PickList):
        text = browser.get(at.changelist(model)).content.decode()
        for foreign in (
            away.community.name,
            away.rows[OrderWindow].title,
            away.rows[Supplier].name,
        ):
            assert foreign not in text, model


@pytest.mark.parametrize(
    "query",
    [
        "q=101",
        "building__id__exact={building}",
        "building__community__name={name}",
        "e=1",
    ],
)
def test_search_and_hand_made_filters_reach_no_foreign_row(
    home: Place, away: Place, enter: Enter, query: str
) -> None:
    query = query.format(building=away.rows[Building].pk, name=away.community.name)

    response = enter(home.organiser).get(f"{at.changelist(Household)}?{query}", follow=True)

    assert away.community.name not in response.content.decode()
    assert away.rows[Household].pk not in (
        at.listed(response) if "cl" in (response.context or {}) else set()
    )


def test_autocomplete_is_offered_for_nothing_foreign(
    home: Place, away: Place, enter: Enter
) -> None:
    response = enter(home.organiser).get(
        "/admin/autocomplete/",
        {
            "app_label": "communities",
            "model_name": "household",
            "field_name": "building",
            "term": "",
        },
    )

    results = response.json()["results"] if response.status_code == 200 else []
    assert str(away.rows[Building].pk) not in [row["id"] for row in results]


def test_machinery_is_for_superusers(home: Place, root: User, enter: Enter) -> None:
    for model in (Job, OutboxMessage):
        assert enter(home.organiser).get(at.changelist(model)).status_code == 403
        assert enter(root).get(at.changelist(model)).status_code == 200


def test_without_log_in_every_page_asks_for_it(db: None) -> None:
    for model in MODELS:
        response = Client().get(at.changelist(model))
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_account_without_staff_flag_cannot_enter(home: Place, enter: Enter) -> None:
    resident = make.make_resident(home.community)

    assert enter(resident).get("/admin/").status_code == 302


def test_supplier_page_does_not_tell_whom_else_it_serves(
    home: Place, away: Place, enter: Enter
) -> None:
    home.rows[Supplier].serves.create(community=away.community)

    text = enter(home.organiser).get(at.change(home.rows[Supplier])).content.decode()

    assert home.community.name in text
    assert away.community.name not in text


def test_account_page_does_not_tell_roles_elsewhere(
    home: Place, away: Place, committee: User, enter: Enter
) -> None:
    make.grant(home.organiser, Role.TREASURER, away.community)

    text = enter(committee).get(at.change(home.organiser)).content.decode()

    assert home.community.name in text
    assert away.community.name not in text
