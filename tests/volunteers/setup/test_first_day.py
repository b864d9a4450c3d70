"""宛平南苑 from an empty database, through the console alone, in a real browser: how many steps it takes a person."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from pytest_django.live_server_helper import LiveServer

from communities import personal, places
from communities.models import Building, Household, Resident
from communities.roles import Role
from seeds.wanping.plan import BUILDINGS, Home, homes
from tests import factories as make
from tests.chromium import chromium
from tests.volunteers.setup.person import PACE, Person

pytestmark = pytest.mark.journey

HEADINGS = ("楼号", "室号", "姓名", "手机", "特需", "无手机")


@pytest.fixture
def officer(transactional_db: None) -> None:
    """All there is: the regions and an officer of the neighbourhood. Whoever runs the program makes these two."""
    with transaction.atomic():
        town = places.create_region(kind="town", name="枫林路街道", actor=make.SETUP)
        region = places.create_region(
            kind="neighbourhood", name="宛平居民区", parent=town, actor=make.SETUP
        )
    user = make.make_user("wang", password="南苑的早晨有雾", is_staff=True)
    make.grant(user, Role.COMMITTEE, region)


def phone_of(home: Home) -> str:
    return f"199000{home.building}{int(home.room):04}"


def write_roster(path: Path) -> None:
    """As the property office has it: a line for each person, in GB 18030 (names have rare characters)."""
    with path.open("w", encoding="gb18030", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADINGS)
        for home in homes():
            for place, name in enumerate(home.people):
                phone = phone_of(home) if place == 0 else ""
                care, without = home.needs_care, not home.has_smartphone
                flags = ["是" if flag and place == 0 else "" for flag in (care, without)]
                lines.writerow([f"{home.building}号楼", f"{home.room}室", name, phone, *flags])


def set_up(person: Person, roster: Path, work: Callable[[], None]) -> list[bytes]:
    """What the secretary does. The papers."""
    person.type("用户名", "wang")
    person.type("密码", "南苑的早晨有雾")
    person.click("登录")
    person.click("设置小区")
    person.click("新建小区")
    person.type("名称", "宛平南苑")
    person.type("简称", "宛平")
    person.type("地址", "上海市徐汇区宛平南路（示例地址）")
    person.type("联系人", "居委王老师")
    person.type("值班电话", "021-64380000")
    person.click("下一步：楼栋")
    for numbers, floors, doors in (("1,3", 6, 4), ("2", 11, 3), ("4", 6, 3)):
        if numbers != "1,3":
            person.click("按规则设置")
        person.type("楼栋", numbers)
        person.type("层数", str(floors))
        person.type("每层户数", str(doors))
        person.click("先看看结果")
        households = floors * doors * len(numbers.split(","))
        person.read(f"将设置 {households} 户")
        person.click(f"设置 {households} 户")
    person.click("导入花名册")
    person.choose_file("住户花名册", roster)
    person.click("上传并核对")
    work()
    person.read("将存入 323 行")
    person.click("存入 323 行")
    work()
    person.page.get_by_text("已存入").first.wait_for()
    person.click("‹ 宛平南苑 的花名册")
    person.click("‹ 宛平南苑")
    person.read("没有异常")
    papers = []
    person.click("入户码")
    papers.append(person.save("宛平南苑 全部"))
    person.page.go_back()
    person.click("海报")
    papers.append(person.save("打印用（PDF，A4）"))
    return papers


def rows_there() -> dict[tuple[str, str], tuple[Any, ...]]:
    """What planting the example compound writes about its households, by door."""
    people: dict[int, list[tuple[Any, ...]]] = {}
    for row in Resident.objects.order_by("pk"):
        phone = personal.decrypt(bytes(row.phone_encrypted)) if row.phone_encrypted else ""
        people.setdefault(row.household_id, []).append((row.name, phone, row.is_contact))
    return {
        (home.building.label, home.room): (
            home.needs_care,
            home.has_smartphone,
            home.is_active,
            people[home.pk],
        )
        for home in Household.objects.select_related("building")
    }


def rows_planned() -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (f"{home.building}号楼", home.room): (
            home.needs_care,
            home.has_smartphone,
            True,
            [
                (name, f"+86{phone_of(home)}" if place == 0 else "", place == 0)
                for place, name in enumerate(home.people)
            ],
        )
        for home in homes()
    }


@pytest.mark.usefixtures("officer")
def test_wanping_is_set_up_by_one_person_in_half_an_hour(
    live_server: LiveServer,
    run_jobs: Callable[[], None],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    def work() -> None:
        run_jobs()
        connections.close_all()

    roster = tmp_path / "花名册.csv"
    write_roster(roster)
    with chromium() as browser:
        person = Person(browser.new_context(locale="zh-CN").new_page())
        person.page.goto(f"{live_server.url}/admin/desk/")
        papers = set_up(person, roster, work)

    assert rows_there() == rows_planned()
    assert list(Building.objects.order_by("sort_key").values_list("number", "floors", "doors")) == [
        (plan.number, plan.floors, plan.doors) for plan in BUILDINGS
    ]
    assert [paper[:4] for paper in papers] == [b"%PDF", b"%PDF"]
    record_property("steps", dict(person.steps))
    record_property("minutes", round(person.minutes, 1))
    assert sum(person.steps.values()) <= 60, (dict(person.steps), PACE)
    assert person.minutes <= 30
