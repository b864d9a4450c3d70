"""The database is the last defence: each constraint of communities, attacked directly."""

from __future__ import annotations

import pytest
from django.db import transaction

from communities.joining.codes import renew_codes
from communities.models import Consent, InboxMessage
from communities.people import add_resident
from communities.roles import Role
from config.kernel import clock
from tests import factories as make
from tests.attempts import constraints_of, refused_by

pytestmark = pytest.mark.django_db

_MEMBERSHIP = """
    INSERT INTO communities_membership (
        user_id, role, region_id, community_id, building_id, household_id, started_at, lives_elsewhere
    ) VALUES (%(user)s, '{role}', {region}, {community}, {building}, {household}, now(), {elsewhere})
"""
_JOIN = """
    INSERT INTO communities_joinrequest (
        public_id, community_id, household_id, user_id, status, name, phone_index, phone_masked, lives_elsewhere,
        device, consent, claim, asked_at, decided_at, reason, token_at
    ) VALUES (
        gen_random_uuid(), %(community)s, {household}, {user}, '{status}', '{name}', '', '', false, '', '1', {claim},
        now(), {decided}, '', {token}
    )
"""
_CODE = """
    INSERT INTO communities_signincode (
        phone_index, phone_encrypted, nonce, asked_at, expires_at, sends, sent, tries, used_at, claim
    ) VALUES ('', '', '', now(), now(), 1, {sent}, {tries}, {used}, '')
"""
_CONSENT = """
    INSERT INTO communities_consent (user_id, resident_id, purpose, version, how, given_at, withdrawn_at)
    VALUES ({user}, {resident}, 'ordering', '1', '{how}', now(), {withdrawn})
"""


def membership(
    role: str,
    *,
    region: str = "NULL",
    community: str = "%(community)s",
    building: str = "NULL",
    household: str = "NULL",
    elsewhere: str = "false",
) -> str:
    where = {"region": region, "community": community, "building": building}
    return _MEMBERSHIP.format(role=role, household=household, elsewhere=elsewhere, **where)


def join(status: str = "waiting", **columns: str) -> str:
    usual = {"household": "%(home)s", "user": "NULL", "claim": "'c'", "name": ""}
    return _JOIN.format(
        **{"decided": "NULL", "token": "NULL", **usual, "status": status, **columns}
    )


def code(tries: str = "0", sent: str = "0", used: str = "NULL") -> str:
    return _CODE.format(tries=tries, sent=sent, used=used)


def consent(user: str = "%(user)s", how: str = "in_app", **columns: str) -> str:
    return _CONSENT.format(
        **{"resident": "NULL", "withdrawn": "NULL", "user": user, "how": how, **columns}
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
    "householdcode_one_live": """
        INSERT INTO communities_householdcode (household_id, digest, created_at, used)
        VALUES (%(home)s, 'another', now(), 0)
    """,
    "householdcode_used_counts": "UPDATE communities_householdcode SET used = -1",
    "joinrequest_waits_or_is_decided": join("refused"),
    "joinrequest_forgets": join("refused", decided="now()", name="王"),
    "joinrequest_of_somebody": join(claim="NULL"),
    "joinrequest_approved_has_account": join("approved", decided="now()"),
    "joinrequest_token_after_approval": join(token="now()"),
    "joinrequest_household_same_community": join(household="%(foreign_home)s"),
    "consent_of_one": consent(resident="%(resident)s"),
    "consent_how": consent(user="NULL", resident="%(resident)s"),
    "consent_withdrawn_after_given": consent(withdrawn="now() - interval '1 day'"),
    "consent_of_account_once": consent(),
    "consent_of_resident_once": consent(user="NULL", resident="%(resident)s", how="oral"),
    "signincode_five_tries": code(tries="6"),
    "signincode_sent": code(sent="2"),
    "signincode_used_by_a_claim": code(used="now()"),
    "membership_elsewhere_for_residents": membership("checker", elsewhere="true"),
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


@pytest.fixture(scope="module")
def world(shared_db: None) -> dict[str, object]:
    community, foreign = make.make_community("甲园"), make.make_community()
    user = make.make_user()
    make.grant(user, Role.VOLUNTEER, community)
    InboxMessage.objects.create(user=user, event_key="told", kind="x", created_at=clock.now())
    home = make.household(community)
    with transaction.atomic():
        renew_codes(households=[home], actor=make.SETUP, at=clock.now())
        resident = add_resident(household=home, name="王", actor=make.SETUP)
    for owner, how in (({"user": user}, "in_app"), ({"resident": resident}, "oral")):
        Consent.objects.create(
            **owner, purpose="ordering", version="1", how=how, given_at=clock.now()
        )
    return {
        "user": user.pk,
        "resident": resident.pk,
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
        membership("resident", household="%(home)s", elsewhere="true"),
        join(),
        join("approved", decided="now()", token="now()", user="%(user)s"),
        consent(withdrawn="now()"),
        "UPDATE communities_membership SET ended_at = now() WHERE user_id = %(user)s",
    ],
)
def test_direct_write_of_something_proper_is_accepted(sql: str, world: dict[str, object]) -> None:
    assert refused_by(sql, world) is None
