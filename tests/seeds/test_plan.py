"""The plan of 宛平南苑 in numbers."""

from __future__ import annotations

from collections import Counter

from seeds.wanping.plan import BUILDINGS, SIZES, duties, homes


def test_homes_are_99_in_four_buildings() -> None:
    doors = Counter(home.building for home in homes())

    assert doors == {"1": 24, "2": 33, "3": 24, "4": 18}
    rooms = [home.room for home in homes() if home.building == "2"]
    assert (rooms[0], rooms[-1]) == ("101", "1103")
    assert [plan.has_lift for plan in BUILDINGS] == [False, True, False, False]
    assert len({(home.building, home.room) for home in homes()}) == 99


def test_homes_have_323_people_by_size() -> None:
    sizes = Counter(len(home.people) for home in homes())

    assert [sizes[size] for size in range(1, 7)] == list(SIZES) == [11, 21, 25, 21, 15, 6]
    assert sum(len(home.people) for home in homes()) == 323


def test_homes_care_and_smartphones_are_counted() -> None:
    plan = homes()

    assert sum(home.needs_care for home in plan) == 14
    assert sum(not home.has_smartphone for home in plan) == 12
    assert sum(home.orders for home in plan) == 94
    assert all(home.has_smartphone != bool(home.relative) for home in plan if home.orders)


def test_homes_have_rare_names_and_no_name_twice_in_a_family() -> None:
    people = [name for home in homes() for name in home.people]

    assert any("㛃" in name for name in people)
    assert any("䶮" in name for name in people)
    assert all(len(set(home.people)) == len(home.people) for home in homes())


def test_homes_and_duties_are_the_same_each_time() -> None:
    assert homes() == homes()
    assert duties(homes()) == duties(homes())


def test_duties_are_sixteen_people_eleven_of_them_volunteers() -> None:
    posts = duties(homes())

    roles = Counter(post.role for post in posts)
    assert roles == {
        "building_leader": 4,
        "organiser": 1,
        "checker": 2,
        "treasurer": 1,
        "volunteer": 3,
        "owners_committee": 1,
        "committee": 2,
        "property": 2,
    }
    assert len({post.username for post in posts}) == 16
    leaders = [post.home for post in posts if post.role == "building_leader"]
    assert [home.building for home in leaders if home] == ["1", "2", "3", "4"]
