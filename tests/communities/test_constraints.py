"""The database is the last defence: each constraint of communities, attacked directly."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from communities.address_questions import Origin, ask_about_address
from communities.address_rules import add_address_rule
from communities.addresses.located import Certainty, Located, Reason
from communities.groups.robots import add_robot
from communities.joining.codes import renew_codes
from communities.mailing.address import set_mailbox
from communities.models import (
    AddressRule,
    Community,
    Consent,
    GroupMessage,
    Household,
    InboxMessage,
)
from communities.people import add_resident
from communities.roles import Role
from config.kernel import clock
from tests import factories as make
from tests.attempts import constraints_of, refused_by

pytestmark = pytest.mark.django_db
_HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="

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


_RULE = """
    INSERT INTO communities_addressrule (community_id, kind, words, meaning, building_id, household_id)
    VALUES (%(community)s, '{kind}', {words}, {meaning}, {building}, {household})
"""
_QUESTION = """
    INSERT INTO communities_addressquestion (
        public_id, community_id, text, reason, source, subject_kind, subject_id, phone_masked, status, household_id,
        asked_at, closed_at
    ) VALUES (
        gen_random_uuid(), %(community)s, '', '', 'chat', '{subject}', 7, '', '{status}', {household}, now(), {closed}
    )
"""
_CANDIDATE = """
    INSERT INTO communities_addresscandidate (question_id, community_id, household_id, place)
    VALUES (%(question)s, {community}, {household}, 0)
"""
_ROBOT = """
    INSERT INTO communities_grouprobot (
        public_id, community_id, kind, name, token_encrypted, token_index, events, is_active, stopped, last_error,
        created_at
    ) VALUES (
        gen_random_uuid(), %(community)s, '{kind}', {name}, '', {token}, '{{}}', true, '{stopped}', '', now()
    )
"""
_MESSAGE = """
    INSERT INTO communities_groupmessage (
        robot_id, event_key, topic, part, text, status, created_at, available_at, useless_at, turn, failures, sent_at,
        last_error
    ) VALUES (%(robot)s, '{event}', '', 1, '', '{status}', now(), now(), now(), 0, 0, {sent}, '')
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


def rule(kind: str, **columns: str) -> str:
    usual = {"words": "'旧楼'", "meaning": "''", "building": "NULL", "household": "NULL"}
    return _RULE.format(**{**usual, "kind": kind, **columns})


def question(status: str = "open", subject: str = "", **columns: str) -> str:
    usual = {"household": "NULL", "closed": "NULL"}
    return _QUESTION.format(**{**usual, "status": status, "subject": subject, **columns})


def candidate(household: str = "%(home)s", community: str = "%(community)s") -> str:
    return _CANDIDATE.format(household=household, community=community)


def robot(kind: str = "wecom", **columns: str) -> str:
    return _ROBOT.format(
        **{"name": "'二'", "token": "'二'", "stopped": "", "kind": kind, **columns}
    )


def message(status: str = "waiting", event: str = "new", sent: str = "NULL") -> str:
    return _MESSAGE.format(status=status, event=event, sent=sent)


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
    "address_rule_once": rule("name", words="'甲苑'"),
    "address_rule_has_words": rule("lane", words="''"),
    "address_rule_names_building": rule("group"),
    "address_rule_rooms_have_an_end": rule("rooms"),
    "address_rule_door_is_alias": rule("house_room", household="%(home)s"),
    "address_rule_building_same_community": rule("group", building="%(foreign_building)s"),
    "address_rule_household_same_community": rule(
        "alias", building="%(second_building)s", household="%(foreign_home)s"
    ),
    "address_question_once_per_row": question(subject="import_row"),
    "address_question_answer_is_household": question("answered", closed="now()"),
    "address_question_closed_at": question("dropped"),
    "address_question_household_same_community": question(
        "answered", household="%(foreign_home)s", closed="now()"
    ),
    "address_candidate_once": candidate(),
    "address_candidate_question_same_community": candidate("%(foreign_home)s", "%(foreign)s"),
    "address_candidate_household_same_community": candidate("%(foreign_home)s"),
    "robot_name_in_community": robot(name="'群'"),
    "robot_once_in_community": "UPDATE communities_grouprobot SET token_index = 'same'",
    "robot_kind_known": robot("telegram"),
    "robot_stopped_is_off": robot(stopped="address"),
    "group_message_once_per_event": message(event="said"),
    "group_message_status_known": message("whatever"),
    "group_message_sent_has_time": message("sent"),
    "mailbox_five_tries": "UPDATE communities_mailbox SET tries = 6",
    "mailbox_quiet_both_or_none": "UPDATE communities_mailbox SET quiet_from = '22:00'",
    "letter_status_known": "UPDATE communities_mailmessage SET status = 'lost'",
    "letter_sent_has_time": "UPDATE communities_mailmessage SET status = 'sent'",
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
        set_mailbox(user=user, address="wang@example.org", quiet=None, at=clock.now())
    for owner, how in (({"user": user}, "in_app"), ({"resident": resident}, "oral")):
        Consent.objects.create(
            **owner, purpose="ordering", version="1", how=how, given_at=clock.now()
        )
    return {
        **_asked_and_said(community, home),
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


def _asked_and_said(community: Community, home: Household) -> dict[str, object]:
    """A rule, a question about a row of an import with its candidate, two robots and what one of them is to say."""
    row = Origin("file", "import_row", 7)
    doubt = Located(Certainty.DOUBTFUL, Reason.ROOM_MISSING, candidates=(home.pk,))
    setup: dict[str, Any] = {"community": community, "actor": make.SETUP}
    with transaction.atomic():
        add_address_rule(kind=AddressRule.Kind.NAME, words="甲苑", **setup)
        asked = ask_about_address(text="甲苑", located=doubt, origin=row, at=clock.now(), **setup)
        robots = [
            add_robot(name=name, address=_HOOK + key, secret="", topics=["window.opened"], **setup)
            for name, key in (("群", "first-key"), ("另一个群", "second-key"))
        ]
    GroupMessage.objects.create(
        robot=robots[0],
        event_key="said",
        topic="x",
        text="x",
        created_at=clock.now(),
        available_at=clock.now(),
        useless_at=clock.now(),
    )
    return {"question": asked.pk, "robot": robots[0].pk}


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
        rule("alias", building="%(second_building)s"),
        rule("rooms", meaning="'806'"),
        question("answered", household="%(home)s", closed="now()"),
        question("dropped", subject="import_row", closed="now()"),
        candidate("%(second_home)s"),
        robot("feishu"),
        message("sent", sent="now()"),
        "UPDATE communities_membership SET ended_at = now() WHERE user_id = %(user)s",
    ],
)
def test_direct_write_of_something_proper_is_accepted(sql: str, world: dict[str, object]) -> None:
    assert refused_by(sql, world) is None
