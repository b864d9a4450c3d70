"""The database is the last defence: each constraint of pick lists and bags, attacked directly."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.attempts import constraints_of, refused_by
from volunteers.calling.calls import Caller, care_call, note_call
from volunteers.models import Bag, PickList, PickListFile
from volunteers.picklists.building import build_pick_lists

pytestmark = pytest.mark.django_db


def change(table: str, what: str, where: str) -> str:
    return f"UPDATE volunteers_{table} SET {what} WHERE id = %({where})s"  # noqa: S608 -- of this table


ATTEMPTS = {
    "pick_list_once": change("picklist", "building_id = %(building)s", "second_list"),
    "pick_list_status_known": change("picklist", "status = 'lost'", "list"),
    "pick_list_building_same_community": change(
        "picklist", "building_id = %(foreign_building)s", "list"
    ),
    "pick_list_order_same_window": change(
        "picklist", "supplier_order_id = %(foreign_order)s", "list"
    ),
    "bag_once_per_household": change("bag", "household_id = %(home)s", "second_bag"),
    "bag_position": change("bag", "position = 1", "second_bag"),
    "bag_list_same_community": change(
        "bag", "pick_list_id = %(foreign_list)s, position = 9", "bag"
    ),
    "bag_household_same_community": change("bag", "household_id = %(foreign_home)s", "bag"),
    "bag_line_once": "INSERT INTO volunteers_bagline (bag_id, offer_id, quantity, price_fen, amount_fen) "
    "SELECT bag_id, offer_id, 1, 1, 1 FROM volunteers_bagline WHERE bag_id = %(bag)s",
    "bag_line_quantity": "UPDATE volunteers_bagline SET quantity = 0, amount_fen = 0 WHERE bag_id = %(bag)s",
    "bag_line_amount": "UPDATE volunteers_bagline SET amount_fen = amount_fen + 1 WHERE bag_id = %(bag)s",
    "pick_list_file_once": "INSERT INTO volunteers_picklistfile (public_id, pick_list_id, kind, format, name, "
    "media_type, content, size, sha256) SELECT gen_random_uuid(), pick_list_id, kind, format, '', '', '', 0, '' "
    "FROM volunteers_picklistfile",
    # calls
    "call_kind_known": change("phonecall", "kind = 'chat'", "call"),
    "call_status_known": change("phonecall", "status = 'lost'", "call"),
    "call_outcome_known": change("phonecall", "outcome = 'shouted'", "call"),
    "call_care_has_home_and_window": change("phonecall", "window_id = NULL", "care"),
    "call_reaches_somebody": change("phonecall", "household_id = NULL", "call"),
    "call_phone_is_masked": change("phonecall", "phone_masked = '1'", "call"),
    "call_taken_by_somebody": change("phonecall", "status = 'taken'", "call"),
    "call_done_has_outcome": change(
        "phonecall", "status = 'done', called_at = now(), called_by_id = created_by_id", "call"
    ),
    "call_erased_is_empty": change("phonecall", "erased_at = now(), note = 'x'", "call"),
    "call_care_once": "INSERT INTO volunteers_phonecall (public_id, kind, community_id, household_id, window_id, name, "
    "phone_masked, note, status, outcome, attempts, created_by_id, created_at) SELECT gen_random_uuid(), kind, "
    "community_id, household_id, window_id, '', '', '', status, '', 0, created_by_id, now() FROM volunteers_phonecall "
    "WHERE id = %(care)s",
    "call_household_same_community": change("phonecall", "household_id = %(foreign_home)s", "call"),
    "call_community_joined_window": change("phonecall", "window_id = %(foreign_window)s", "call"),
}


@pytest.fixture(scope="module")
def world(shared_db: None) -> dict[str, object]:
    """A round with two buildings, of which the first has two bags; a foreign round."""
    own, foreign = make.make_community(), make.make_community()
    second = make.building(own, "2", "201")
    for community in (own, foreign):
        organiser = make.make_staff(community)
        window = make.make_window(community, organiser=organiser)
        for home in community.households.order_by("pk"):
            make.order(window, home, 1)
        build_pick_lists(supplier_order_id=make.release(window, organiser).pk)
    pick_list, far = PickList.objects.filter(community=own).order_by("building_id")
    theirs = PickList.objects.get(community=foreign)
    PickListFile.objects.create(pick_list=pick_list, kind="list", format="pdf", content=b"", size=0)
    bag, second_bag = pick_list.bags.order_by("position")
    assert far.building == second
    user, home = make.make_user(), bag.household
    call = note_call(community=own, household=home, caller=Caller(), actor=user)
    care = care_call(window=pick_list.window, household=home, actor=user)
    return {
        "call": call.pk,
        "care": care.pk,
        "foreign_window": theirs.window_id,
        "list": pick_list.pk,
        "second_list": far.pk,
        "building": pick_list.building_id,
        "bag": bag.pk,
        "second_bag": second_bag.pk,
        "home": bag.household_id,
        "foreign_building": theirs.building_id,
        "foreign_order": theirs.supplier_order_id,
        "foreign_list": theirs.pk,
        "foreign_home": Bag.objects.filter(pick_list=theirs)[0].household_id,
    }


@pytest.mark.parametrize("name", ATTEMPTS)
def test_direct_write_is_refused_by_the_constraint(name: str, world: dict[str, object]) -> None:
    assert refused_by(ATTEMPTS[name], world) == name


def test_every_constraint_is_attacked() -> None:
    assert set(ATTEMPTS) == constraints_of("volunteers")
