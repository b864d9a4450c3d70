"""Orders written down on the telephone: which door, what they want, read back, saved once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import people
from communities.address_rules import remember_address
from communities.models import Household
from communities.roles import Role
from config.kernel.audit import AuditEntry
from orders.models import Offer, Order, OrderLine, OrderWindow, ProxyWish
from tests import factories as make
from tests.api.client import prepare, release
from tests.factories.proxy import write_down
from tests.volunteers.desk.conftest import Enter, World
from tests.volunteers.desk.pages import at, offences, told

ONCE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def home(world: World) -> Household:
    return make.household(world.home, "201")


@pytest.fixture
def browser(world: World, enter: Enter) -> Client:
    return enter(world.volunteer)


@pytest.fixture
def send(browser: Client, open_window: OrderWindow, home: Household) -> Callable[..., Any]:
    """POST the form for the home; `home=` may name another."""

    def post(step: str, lines: str = "1*2 2", **fields: Any) -> Any:
        data = {"home": home.public_id, "once": ONCE, "lines": lines, "step": step, **fields}
        return browser.post(at(open_window, "entry/"), data)

    return post


def nothing_written() -> bool:
    return not any(model.objects.exists() for model in (Order, OrderLine, ProxyWish))


@pytest.mark.parametrize(
    "typed", ["1-201", "1 201", "1号楼201室", "1201", "201", " 201 ", "一号楼二零一", "１＃２０１"]
)
def test_door_that_is_one_leads_to_its_household(
    typed: str, browser: Client, open_window: OrderWindow, home: Household
) -> None:
    answer = browser.get(at(open_window, "entry/"), {"q": typed, "road": "door"})

    assert answer.status_code == 302
    assert answer["Location"] == f"{at(open_window, 'entry/')}?home={home.public_id}&road=door"


def test_door_is_found_by_the_compounds_own_name_for_it(
    world: World, browser: Client, enter: Enter, open_window: OrderWindow, home: Household
) -> None:
    other = make.building(world.home, "2", "201")
    with transaction.atomic():
        remember_address(text="门卫旁边小屋", household=home, actor=make.SETUP)
    leader = make.make_user(is_staff=True)
    make.grant(leader, Role.BUILDING_LEADER, world.home, building=other)

    answer = browser.get(at(open_window, "entry/"), {"q": "门卫旁边小屋"})

    assert answer["Location"].endswith(f"home={home.public_id}")
    # Whoever does not see that building is not told of it; a room alone is one of his own.
    page = enter(leader).get(at(open_window, "entry/"), {"q": "门卫旁边小屋"})
    assert page.context["found"] == []
    own = enter(leader).get(at(open_window, "entry/"), {"q": "二〇一室"})
    assert own["Location"].endswith(f"home={Household.objects.get(building=other).public_id}")


def test_door_that_is_several_asks_which(
    world: World, browser: Client, open_window: OrderWindow
) -> None:
    make.building(world.home, "2", "201")

    page = browser.get(at(open_window, "entry/"), {"q": "201"})

    assert [f"{h.building.label} {h.room}" for h in page.context["found"]] == [
        "1号楼 201",
        "2号楼 201",
    ]
    assert browser.get(at(open_window, "entry/"), {"q": "2 201"}).status_code == 302


@pytest.mark.parametrize("typed", ["999", "甲乙丙", "%", "\\", "'", "(", "2" * 40])
def test_door_that_is_none_says_so_and_keeps_what_was_typed(
    typed: str, browser: Client, open_window: OrderWindow
) -> None:
    page = browser.get(at(open_window, "entry/"), {"q": typed})

    assert page.status_code == 200
    assert page.context["found"] == []
    assert page.context["typed"] == typed


def test_doors_are_suggested_with_what_is_known(
    browser: Client, open_window: OrderWindow, home: Household
) -> None:
    make.order(open_window, home, 1)

    found = browser.get(at(open_window, "entry/doors/"), {"q": "20"}).json()["homes"]

    assert [(one["door"], one["has_ordered"], one["is_whole"]) for one in found] == [
        ("1号楼 201", True, False),
        ("1号楼 202", False, False),
    ]


def test_household_is_shown_with_its_orders_and_what_it_had_last(
    world: World, browser: Client, open_window: OrderWindow, home: Household
) -> None:
    earlier = make.make_window(world.home, supplier=open_window.supplier)
    make.order(earlier, home, 3, 1)
    make.order(open_window, home, 1)
    with transaction.atomic():
        people.add_resident(household=home, name="王奶奶", actor=make.SETUP)

    page = browser.get(at(open_window, "entry/"), {"home": str(home.public_id)})

    text = page.content.decode()
    assert "王奶奶" in text
    assert "本团已下单：接龙号 1" in text
    assert page.context["home"].before.again == "1*3 2"
    assert offences(page) == []


def test_call_is_read_back_and_saved(
    world: World, send: Callable[..., Any], home: Household, open_window: OrderWindow
) -> None:
    read = send("read", road="hotline", payer="cash", asker_name="小李", note="放门口")

    shown = read.context["reading"]
    assert [(row.offer.name, row.quantity) for row in shown.rows] == [("商品1", 2), ("商品2", 1)]
    assert shown.total_fen == 2 * 390 + 1250
    assert offences(read) == []
    assert nothing_written()
    hidden = read.context["draft"].as_dict()
    saved = send("save", hidden.pop("lines"), total=2030, **hidden)

    order = Order.objects.get()
    assert saved["Location"] == f"{at(open_window, 'entry/')}?road=hotline"
    assert told(saved) == ["已存：1号楼 201，接龙号 1。接下一个电话。"]
    assert (order.household, order.channel, order.total_fen, order.note, order.placed_by) == (
        *(home, "hotline", 2030, "放门口", world.volunteer),
    )
    wish = ProxyWish.objects.get(order=order)
    assert (wish.payer, wish.asker_name, wish.receiver) == ("cash", "小李", None)


def test_call_saved_twice_is_one_order(send: Callable[..., Any]) -> None:
    first, second = send("save", total=2030), send("save", total=2030)

    assert told(second)[-1:] == told(first)
    assert Order.objects.count() == 1


def test_call_that_was_saved_and_changed_is_not_saved_again(send: Callable[..., Any]) -> None:
    send("save", total=2030)

    again = send("save", "1*3", total=1170)

    assert again.context["reading"].problems == [
        "这个电话的订单已经存过了。还要加的话，请重新选门牌再下一单。"
    ]
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("", "还没有写要什么。"),
        ("9", "今天没有 9 号商品。"),
        ("1 2 1", "“1 2 1”有两种读法。12号要2份请写 12*2，每样之间加逗号。"),
        ("生菜", "“生菜”看不懂。"),
        ("1*0", "“1*0”：要几份？"),
        ("1*10000", "“1*10000”超过 9999 份。"),
    ],
)
@pytest.mark.parametrize("step", ["read", "save"])
def test_lines_that_are_not_clear_are_asked_about_and_kept(
    step: str, lines: str, problem: str, send: Callable[..., Any]
) -> None:
    page = send(step, lines, note="放门口", total=0)

    assert problem in page.context["reading"].problems
    assert (page.context["draft"].lines, page.context["draft"].note) == (lines, "放门口")
    assert nothing_written()


def test_sold_out_and_limits_are_told_with_what_is_possible(
    send: Callable[..., Any], open_window: OrderWindow, home: Household
) -> None:
    first, second = make.offers_of(open_window)
    Offer.objects.filter(pk=first.pk).update(cap=5, taken=4)
    Offer.objects.filter(pk=second.pk).update(household_limit=1)

    page = send("read", "1*2 2*3")

    assert page.context["reading"].problems == [
        "1 商品1：最多还能要 1 份。",
        "2 商品2：最多还能要 1 份。",
    ]
    assert page.context["reading"].possible == "1, 2"
    read = send("", "1*2 2*3", instead="1, 2")
    assert read.context["reading"].total_fen == 390 + 1250


def test_last_piece_that_went_meanwhile_is_told_and_nothing_is_lost(
    send: Callable[..., Any], open_window: OrderWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page knew of five, the verb finds one."""
    offer = make.offers_of(open_window)[0]
    Offer.objects.filter(pk=offer.pk).update(cap=5)
    from volunteers.desk import homes  # noqa: PLC0415 -- to stand between its look and the verb's

    look = homes.menu_of

    def outdated(*given: Any, **_: Any) -> Any:
        menu = look(*given)
        Offer.objects.filter(pk=offer.pk).update(taken=4)
        return menu

    monkeypatch.setattr(homes, "menu_of", outdated)

    page = send("save", "1*2", total=780)

    assert page.context["reading"].problems == ["1 商品1：最多还能要 1 份。"]
    assert (page.context["reading"].possible, page.context["draft"].lines) == ("1", "1*2")
    assert nothing_written()


