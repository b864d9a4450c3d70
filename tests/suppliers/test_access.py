"""Which suppliers a coordinator may see: those that serve a community of his."""

from __future__ import annotations

import pytest

from communities.models import Community
from communities.roles import Role
from config.kernel.errors import Forbidden, NotFound
from suppliers.access import access_supplier, suppliers_of
from suppliers.models import Supplier
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def supplier(community: Community) -> Supplier:
    return make.make_supplier(community, make.make_community())


@pytest.fixture
def foreign() -> Supplier:
    return make.make_supplier(make.make_community())


def test_suppliers_of_a_coordinator_serve_a_community_of_his(
    community: Community, supplier: Supplier, foreign: Supplier
) -> None:
    user = make.make_staff(community)
    make.grant(user, Role.COMMITTEE, community)

    assert list(suppliers_of(user)) == [supplier]


def test_suppliers_of_others_are_none(
    community: Community, supplier: Supplier, foreign: Supplier
) -> None:
    assert list(suppliers_of(make.make_staff(community, Role.VOLUNTEER))) == []
    assert list(suppliers_of(make.make_resident(community))) == []


def test_suppliers_of_a_superuser_are_all(supplier: Supplier, foreign: Supplier) -> None:
    user = make.make_user()
    user.is_superuser = True

    assert set(suppliers_of(user)) == {supplier, foreign}


def test_access_supplier_is_found_forbidden_or_not_found(
    community: Community, supplier: Supplier, foreign: Supplier
) -> None:
    organiser = make.make_staff(community)
    volunteer = make.make_staff(community, Role.VOLUNTEER)

    assert access_supplier(organiser, public_id=supplier.public_id) == supplier
    with pytest.raises(Forbidden):
        access_supplier(volunteer, public_id=supplier.public_id)
    with pytest.raises(NotFound):
        access_supplier(organiser, public_id=foreign.public_id)
    with pytest.raises(NotFound):
        access_supplier(make.make_resident(community), public_id=supplier.public_id)
