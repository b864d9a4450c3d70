"""Regions, communities, buildings, households."""

from __future__ import annotations

from typing import Any

import pytest

from communities.models import Building, Community
from communities.places import (
    add_building,
    add_household,
    create_community,
    create_region,
)
from config.kernel.audit import AuditEntry
from config.kernel.errors import Invalid
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_create_region_knows_its_path_from_the_root() -> None:
    district = create_region(kind="district", name="徐汇区", actor=make.SETUP)
    town = create_region(kind="town", name="枫林街道", parent=district, actor=make.SETUP)

    assert district.path == f"/{district.pk}/"
    assert town.path == f"/{district.pk}/{town.pk}/"
    assert AuditEntry.objects.filter(action="region.created").count() == 2


def test_create_community_in_no_time_zone_is_refused() -> None:
    region = create_region(kind="grid", name="网格", actor=make.SETUP)

    for zone in ("Shanghai", "../etc/passwd", "Asia/Atlantis", "Asia", ""):
        with pytest.raises(Invalid) as refused:
            create_community(region=region, name="甲", short_name="甲", zone=zone, actor=make.SETUP)
        assert list(refused.value.fields) == ["zone"]

    assert not Community.objects.exists()


def test_create_community_is_audited_under_its_own_id() -> None:
    community = make.make_community(rooms=())

    entry = AuditEntry.objects.get(action="community.created")
    assert (entry.subject_id, entry.community_id) == (community.pk, community.pk)


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"number": "3"}, "3号楼"),
        ({"number": "3", "unit": "2"}, "3号楼2单元"),
        ({"number": "3", "lane": "12"}, "12弄3号楼"),
        ({"number": "3", "label": "东楼"}, "东楼"),
    ],
)
def test_add_building_labels_itself(fields: dict[str, Any], label: str) -> None:
    community = make.make_community(rooms=())

    assert add_building(community=community, actor=make.SETUP, **fields).label == label


def test_add_building_sorts_by_lane_number_and_unit() -> None:
    community = make.make_community(rooms=())
    for lane, number, unit in [
        ("12", "1", ""),
        ("", "10", ""),
        ("", "2", "10"),
        ("", "2", "9"),
        ("", "2", ""),
    ]:
        add_building(community=community, lane=lane, number=number, unit=unit, actor=make.SETUP)

    labels = Building.objects.order_by("sort_key").values_list("label", flat=True)

    assert list(labels) == ["1号楼", "2号楼", "2号楼9单元", "2号楼10单元", "10号楼", "12弄1号楼"]


def test_add_household_belongs_to_its_buildings_community_and_sorts_naturally() -> None:
    community = make.make_community(rooms=("1103", "201", "301", "2甲", "2"))

    homes = community.households.order_by("sort_key")

    assert [home.room for home in homes] == ["2", "2甲", "201", "301", "1103"]
    building = community.buildings.get()
    made = add_household(
        building=building, room="401", needs_care=True, has_smartphone=False, actor=make.SETUP
    )
    assert (made.community, made.needs_care, made.has_smartphone) == (community, True, False)
    assert (
        AuditEntry.objects.filter(action="household.added", community_id=community.pk).count() == 6
    )