def test_price_that_is_another_now_is_read_back_again(send: Callable[..., Any]) -> None:
    page = send("save", total=1)

    assert page.context["reading"].total_fen == 2030
    assert "价格有变，请再念一遍。" in page.content.decode()
    assert nothing_written()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"rang": "25:00"}, "时间请写成 9:40 这样。"),
        ({"rang": "x"}, "时间请写成 9:40 这样。"),
        ({"road": "rest"}, "请从列表里选。"),
        ({"receiver": "1" * 18}, "这个人不是这一户的。"),
    ],
)
def test_field_that_cannot_be_is_told(
    fields: dict[str, str], problem: str, send: Callable[..., Any]
) -> None:
    page = send("save", total=2030, **fields)

    assert page.context["reading"].problems == [problem]
    assert nothing_written()


def test_order_is_taken_back_while_the_window_is_open(
    send: Callable[..., Any], open_window: OrderWindow, home: Household
) -> None:
    own = make.order(open_window, home, 1)
    placed = write_down(open_window, home, 2)

    assert send("cancel", number=own.number, reason="x").status_code == 404
    send("cancel", number=placed.number, reason="说错了")

    rows = Order.objects.order_by("number").values_list("status", "reason")
    assert list(rows) == [("placed", ""), ("cancelled", "说错了")]


