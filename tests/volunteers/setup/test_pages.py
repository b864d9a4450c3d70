"""The first day through HTTP, without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from communities import people, places
from communities.joining.codes import find_code
from communities.models import Building, Community, Household, HouseholdCode, Region, User
from communities.roles import Role
from communities.roster.unmaking import UsedMeanwhile, take_back_homes
from config.kernel.audit import AuditEntry
from config.kernel.intake.models import Import
from config.kernel.intake.uploads import read_upload
from orders.files.ink import read_pages
from tests import factories as make
from tests.volunteers.desk.pages import offences, told
from volunteers.setup.phone_page import reach_of

SETUP = "/admin/desk/setup/"
PLAN = {"numbers": "1-2", "floors": "2", "doors": "2", "pattern": "floor_door", "lane": ""}
NEW = {"name": "宛平南苑", "short_name": "宛平", "address": "", "kind": "estate", "once": "a" * 32}


@pytest.fixture
def region(db: None) -> Region:
    """With nothing below it; another one with a community is beside it."""
    make.make_community("别处")
    with transaction.atomic():
        return places.create_region(kind="neighbourhood", name="宛平居民区", actor=make.SETUP)


@pytest.fixture
def officer(region: Region) -> Client:
    user = make.make_user("wang", is_staff=True)
    make.grant(user, Role.COMMITTEE, region)
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(user)
    return client


@pytest.fixture
def home(region: Region, officer: Client) -> Community:
    officer.post(f"{SETUP}new/", {**NEW, "region": region.pk, "service_phone": "021-64380000"})
    return Community.objects.get(name="宛平南苑")


def at(community: Community, rest: str = "") -> str:
    return f"{SETUP}{community.public_id}/{rest}"


@pytest.mark.django_db
def test_first_account_of_an_empty_database_sets_up_region_and_community() -> None:
    browser = Client(headers={"accept-language": "zh-CN"})
    browser.force_login(User.objects.create_superuser("boss", "", "x"))
    add = "/admin/communities/region/add/"
    assert add in browser.get(SETUP).content.decode()

    browser.post(add, {"parent": "", "kind": "neighbourhood", "name": "宛平居民区"})
    region = Region.objects.get()
    assert add not in browser.get(SETUP).content.decode()
    browser.post(f"{SETUP}new/", {**NEW, "region": region.pk})

    assert Community.objects.get().region == region


def test_new_community_sent_twice_is_one(officer: Client, region: Region) -> None:
    form = {**NEW, "region": region.pk, "service_name": "王老师", "service_phone": "021-64380000"}

    first, second = (officer.post(f"{SETUP}new/", form) for _time in range(2))

    made = Community.objects.get(region=region)
    assert first["Location"] == second["Location"] == at(made, "homes/")
    assert (made.service_name, made.service_phone) == ("王老师", "021-64380000")
    assert AuditEntry.objects.filter(action="community.created", subject_id=made.pk).count() == 1


def test_rooms_set_up_by_mistake_are_shown_and_taken_back(officer: Client, home: Community) -> None:
    """Sixteen floors for two, and a building too many; slips are printed, and somebody is on the second floor."""
    officer.post(at(home, "homes/"), {**PLAN, "floors": "16", "step": "make"})
    officer.post(at(home, "slips/"), {"what": "all"})
    lived_in = Household.objects.get(community=home, building__number="1", room="201")
    with transaction.atomic():
        people.add_resident(household=lived_in, name="王芳", actor=make.SETUP)
    one, two = Building.objects.filter(community=home).order_by("sort_key")
    wanted = [f"floor-{one.pk}-{floor}" for floor in range(2, 17)]
    wanted += [f"floor-{two.pk}-{floor}" for floor in range(1, 17)]
    before = Household.objects.count()

    shown = officer.post(at(home, "unused/"), {"rooms": wanted})
    count = shown.context["count"]
    assert (count, Household.objects.count()) == (29 + 32, before)
    for _click in range(2):
        officer.post(at(home, "unused/"), {"rooms": wanted, "count": count})

    rooms = Household.objects.filter(community=home).order_by("sort_key")
    assert [home.room for home in rooms] == ["101", "102", "201"]
    assert Household.objects.count() == before - count
    assert not Building.objects.filter(pk=two.pk).exists()
    assert Building.objects.values_list("floors", "doors").get(pk=one.pk) == (2, 2)
    assert HouseholdCode.objects.filter(household__community=home).count() == 3
    taken = AuditEntry.objects.filter(action="building.households_taken_back").order_by("pk")
    assert [entry.data["count"] for entry in taken] == [29, 32]


def test_rooms_of_others_or_in_use_are_not_taken_back(officer: Client, home: Community) -> None:
    officer.post(at(home, "homes/"), {**PLAN, "numbers": "1", "step": "make"})
    here = make.household(home, "101")
    make.order(make.make_window(home), here, 1)
    foreign = Household.objects.exclude(community=home).latest("pk")
    before = Household.objects.count()

    for wanted in (here, foreign):
        form = {"rooms": f"home-{wanted.pk}", "count": "1"}
        assert officer.post(at(home, "unused/"), form).context["count"] == 0
    with pytest.raises(UsedMeanwhile), transaction.atomic():
        take_back_homes(community=home, homes=[here.pk], actor=make.SETUP)
    with pytest.raises(UsedMeanwhile), transaction.atomic():
        take_back_homes(community=home, homes=[foreign.pk], actor=make.SETUP)

    assert Household.objects.count() == before


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"service_phone": "问王老师"}, {"short_name": "x" * 11}, {"name": "\0"}],
)
def test_new_community_with_something_wrong_says_so_and_makes_none(
    officer: Client, region: Region, wrong: dict[str, str]
) -> None:
    answer = officer.post(f"{SETUP}new/", {**NEW, "region": region.pk, **wrong})

    assert (answer.status_code, 'class="error"' in answer.content.decode()) == (200, True)
    assert not Community.objects.filter(region=region).exists()


def test_new_community_elsewhere_or_of_the_same_name_makes_none(
    officer: Client, home: Community
) -> None:
    elsewhere = Region.objects.exclude(pk=home.region_id).latest("pk")
    for form in ({"region": elsewhere.pk}, {"region": home.region_id}):
        answer = officer.post(f"{SETUP}new/", {**NEW, **form, "once": "b" * 32})
        assert 'class="error"' in answer.content.decode()
    assert Community.objects.filter(name="宛平南苑").count() == 1


def test_homes_are_shown_first_and_made_once(officer: Client, home: Community) -> None:
    shown = officer.post(at(home, "homes/"), {**PLAN, "step": "look"})
    assert (shown.context["new_buildings"], shown.context["new_rooms"]) == (2, 8)
    assert not Building.objects.filter(community=home).exists()

    for _click in range(2):
        answer = officer.post(at(home, "homes/"), {**PLAN, "step": "make"})
        assert answer["Location"] == at(home)

    assert Household.objects.filter(community=home).count() == 8
    again = officer.post(at(home, "homes/"), {**PLAN, "step": "look"})
    assert again.context["new_rooms"] == 0


def test_homes_without_a_floor_show_which_there_are(officer: Client, home: Community) -> None:
    form = {**PLAN, "floors": "5", "skip_floors": "4", "step": "look"}

    text = officer.post(at(home, "homes/"), form).content.decode()

    assert "楼层： <b>1 2 3 5 6</b>" in text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"numbers": "1-"}, "看不懂"),
        ({"numbers": "1-200", "floors": "60"}, "一次最多 3000 户"),
        ({"skip_doors": "x"}, "看不懂"),
        ({"floors": "9" * 5000}, ""),
        ({"pattern": "x"}, ""),
    ],
)
def test_homes_of_an_odd_rule_are_refused_in_words(
    officer: Client, home: Community, wrong: dict[str, str], words: str
) -> None:
    answer = officer.post(at(home, "homes/"), {**PLAN, **wrong, "step": "make"})

    text = answer.content.decode()
    assert (answer.status_code, 'class="error"' in text, words in text) == (200, True, True)
    assert not Building.objects.filter(community=home).exists()


def test_roster_is_uploaded_shown_with_remarks_confirmed_and_stored(
    officer: Client, home: Community, run_jobs: Any
) -> None:
    officer.post(at(home, "homes/"), {**PLAN, "numbers": "1", "step": "make"})
    text = "楼号,室号,姓名,手机\r\n1,101,王芳,13800138000\r\n3,101,李梅,\r\n"
    file = SimpleUploadedFile("花名册.csv", text.encode("gbk"))

    answer = officer.post(at(home, "roster/"), {"file": file})
    upload = read_upload(import_id=Import.objects.latest("pk").pk)
    page = f"/admin/desk/rosters/{upload.public_id}/"
    assert answer["Location"] == page
    preview = officer.get(page, {"show": "all"})
    assert preview.context["headings"] == ["楼号", "室号", "姓名", "手机"]
    assert "新的 3号楼 只有这一户，楼号写对了吗？" in preview.content.decode()
    officer.post(f"{page}take-doubtful", {"show": "all", "page": "1"})
    officer.post(f"{page}confirm")
    run_jobs()

    assert officer.get(page).context["counts"].created == 1
    assert list(
        Household.objects.filter(community=home, residents__name__in=("王芳", "李梅"))
        .order_by("building__sort_key")
        .values_list("building__label", "room")
    ) == [("1号楼", "101"), ("3号楼", "101")]
    assert "王芳" not in officer.get(page, {"show": "all"}).content.decode()


def test_roster_without_a_file_says_so(officer: Client, home: Community) -> None:
    answer = officer.post(at(home, "roster/"))

    assert told(answer) == ["请先选择文件。"]
    assert not Import.objects.exists()


def test_community_page_shows_what_is_odd_and_how_to_go_on(
    officer: Client, home: Community
) -> None:
    officer.post(at(home, "homes/"), {**PLAN, "step": "make"})
    Household.objects.filter(community=home, building__number="1", room="102").delete()

    text = officer.get(at(home)).content.decode()

    assert "1号楼: 102" in text
    assert "没有登记人员的住户" in text
    assert "021-64380000" in text


def test_contact_is_changed_by_its_form(officer: Client, home: Community) -> None:
    officer.post(at(home, "contact/"), {"service_name": "居委", "service_phone": "54321234"})

    home.refresh_from_db()
    assert (home.service_name, home.service_phone) == ("居委", "54321234")


def test_pages_hold_to_the_policy(officer: Client, home: Community) -> None:
    pages = ["", "contact/", "homes/", "roster/", "slips/", "poster/"]
    for address in (SETUP, f"{SETUP}new/", *(at(home, page) for page in pages)):
        answer = officer.get(address)
        assert (answer.status_code, offences(answer)) == (200, []), address


@pytest.mark.parametrize("medium", ["pdf", "png"])
def test_poster_of_an_open_group_buy_is_made_and_noted(
    officer: Client, home: Community, medium: str
) -> None:
    officer.post(at(home, "homes/"), {**PLAN, "step": "make"})
    window = make.make_window(home)
    foreign = make.make_window(Community.objects.get(name="别处"))
    building = Building.objects.get(community=home, number="1")
    form = {"building": building.pk, "window": window.public_id, "medium": medium}

    answer = officer.post(at(home, "poster/"), form)

    assert answer["Content-Type"] == {"pdf": "application/pdf", "png": "image/png"}[medium]
    assert answer.content[:4] in (b"%PDF", b"\x89PNG")
    assert AuditEntry.objects.filter(action="poster.printed", subject_id=home.pk).count() == 1
    strange = {**form, "window": foreign.public_id}
    assert officer.post(at(home, "poster/"), strange).status_code == 404
    assert officer.post(at(home, "poster/"), {**form, "building": "9" * 30}).status_code == 404


def slips_of(officer: Client, home: Community, what: str) -> list[str]:
    """The codes on the paper, in the order of the slips."""
    answer = officer.post(at(home, "slips/"), {"what": what})
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    pages = read_pages(answer.content)
    text = " ".join("".join(ink.char for ink in page) for page in pages)
    return re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", text)


def test_slips_of_a_building_carry_new_codes_and_end_the_old_ones_of_it_only(
    officer: Client, home: Community
) -> None:
    officer.post(at(home, "homes/"), {**PLAN, "step": "make"})
    first, second = Building.objects.filter(community=home).order_by("sort_key")
    everybody = slips_of(officer, home, "all")
    again = slips_of(officer, home, f"building-{first.pk}")

    assert (len(everybody), len(again), len({*everybody, *again})) == (8, 4, 12)
    found = {code: find_code(code) for code in (*everybody, *again)}
    assert [code for code, row in found.items() if row is None] == everybody[:4]
    doors = [row.household for row in found.values() if row is not None]
    assert sorted((door.building_id, door.room) for door in doors) == [
        (building.pk, room) for building in (first, second) for room in ("101", "102", "201", "202")
    ]
    # The codes are on paper only.
    kept = str([*AuditEntry.objects.values(), *HouseholdCode.objects.values()])
    assert not any(code in kept for code in found)
    printed = AuditEntry.objects.filter(action="slips.printed").order_by("pk")
    assert list(printed.values_list("data", flat=True)) == [{"count": 8}, {"count": 4}]


def test_slip_of_one_household_renews_its_code_alone(officer: Client, home: Community) -> None:
    officer.post(at(home, "homes/"), {**PLAN, "step": "make"})
    door = Household.objects.filter(community=home).latest("pk")

    (code,) = slips_of(officer, home, f"household-{door.pk}")

    row = find_code(code)
    assert row is not None
    assert row.household == door
    assert HouseholdCode.objects.count() == 1
    # Those that moved in later get theirs, and his stays good.
    shown = officer.get(at(home, "slips/")).context
    assert (shown["good"], shown["missing"]) == (1, 7)
    assert len(slips_of(officer, home, "new")) == 7
    assert find_code(code) is not None


@pytest.mark.parametrize("what", ["", "building-", "household-0", "building-9\0", "x" * 5000])
def test_slips_of_nothing_or_of_others_are_missing_and_renew_nothing(
    officer: Client, home: Community, what: str
) -> None:
    officer.post(at(home, "homes/"), {**PLAN, "step": "make"})
    strange = Household.objects.exclude(community=home).latest("pk")
    for one in (what, f"household-{strange.pk}", f"building-{strange.building_id}"):
        assert officer.post(at(home, "slips/"), {"what": one}).status_code == 404
    assert not HouseholdCode.objects.exists()


def test_slips_of_an_empty_community_say_so(officer: Client, home: Community) -> None:
    answer = officer.post(at(home, "slips/"), {"what": "all"})

    assert told(answer) == ["没有可以打印入户码的住户。"]


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("https://jidan.example.org/m/", "everywhere"),
        ("http://127.0.0.1:18431/m/", "here"),
        ("http://localhost:8000/m/", "here"),
        ("http://[::1]:8000/m/", "here"),
        ("http://192.168.1.7:8000/m/", "near"),
        ("http://jidan.local/m/", "near"),
        ("http://office:8000/m/", "near"),
        ("http://1.2.3.4/m/", "everywhere"),
    ],
)
def test_reach_of_an_address(address: str, reach: str) -> None:
    assert reach_of(address) == reach


@pytest.mark.parametrize(
    ("public", "host", "shown", "warns"),
    [
        ("https://jidan.example.org", "127.0.0.1:18431", "jidan.example.org/m/", False),
        ("", "127.0.0.1:18431", "127.0.0.1:18431/m/", True),
    ],
)
def test_papers_carry_the_public_address_or_warn(
    officer: Client,
    home: Community,
    settings: LazySettings,
    public: str,
    host: str,
    shown: str,
    warns: bool,
) -> None:
    settings.PUBLIC_URL = public
    officer.post(at(home, "homes/"), {**PLAN, "step": "make"})

    for page in ("slips/", "poster/"):
        text = officer.get(at(home, page), headers={"host": host}).content.decode()
        assert (shown in text, "请先不要打印" in text) == (True, warns)
    paper = officer.post(at(home, "slips/"), {"what": "all"}, headers={"host": host})
    pages = read_pages(paper.content)
    text = "".join(ink.char for page in pages for ink in page)
    assert text.replace(" ", "").replace("\u200b", "").count(shown) == 8
