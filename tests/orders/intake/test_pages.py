"""The pages of an order list, through HTTP and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from communities.models import AddressQuestion
from communities.roles import Role
from config.kernel.intake.models import Import
from config.kernel.intake.uploads import read_upload
from orders.models import WindowCommunity
from tests.factories import close, grant, make_supplier, make_user, make_window, order
from tests.orders.intake.conftest import Place, codes_of

LIST = "1. 1-101 张阿姨 蔬菜包2份\n2. 102 鸡蛋1板\n3. 2-203 苹果3斤\n4. 9-901 鸡蛋1板 13800138000\n"

Jobs = Callable[[], None]


def paste(browser: Client, place: Place, text: str, group: str = "") -> Import:
    address = reverse("intake:index", args=[place.window.public_id, place.community.public_id])
    answer = browser.post(address, {"text": text, "group": group})
    assert answer.status_code == 302, [str(m) for m in get_messages(answer.wsgi_request)]
    return read_upload(import_id=Import.objects.latest("pk").pk)


def page_of(upload: Import, name: str = "import", *args: object) -> str:
    return reverse(f"intake:{name}", args=[upload.public_id, *args])


def test_paste_is_checked_mended_confirmed_and_stored(
    browser: Client, place: Place, run_jobs: Jobs
) -> None:
    upload = paste(browser, place, LIST, group="2号楼")
    assert codes_of(upload)[2] == []
    assert browser.get(page_of(upload)).context["counts"].taken == 2

    form = browser.get(page_of(upload, "row", 4))
    assert b"9-901" in form.content
    mended = {"quantities": "1", "address": "2号楼 301", "q-2": "1"}
    assert browser.post(page_of(upload, "row", 4), mended).status_code == 302
    browser.post(page_of(upload, "row", 3), {"quantities": "1", "address": "2号楼 203", "q-1": "3"})
    assert browser.get(page_of(upload)).context["counts"].taken == 4

    browser.post(page_of(upload, "confirm"))
    run_jobs()

    assert place.orders() == {
        "1-101": {"蔬菜包": 2},
        "2-102": {"鸡蛋": 1},
        "2-203": {"蔬菜包": 3},
        "2-301": {"鸡蛋": 1},
    }
    assert browser.get(page_of(upload)).context["counts"].created == 4


def test_paste_of_nothing_is_refused_with_a_sentence(browser: Client, place: Place) -> None:
    address = reverse("intake:index", args=[place.window.public_id, place.community.public_id])

    answer = browser.post(address, {"text": " \n "})

    assert answer.status_code == 200
    assert [str(one) for one in answer.context["messages"]] == ["请先粘贴名单，或者选择文件。"]
    assert not Import.objects.filter(kind="orders").exists()


def test_paste_of_more_than_is_read_at_once_is_told_how_to_go_on(
    browser: Client, place: Place
) -> None:
    address = reverse("intake:index", args=[place.window.public_id, place.community.public_id])

    answer = browser.post(address, {"text": "蛋" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 3)})

    assert answer.status_code == 413
    assert "可以分几次粘贴" in answer.content.decode()
    assert not Import.objects.filter(kind="orders").exists()


def test_page_with_questions_does_not_say_that_nothing_changes(
    browser: Client, place: Place
) -> None:
    place.store(place.read("1. 1-101 蔬菜包2份\n2. 1-102 鸡蛋1板\n"))
    asked = paste(browser, place, "1. 1-101 蔬菜包2份\n2. 1-102 鸡蛋3板\n")
    same = paste(browser, place, "1. 1-101 蔬菜包2份\n2. 1-102 鸡蛋1板\n谢谢")

    shown = [browser.get(page_of(upload)).context["changes_nothing"] for upload in (asked, same)]
    assert shown == [False, True]


def test_building_leader_is_told_who_stores_a_list(browser: Client, place: Place) -> None:
    """Nothing of his leads there; an address that a colleague sends him may."""
    leader = make_user(is_staff=True)
    building = place.community.buildings.order_by("pk")[0]
    grant(leader, Role.BUILDING_LEADER, place.community, building=building)
    upload = paste(browser, place, "1. 1-101 蔬菜包2份\n")
    address = reverse("intake:index", args=[place.window.public_id, place.community.public_id])
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(leader)

    answers = [
        client.get(address),
        client.post(address, {"text": LIST}),
        client.get(page_of(upload)),
    ]

    for answer in answers:
        assert answer.status_code == 403
        assert "请把接龙交给志愿者、核单员或团长" in answer.content.decode()
    assert list(Import.objects.filter(kind="orders")) == [upload]
    desk = client.get(reverse("desk:window", args=[place.window.public_id]))
    assert (desk.status_code, address in desk.content.decode()) == (200, False)


def test_choice_in_the_list_settles_a_row(browser: Client, place: Place, run_jobs: Jobs) -> None:
    upload = paste(browser, place, "1. 1-101 蔬菜包2份\n2. 1-101 鸡蛋1板\n")

    answer = browser.post(
        page_of(upload, "row", 2), {"how": "add", "back": "1", "show": "all", "page": "1"}
    )
    assert answer.headers["Location"].endswith("?show=all&page=1#row-2")
    browser.post(page_of(upload, "confirm"))
    run_jobs()

    assert place.orders() == {"1-101": {"蔬菜包": 2, "鸡蛋": 1}}


def test_list_of_other_goods_stops_until_somebody_is_sure(
    browser: Client, place: Place, run_jobs: Jobs
) -> None:
    upload = paste(
        browser, place, "1. 1-101 蔬菜包1份\n2. 1-102 苹果2斤\n3. 1-103 香蕉1斤\n4. 1-201 梨2斤\n"
    )
    assert len(browser.get(page_of(upload)).context["stops"]) == 1

    browser.post(page_of(upload, "confirm"))
    run_jobs()
    assert place.orders() == {}

    browser.post(page_of(upload, "confirm"), {"sure": "yes"})
    run_jobs()
    assert place.orders() == {"1-101": {"蔬菜包": 1}}


def test_list_of_households_that_ordered_elsewhere_stops(browser: Client, place: Place) -> None:
    other = make_window(
        place.community, supplier=make_supplier(place.community), organiser=place.organiser
    )
    for room in ("101", "102"):
        order(other, place.community.households.get(building__number="1", room=room), 1)

    upload = paste(browser, place, "1. 1-101 蔬菜包1份\n2. 1-102 蔬菜包1份\n3. 1-103 蔬菜包1份\n")

    assert len(browser.get(page_of(upload)).context["stops"]) == 1


def test_list_of_yesterday_stops_though_its_round_is_over(browser: Client, place: Place) -> None:
    text = "1. 1-101 蔬菜包1份\n2. 1-102 鸡蛋2板\n3. 1-103 鲜牛奶1瓶\n"
    window = make_window(
        place.community, supplier=place.window.supplier, organiser=place.organiser, title="昨天的团"
    )
    joined = WindowCommunity.objects.get(window=window, community=place.community)
    yesterday = replace(place, window=window, joined=joined)
    yesterday.store(yesterday.read(text))
    close(window)

    again = paste(browser, place, text)
    other = paste(browser, place, text.replace("鸡蛋2板\n3. 1-103", "鸡蛋1板\n3. 2-103"))

    stops = [browser.get(page_of(upload)).context["stops"] for upload in (again, other)]
    assert stops == [["3 条里有 3 条和“昨天的团”的接龙一模一样，是不是贴成那个团的了？"], []]


def test_totals_stand_beside_what_the_list_says_itself(browser: Client, place: Place) -> None:
    upload = paste(browser, place, "1. 1-101 蔬菜包2份\n2. 1-102 蔬菜包1份\n共4份\n")

    notes = browser.get(page_of(upload), headers={"accept-language": "en"}).context["notes"]

    assert "As it stands now: 蔬菜包×3, together 3." in notes
    assert "Differs from the list's own sum for everything: 4 there, 3 here." in notes


def test_pages_take_the_same_statements_for_one_row_and_for_many(
    browser: Client, place: Place, django_assert_max_num_queries: Callable[..., object]
) -> None:
    few = paste(browser, place, "1. 1-101 蔬菜包2份\n")
    many = paste(browser, place, "".join(f"{n}. 1-{n}01 蔬菜包2份\n" for n in range(1, 7)))

    counts = []
    for upload in (few, many):
        with django_assert_max_num_queries(40) as seen:  # type: ignore[attr-defined]
            browser.get(page_of(upload))
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_confirm_asks_about_addresses_that_nobody_could_make_out(
    browser: Client, place: Place, run_jobs: Jobs
) -> None:
    upload = paste(browser, place, LIST)
    assert not AddressQuestion.objects.exists()

    browser.post(page_of(upload, "confirm"))

    question = AddressQuestion.objects.get(community=place.community, phone_masked="138****8000")
    assert question.text == "9-901 鸡蛋1板"
    assert question.reason == "building_unknown"