def test_call_that_changes_its_mind_changes_the_order(
    world: World, open_window: OrderWindow, home: Household, send: Callable[..., Any]
) -> None:
    first, second = make.offers_of(open_window)
    Offer.objects.filter(pk=first.pk).update(cap=3, household_limit=3)
    placed = write_down(open_window, home, 3, 1, note="放门口")

    form = send("change", number=placed.number)

    draft = form.context["draft"]
    assert (draft.lines, draft.note, draft.seen) == ("1*3 2", "放门口", "1")
    # Its own pieces are free to it: no more than before, but no fewer.
    known = {"changes": draft.changes, "seen": draft.seen, "note": "敲门"}
    assert send("read", "1*4 2", **known).context["reading"].problems
    read = send("read", "1*3 2*2", **known)
    total = 3 * first.price_fen + 2 * second.price_fen
    assert read.context["reading"].total_fen == total
    for _tap in range(2):
        answer = send("save", "1*3 2*2", total=total, **known)
        assert answer.status_code == 302

    order = Order.objects.get()
    assert (order.number, order.version, order.note) == (placed.number, 2, "敲门")
    assert list(order.lines.order_by("pk").values_list("offer", "quantity")) == [
        (first.pk, 3),
        (second.pk, 2),
    ]
    assert Offer.objects.get(pk=first.pk).taken == 3
    assert ProxyWish.objects.count() == 1
    # Somebody else changed it meanwhile: nothing is overwritten.
    again = {**known, "once": "f" * 32}
    late = send("save", "2", total=second.price_fen, **again)
    assert told(late)[-1] == "这张订单刚才已被改过，请重新看一下。"
    assert Order.objects.get().version == 2


def test_order_that_a_household_placed_itself_is_not_changed_on_the_telephone(
    open_window: OrderWindow, home: Household, send: Callable[..., Any]
) -> None:
    order = make.order(open_window, home, 1)

    for step in ("change", "read", "save", "cancel"):
        answer = send(
            step, "2", number=order.number, changes=order.number, seen=1, total=1250, reason="x"
        )
        assert answer.status_code == 404

    assert Order.objects.get().version == 1


