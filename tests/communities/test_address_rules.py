"""A compound's rules are rows, and they change how its addresses are read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.address_rules import add_address_rule, remember_address
from communities.addresses.finding import find, locate
from communities.addresses.located import Certainty, Reason
from communities.models import AddressRule, Building, Community
from communities.places import add_building, add_household
from communities.selectors import register_of
from config.kernel.audit import AuditEntry
from config.kernel.errors import Invalid
from tests import factories as make

pytestmark = pytest.mark.django_db
KIND = AddressRule.Kind


@pytest.fixture
def compound() -> Community:
    """2幢 with two stairwells whose rooms repeat, 8幢 with one; 500弄 of 紫龙路."""
    community = make.make_community(rooms=())
    Community.objects.filter(pk=community.pk).update(address="紫龙路500弄", name="嘉怡水岸")
    community.refresh_from_db()
    with transaction.atomic():
        for number, unit in (("2", "1"), ("2", "2"), ("8", "")):
            building = add_building(community=community, number=number, unit=unit, actor=make.SETUP)
            for room in ("301", "302"):
                add_household(building=building, room=room, actor=make.SETUP)
    return community


def _building(community: Community, number: str, unit: str = "") -> Building:
    return Building.objects.get(community=community, number=number, unit=unit)


def _add(community: Community, kind: str, **details: Any) -> AddressRule:
    with transaction.atomic():
        return add_address_rule(community=community, kind=kind, actor=make.SETUP, **details)


def _room(community: Community, number: str, unit: str, room: str) -> int:
    return _building(community, number, unit).households.get(room=room).pk


@pytest.mark.parametrize(
    ("text", "kind", "details", "building", "room"),
    [
        ("北门小楼301", KIND.ALIAS, {"words": "北门小楼", "building": True}, ("8", ""), "301"),
        ("8-1-301", KIND.NO_UNITS, {"building": True}, ("8", ""), "301"),
        ("老弄8号301", KIND.NAME, {"words": "老弄"}, ("8", ""), "301"),
        ("700弄8号301", KIND.LANE, {"words": "700"}, ("8", ""), "301"),
        ("锦绣苑8号301", KIND.NAME, {"words": "锦绣苑"}, ("8", ""), "301"),
    ],
)
def test_a_rule_makes_sure_what_was_doubtful(
    compound: Community,
    text: str,
    kind: str,
    details: dict[str, Any],
    building: tuple[str, str],
    room: str,
) -> None:
    before = locate(text, register_of(compound))
    named = {"building": _building(compound, *building)} if details.pop("building", None) else {}
    _add(compound, kind, **details, **named)
    after = locate(text, register_of(compound))
    assert before.certainty != Certainty.SURE
    assert after.household_id == _room(compound, *building, room)


def test_a_chat_of_a_stairwell_makes_its_rooms_sure(compound: Community) -> None:
    _add(compound, KIND.GROUP, words="二幢一单元群", building=_building(compound, "2", "1"))
    register = register_of(compound)
    assert find("301 王 2份", register).reason == Reason.BUILDING_MISSING
    located = find("301 王 2份", register, home=register.group("二幢一单元群"))
    assert located.household_id == _room(compound, "2", "1", "301")


def test_remember_address_makes_the_same_words_sure(compound: Community) -> None:
    home = _building(compound, "8").households.get(room="302")
    assert locate("门卫旁边小屋", register_of(compound)).certainty == Certainty.NONE
    with transaction.atomic():
        remember_address(text=" 门卫旁边小屋 ", household=home, actor=make.SETUP)
    assert locate("门卫旁边小屋", register_of(compound)).household_id == home.pk
    entry = AuditEntry.objects.get(action="address_rule.added")
    assert (entry.community_id, entry.data) == (compound.pk, {"kind": "alias"})


@pytest.mark.parametrize(
    "text", ["2-301", "301", "2号楼301室", "王 13812345678", "二号三〇一", "小" * 61]
)
def test_remember_address_of_numbers_or_a_phone_is_refused(compound: Community, text: str) -> None:
    home = _building(compound, "8").households.get(room="302")
    with pytest.raises(Invalid), transaction.atomic():
        remember_address(text=text, household=home, actor=make.SETUP)
    assert not AddressRule.objects.exists()


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        (KIND.ALIAS, {"words": "北门"}),
        (KIND.ALIAS, {}),
        (KIND.NAME, {}),
        (KIND.ROOMS, {"words": "101"}),
    ],
)
def test_a_rule_without_what_its_kind_needs_is_refused_by_the_database(
    compound: Community, kind: str, details: dict[str, str]
) -> None:
    with pytest.raises(IntegrityError):
        _add(compound, kind, **details)


def test_a_rule_cannot_name_a_building_of_another_community(compound: Community) -> None:
    other = make.building(make.make_community(), "9", "101")
    with transaction.atomic():
        _add(compound, KIND.ALIAS, words="别处", building=other)
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


@pytest.mark.parametrize("rules", [1, 3])
def test_register_of_takes_three_statements(compound: Community, rules: int) -> None:
    for number in range(rules):
        _add(compound, KIND.NAME, words=f"别名{number}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        register_of(compound)
    # buildings; households; rules
    assert len(queries) == 3
