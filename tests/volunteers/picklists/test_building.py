"""From a release to pick lists, bags and sheets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from communities import places
from communities.models import Household
from config.kernel.audit import Actor
from orders.models import Allocation, SupplierOrder
from orders.supply.dropping import drop_order
from orders.supply.releasing import check_order, release_order, undo_release
from tests import factories as make
from volunteers.models import Bag, PickList, PickListFile
from volunteers.sheets.reading import read_picks
from volunteers.states import PickListStatus

pytestmark = pytest.mark.django_db(transaction=True)


class Round:
    """Two buildings; 2号楼 has rooms 201 and 1103, of which 201 is a care household."""

    def __init__(self, run_jobs: Callable[[], None]) -> None:
        self.run_jobs = run_jobs
        self.community = make.make_community(rooms=("101",))
        with transaction.atomic():
            second = places.add_building(community=self.community, number="2", actor=make.SETUP)
            places.add_household(building=second, room="1103", actor=make.SETUP)
            places.add_household(building=second, room="201", needs_care=True, actor=make.SETUP)
        self.organiser = make.make_staff(self.community)
        self.window = make.make_window(self.community, organiser=self.organiser)
        self.first = make.order(self.window, self.home("101"), 1)
        self.far = make.order(self.window, self.home("1103"), 2, 1)
        make.order(self.window, self.home("201"), 0, 3)
        make.order(self.window, self.home("201"), 1)
        make.pass_cutoff(self.window)
        run_jobs()
        self.release()

    def home(self, room: str) -> Household:
        return make.household(self.community, room)

    def current(self) -> SupplierOrder:
        return SupplierOrder.objects.filter(window=self.window).latest("revision")

    def release(self) -> None:
        with transaction.atomic():
            check_order(supplier_order=self.current(), actor=self.organiser)
        with transaction.atomic():
            release_order(supplier_order=self.current(), actor=self.organiser)
        self.run_jobs()

    def lists(self) -> list[tuple[str, int, str, int, int, int]]:
        rows = PickList.objects.order_by("revision", "building__sort_key")
        return [
            (row.building.label, row.revision, row.status, row.bag_count, row.pieces, row.total_fen)
            for row in rows.select_related("building")
        ]


@pytest.fixture
def round_(run_jobs: Callable[[], None]) -> Round:
    return Round(run_jobs)


def test_release_makes_a_list_per_building_with_bags_in_natural_order(round_: Round) -> None:
    assert round_.lists() == [
        ("1号楼", 1, PickListStatus.READY, 1, 1, 390),
        ("2号楼", 1, PickListStatus.READY, 2, 7, 3 * 390 + 4 * 1250),
    ]
    bags = Bag.objects.filter(pick_list__building__label="2号楼").order_by("position")
    assert list(
        bags.values_list("position", "room", "to_the_door", "pieces", "amount_due_fen")
    ) == [
        (1, "201", True, 4, 390 + 3 * 1250),
        (2, "1103", False, 3, 2 * 390 + 1250),
    ]


def test_release_makes_sheets_that_say_what_the_bags_say(round_: Round) -> None:
    files = PickListFile.objects.filter(pick_list__building__label="2号楼")

    assert sorted(files.values_list("kind", "format")) == [
        ("picks", "pdf"),
        ("picks", "xlsx"),
        ("slips", "pdf"),
    ]
    for file in files:
        found = read_picks(file.kind, file.format, bytes(file.content))
        assert (found.pieces, found.total_fen) == (7, 3 * 390 + 4 * 1250)


def test_release_undone_supersedes_the_lists(round_: Round) -> None:
    with transaction.atomic():
        undo_release(
            supplier_order=round_.current(),
            actor=Actor("user", round_.organiser.pk),
            reason="wrong day",
        )
    round_.run_jobs()

    assert [row[2] for row in round_.lists()] == [PickListStatus.SUPERSEDED] * 2
    assert not Allocation.objects.filter(cause="release").exists()


def test_second_revision_without_a_building_leaves_it_without_a_list(round_: Round) -> None:
    with transaction.atomic():
        drop_order(
            order=round_.first, actor=Actor("user", round_.organiser.pk), reason="moved away"
        )
    round_.run_jobs()
    round_.release()

    assert round_.lists() == [
        ("1号楼", 1, PickListStatus.SUPERSEDED, 1, 1, 390),
        ("2号楼", 1, PickListStatus.SUPERSEDED, 2, 7, 6170),
        ("2号楼", 2, PickListStatus.READY, 2, 7, 6170),
    ]


def test_second_revision_keeps_a_list_that_is_being_picked(round_: Round) -> None:
    PickList.objects.filter(building__label="2号楼").update(status=PickListStatus.PICKING)
    with transaction.atomic():
        drop_order(order=round_.far, actor=Actor("user", round_.organiser.pk), reason="moved away")
    round_.run_jobs()
    round_.release()

    assert [(label, revision, status) for label, revision, status, *_rest in round_.lists()] == [
        ("1号楼", 1, PickListStatus.SUPERSEDED),
        ("2号楼", 1, PickListStatus.PICKING),
        ("1号楼", 2, PickListStatus.READY),
    ]