# After the cutoff.


@pytest.fixture
def closed(open_window: OrderWindow, world: World) -> OrderWindow:
    make.order(open_window, make.household(world.home, "101"), 1)
    prepare(open_window)
    return open_window


def test_late_order_needs_a_reason_and_makes_a_new_revision(
    closed: OrderWindow, send: Callable[..., Any]
) -> None:
    bare = send("save", total=2030)
    assert Order.objects.count() == 1
    asked = send("read")
    assert asked.context["reading"].problems == ["请写为什么截单后才补。"]
    assert bare.status_code == 200

    send("save", total=2030, reason="电话没打通")

    late = Order.objects.latest("pk")
    closed.refresh_from_db()
    assert (late.channel, late.reason, closed.demand_revision) == ("late", "电话没打通", 2)


def test_late_order_after_the_release_is_refused_in_words(
    closed: OrderWindow, world: World, send: Callable[..., Any]
) -> None:
    release(closed.supplier_orders.get(), world.organiser)

    page = send("save", total=2030, reason="电话没打通")

    assert page.context["mode"] == "shut"
    assert Order.objects.count() == 1
    assert page.context["draft"].lines == "1*2 2"


def test_channels_are_counted_on_the_page_of_the_round(
    world: World, enter: Enter, open_window: OrderWindow, home: Household
) -> None:
    make.order(open_window, home, 1)
    make.order(open_window, home, 1)
    for road in ("phone", "door", "paper", "hotline", "phone"):
        write_down(open_window, home, 1, road=road)
    page = enter(world.volunteer).get(at(open_window))

    assert page.context["totals"].by_channel == [
        ("手机", 2),
        ("电话", 2),
        ("上门", 1),
        ("纸条", 1),
        ("热线", 1),
    ]


# Rights.


def test_leader_writes_down_for_his_own_building_only(
    world: World, enter: Enter, open_window: OrderWindow
) -> None:
    other = make.building(world.home, "2", "301")
    leader = make.make_user(is_staff=True)
    make.grant(leader, Role.BUILDING_LEADER, world.home, building=other)
    browser, own = enter(leader), Household.objects.get(building=other)

    seen = browser.get(at(open_window, "entry/doors/"), {"q": "01"}).json()["homes"]
    assert [one["door"] for one in seen] == []
    data = {"once": ONCE, "lines": "1", "step": "save", "total": 390}
    foreign = {**data, "home": make.household(world.home, "201").public_id}
    assert browser.post(at(open_window, "entry/"), foreign).status_code == 404
    assert nothing_written()
    browser.post(at(open_window, "entry/"), {**data, "home": own.public_id})

    assert Order.objects.get().household == own
    assert AuditEntry.objects.get(action="order.placed_for").actor_id == leader.pk


# Statements.


@pytest.mark.parametrize("lines", [1, 3])
def test_pages_take_the_same_statements_whatever_was_ordered(
    lines: int, world: World, enter: Enter, open_window: OrderWindow, home: Household
) -> None:
    supplier = make.make_supplier(world.home, prices_fen=[100] * lines)
    earlier = make.make_window(world.home, supplier=supplier)
    make.order(earlier, home, *[1] * lines)
    for _order in range(lines):
        make.order(open_window, home, 1)
    browser = enter(world.volunteer)

    with CaptureQueriesContext(connection) as of_home:
        browser.get(at(open_window, "entry/"), {"home": str(home.public_id)})
    with CaptureQueriesContext(connection) as of_doors:
        browser.get(at(open_window, "entry/"), {"q": "20"})

    # Everywhere 4; roles with their communities, the home; people, its orders, the last one, its lines, the menu = 11
    assert len(of_home) == 11, "\n".join(q["sql"][:150] for q in of_home)
    # Everywhere 4; roles with their communities, the doors = 6
    assert len(of_doors) == 6, "\n".join(q["sql"][:150] for q in of_doors)
