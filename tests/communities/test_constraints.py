"""The database is the last defence: each constraint of communities, attacked directly."""

from __future__ import annotations

import pytest

from communities.models import InboxMessage
from communities.roles import Role
from config.kernel import clock
from tests import factories as make
from tests.attempts import constraints_of, refused_by

pytestmark = pytest.mark.django_db

_MEMBERSHIP = """
    INSERT INTO communities_membership (user_id, role, region_id, community_id, building_id, household_id, started_at)
    VALUES (%(user)s, '{role}', {region}, {community}, {building}, {household}, now())
"""


def membership(
    role: str,
    *,
    region: str = "NULL",
    community: str = "%(community)s",
    building: str = "NULL",
    household: str = "NULL",
) -> str:
    return _MEMBERSHIP.format(
        role=role, region=region, community=community, building=building, household=household
    )


ATTEMPTS = {
    "region_name_in_parent": """
        INSERT INTO communities_region (kind, name) SELECT kind, name FROM communities_region WHERE id = %(region)s
    """,
    "region_not_its_own_parent": "UPDATE communities_region SET parent_id = id WHERE id = %(region)s",
    "community_name_in_region": """
        UPDATE communities_community SET region_id = %(region)s, name = '甲园' WHERE id = %(foreign)s
    """,
    "building_address": "UPDATE communities_building SET number = '1' WHERE id = %(second_building)s",
    "building_label_in_community": """
        UPDATE communities_building SET label = '1号楼' WHERE id = %(second_building)s
    """,
    "household_room_in_building": """
        UPDATE communities_household SET room = '101' WHERE id = %(second_home)s
    """,
    "household_building_same_community": """
        UPDATE communities_household SET room = '999', building_id = %(foreign_building)s WHERE id = %(home)s
    """,
    "household_substitutes_known": """
        UPDATE communities_household SET substitutes = 'whatever' WHERE id = %(home)s
    """,
    "inbox_once_per_event": """
        INSERT INTO communities_inboxmessage (user_id, event_key, kind, data, created_at)
        VALUES (%(user)s, 'told', 'x', '{}', now())
    """,
    "membership_at_one_node": membership("volunteer", region="%(region)s"),
    "membership_resident_has_household": membership("resident"),
    "membership_leader_has_building": membership("building_leader"),
    "membership_place_in_community": membership(
        "resident", region="%(region)s", community="NULL", household="%(home)s"
    ),
    "membership_once": membership("volunteer"),
    "membership_building_same_community": membership(
        "building_leader", building="%(foreign_building)s"
    ),
    "membership_household_same_community": membership("resident", household="%(foreign_home)s"),
}


@pytest.fixture
def world() -> dict[str, object]:
    community, foreign = make.make_community("甲园"), make.make_community()
    user = make.make_user()
    make.grant(user, Role.VOLUNTEER, community)
    InboxMessage.objects.create(user=user, event_key="told", kind="x", created_at=clock.now())
    return {
        "user": user.pk,
        "region": community.region_id,
        "community": community.pk,
        "foreign": foreign.pk,
        "second_building": make.building(community, "2").pk,
        "home": make.household(community).pk,
        "second_home": make.household(community, "102").pk,
        "foreign_building": make.household(foreign).building_id,
        "foreign_home": make.household(foreign).pk,
    }


@pytest.mark.parametrize("name", ATTEMPTS)
def test_direct_write_is_refused_by_the_constraint(name: str, world: dict[str, object]) -> None:
    assert refused_by(ATTEMPTS[name], world) == name


def test_every_constraint_is_attacked() -> None:
    assert set(ATTEMPTS) == constraints_of("communities")


@pytest.mark.parametrize(
    "sql",
    [
        membership("checker"),
        membership("committee", region="%(region)s", community="NULL"),
        membership("resident", household="%(home)s"),
        "UPDATE communities_membership SET ended_at = now() WHERE user_id = %(user)s",
    ],
)
def test_direct_write_of_something_proper_is_accepted(sql: str, world: dict[str, object]) -> None:
    assert refused_by(sql, world) is None
