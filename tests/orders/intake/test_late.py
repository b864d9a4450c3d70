"""A list that comes after the cutoff: who is new is added as 补单, with a reason; nobody else is touched."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from config.kernel.intake.models import Import
from config.kernel.intake.uploads import read_upload
from orders.models import Order, ProxyWish
from tests import factories as make
from tests.orders.intake.conftest import Place, codes_of

LIST = "1. 1-101 张阿姨 蔬菜包2份 鸡蛋1板\n2. 2-302 蔬菜包、鸡蛋各1\n"
LATER = "1. 1-101 张阿姨 蔬菜包2份 鸡蛋1板\n2. 2-302 蔬菜包3份\n3. 2-402 鸡蛋2板\n4. 1-203 改成鸡蛋1板\n"
STORED = {"1-101": {"蔬菜包": 2, "鸡蛋": 1}, "2-302": {"蔬菜包": 1, "鸡蛋": 1}}

Jobs = Callable[[], None]


def take(place: Place, browser: Client, text: str, reason: str) -> Import:
    """Pasted, every doubtful row taken, confirmed."""
    address = reverse("intake:index", args=[place.window.public_id, place.community.public_id])
    assert b'name="reason"' in browser.get(address).content
    assert browser.post(address, {"text": text, "reason": reason}).status_code == 302
    upload = read_upload(import_id=Import.objects.latest("pk").pk)
    browser.post(reverse("intake:take-doubtful", args=[upload.public_id]))
    browser.post(reverse("intake:confirm", args=[upload.public_id]))
    return upload


def test_list_after_the_cutoff_adds_who_is_new_and_changes_nobody(
    place: Place, browser: Client, run_jobs: Jobs
) -> None:
    place.store(place.read(LIST))
    make.prepare(place.window)
    place.window.refresh_from_db()
    revision = place.window.demand_revision

    upload = take(place, browser, LATER, "群主晚发了名单")
    assert codes_of(upload) == {
        1: [],
        2: ["late_besides"],
        3: ["late_order"],
        4: ["late_no_change", "asks_to_change"],
    }
    run_jobs()

    assert place.orders() == {**STORED, "2-402": {"鸡蛋": 2}}
    late = Order.objects.get(window=place.window, channel="late")
    assert late.reason == "群主晚发了名单"
    assert ProxyWish.objects.get(order=late).road == "chain"
    place.window.refresh_from_db()
    assert place.window.demand_revision == revision + 1


def test_list_after_the_cutoff_adds_more_for_a_household_on_a_yes(place: Place) -> None:
    place.store(place.read(LIST))
    make.close(place.window)
    upload = place.read(LATER)

    place.choose(upload, 2, "late")
    place.store(upload)

    assert place.orders() == {**STORED, "2-302+": {"蔬菜包": 3}}


def test_list_after_the_release_stores_nothing(place: Place, browser: Client) -> None:
    place.store(place.read(LIST))
    make.release(place.window, place.organiser)
    upload = place.read("3. 2-402 鸡蛋2板\n")

    place.store(upload)

    assert place.orders() == STORED
    assert upload.rows.get().reasons[-1]["code"] == "window_not_open"


def test_gone_household_that_a_mended_row_names_is_not_asked_about(place: Place) -> None:
    place.store(place.read(LIST))
    upload = place.read(LIST.replace("2-302", "2-203"))
    assert codes_of(upload) == {1: [], 2: [], 3: ["gone_from_list"]}

    place.mend(upload, 2, address="2号楼 302")
    assert codes_of(upload) == {1: [], 2: [], 3: []}
    place.store(upload)
    again = place.read(LIST)

    assert place.orders() == STORED
    assert [row.values["how"] for row in again.rows.order_by("number")] == ["same", "same"]
