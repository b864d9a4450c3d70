"""A coordinator may buy from whoever serves a community of his, and change whoever serves none but his."""

from __future__ import annotations

import pytest

from communities.models import Community
from communities.roles import Role
from config.kernel.errors import Forbidden, NotFound
from suppliers.access import (
    KeptByOthers,
    access_supplier,
    access_supplier_to_keep,
    kept_by,
    suppliers_of,
)
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


def test_kept_by_a_coordinator_are_those_that_serve_his_communities_only(
    community: Community, supplier: Supplier, foreign: Supplier
) -> None:
    own, _idle = make.make_supplier(community), make.make_supplier()
    user = make.make_staff(community)

    assert list(kept_by(user)) == [own]
    for served in supplier.serves.exclude(community=community):
        make.grant(user, Role.COMMITTEE, served.community.region)
    assert set(kept_by(user)) == {own, supplier}


def test_kept_by_a_role_too_low_in_one_community_is_not_the_shared_one(
    community: Community, supplier: Supplier
) -> None:
    user = make.make_staff(community)
    make.grant(user, Role.CHECKER, supplier.serves.exclude(community=community).get().community)

    assert list(kept_by(user)) == []


def test_kept_by_a_superuser_are_all(supplier: Supplier) -> None:
    idle, user = make.make_supplier(), make.make_user()
    user.is_superuser = True

    assert set(kept_by(user)) == {supplier, idle}


def test_access_supplier_to_keep_of_a_shared_one_is_refused_with_the_reason(
    community: Community, supplier: Supplier, foreign: Supplier
) -> None:
    organiser, own = make.make_staff(community), make.make_supplier(community)

    assert access_supplier_to_keep(organiser, public_id=own.public_id) == own
    with pytest.raises(KeptByOthers):
        access_supplier_to_keep(organiser, public_id=supplier.public_id)
    with pytest.raises(NotFound):
        access_supplier_to_keep(organiser, public_id=foreign.public_id)
