"""GET /windows, /windows/{id}, /me, /me/messages: what a resident sees."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.models import Community, InboxMessage
from communities.notices import tell
from communities.people import end_membership
from communities.roles import Role
from config.kernel import clock, outbox
from orders.windows.cancelling import cancel_window
from tests import factories as make
from tests.api.client import Api, prepare, release, signed_in, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community("宛平南苑", rooms=("101", "102", "201"))


@pytest.fixture
def resident(community: Community) -> Api:
    return signed_in(make.make_resident(community))


def shanghai(moment: datetime) -> str:
    return (moment + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S+08:00")


def titles(answer: Any) -> list[str]:
    return [row["title"] for row in answer.json()["results"]]


# The first offer as a household sees it that has two pieces of three allowed; three of nine are left.
OFFER = {
    "short_number": 1,
    "name": "商品1",
    "spec": "500g/袋",
    "unit": "袋",
    "category": "",
    "description": "",
    "photo": None,
    "price_fen": 390,
    "price": "3.90",
    "price_per_500g_fen": 390,
    "weight_is_about": False,
    "pieces_in_unit": 1,
    "is_active": True,
    "remaining": 3,
    "waiting": 0,
    "my_wait": None,
    "household_limit": 3,
    "my_quantity": 2,
    "my_remaining_limit": 1,
    "my_wait_limit": 1,
    "order_multiple": 1,
    "minimum": 1,
}


def test_get_window_shows_offers_limits_and_progress(community: Community, resident: Api) -> None:
    other = make.make_community()
    window = make.make_window(
        community,
        offers=[{"cap": 9, "household_limit": 3}, {"is_active": False}],
        others=[other],
        minimum_measure="pieces",
        minimum=100,
        notice="车到北门",
    )
    make.order(window, make.household(community, "101"), 2)
    make.order(window, make.household(community, "102"), 1)
    make.order(window, make.household(other), 3)
    first = make.offers_of(window)[0]
    home = str(make.household(community, "101").public_id)

    answer = resident.read(f"windows/{window.public_id}")

    body = answer.json()
    server_time = datetime.fromisoformat(body.pop("server_time"))
    assert answer.status_code == 200
    assert abs(server_time - clock.database_now()) < timedelta(seconds=5)
    assert server_time.utcoffset() == timedelta(hours=8)
    assert body == {
        "id": str(window.public_id),
        "title": window.title,
        "supplier": window.supplier.name,
        "supplier_id": str(window.supplier.public_id),
        "community": "宛平南苑",
        "status": "open",
        "takes_orders": True,
        "opens_at": shanghai(window.opens_at),
        "closes_at": shanghai(window.closes_at),
        "deliver_on": None,
        "deliver_at": None,
        "notice": "车到北门",
        "my_households": [home],
        "household_id": home,
        "minimum": {
            "measure": "pieces",
            "minimum": 100,
            "wanted": 6,
            "own_minimum": 0,
            "own_wanted": 3,
        },
        "households": 3,
        "category_limits": [],
        "offers": [OFFER | {"id": str(first.public_id)}],
    }


def test_get_window_without_minimum_cap_and_limit_says_null(
    community: Community, resident: Api
) -> None:
    window = make.make_window(community)

    body = resident.read(f"windows/{window.public_id}").json()

    assert body["minimum"] is None
    assert [
        (row["remaining"], row["household_limit"], row["my_remaining_limit"], row["my_quantity"])
        for row in body["offers"]
    ] == [(None, None, None, 0)] * 2


def test_get_window_counts_placed_orders_only(community: Community, resident: Api) -> None:
    window = make.make_window(community, offers=[{"household_limit": 5}])
    placed = resident.send(f"windows/{window.public_id}/orders", wish(window, 4)).json()
    seen = resident.read(f"windows/{window.public_id}").json()["offers"][0]
    resident.send(f"orders/{placed['id']}/cancel", {})

    again = resident.read(f"windows/{window.public_id}").json()["offers"][0]

    assert (seen["my_quantity"], seen["my_remaining_limit"]) == (4, 1)
    assert (again["my_quantity"], again["my_remaining_limit"]) == (0, 5)


# 1 token with its account · 2 window, community, household · 3 community, supplier · 4 what I have · 5 the time ·
# 6 wanted so far · 7 offers with their pictures' names · 8 limits of categories ·
# 9 where I stand in line · 10 which of my households may order
@pytest.mark.parametrize("offers", [1, 40])
def test_get_window_makes_10_statements_whatever_the_offers(
    community: Community, resident: Api, offers: int
) -> None:
    supplier = make.make_supplier(community, prices_fen=[100] * offers)
    window = make.make_window(community, supplier=supplier, minimum_measure="households", minimum=2)
    resident.send(f"windows/{window.public_id}/orders", wish(window, *[1] * offers))

    with CaptureQueriesContext(connection) as captured:
        body = resident.read(f"windows/{window.public_id}").json()

    assert len(body["offers"]) == offers
    assert body["minimum"]["wanted"] == 1
    assert len(captured) == 10


# 1 token with its account · 2 windows with supplier and community · 3 my households in them
@pytest.mark.parametrize("windows", [1, 3])
def test_list_windows_makes_3_statements(community: Community, resident: Api, windows: int) -> None:
    organiser = make.make_staff(community)
    for _turn in range(windows):
        make.make_window(community, organiser=organiser)

    with CaptureQueriesContext(connection) as captured:
        answer = resident.read("windows")

    assert len(titles(answer)) == windows
    assert len(captured) == 3


def test_list_windows_by_status_and_cursor(community: Community, resident: Api) -> None:
    make.make_window(community, state="draft")
    old = make.make_window(community)
    late = make.make_window(community)
    off = make.make_window(community)
    opened = [make.make_window(community).title for _turn in range(3)]
    make.order(old, make.household(community), 1)
    prepare(old)
    make.pass_cutoff(late)
    with transaction.atomic():
        cancel_window(window=off, actor=make.SETUP, reason="下雨")

    assert titles(resident.read("windows")) == opened[::-1]
    closed = resident.read("windows?status=closed").json()["results"]
    assert [(row["title"], row["status"], row["takes_orders"]) for row in closed] == [
        (off.title, "cancelled", False),
        (late.title, "open", False),
        (old.title, "closed", False),
    ]
    first = resident.read("windows?status=all&limit=4")
    second = resident.read(f"windows?status=all&limit=4&cursor={first.json()['next_cursor']}")
    assert titles(first) == [*opened[::-1], off.title]
    assert titles(second) == [late.title, old.title]
    assert second.json()["next_cursor"] is None


def test_me_shows_households_and_roles(community: Community) -> None:
    user = make.make_resident(community, "201")
    make.grant(user, Role.VOLUNTEER, community)
    make.grant(user, Role.COMMITTEE, community.region)
    ended = make.grant(user, Role.CHECKER, community)
    with transaction.atomic():
        end_membership(membership=ended, actor=make.SETUP, at=clock.now())
    make.make_resident(community, "101")
    place = {"kind": "community", "id": str(community.public_id), "name": "宛平南苑"}

    resident = signed_in(user)

    with CaptureQueriesContext(connection) as captured:
        body = resident.read("me").json()

    assert body == {
        "id": str(user.public_id),
        "name": user.username,
        "phone": None,
        "phone_is_confirmed": False,
        "households": [
            {
                "id": str(make.household(community, "201").public_id),
                "building": "1号楼",
                "room": "201",
                "community": place,
                "substitutes": "refund",
            }
        ],
        "memberships": [
            {"role": "resident", "place": place},
            {"role": "volunteer", "place": place},
            {
                "role": "committee",
                "place": {"kind": "region", "id": None, "name": community.region.name},
            },
        ],
    }
    # 1 token with its account · 2 memberships with everything · 3 the phone kept with the name
    assert len([q for q in captured if q["sql"].lstrip().startswith("SELECT")]) == 3


def test_messages_show_own_inbox_newest_first(community: Community) -> None:
    user, neighbour = make.make_resident(community), make.make_resident(community, "102")
    for turn, whom in enumerate([user, neighbour, user, user]):
        with transaction.atomic():
            tell(
                user_ids=[whom.pk],
                event_key=f"test:{turn}",
                kind="supplier_order.released",
                data={"title": f"第{turn}团", "revision": 1},
            )
    resident = signed_in(user)

    first = resident.read("me/messages?limit=2").json()
    second = resident.read(f"me/messages?limit=2&cursor={first['next_cursor']}").json()

    newest = InboxMessage.objects.get(event_key="test:3")
    assert first["results"][0] == {
        "cursor": first["results"][0]["cursor"],
        "kind": "supplier_order.released",
        "text": first["results"][0]["text"],
        "data": {"title": "第3团", "revision": 1},
        "created_at": shanghai(newest.created_at),
        "read_at": None,
    }
    assert [row["data"]["title"] for row in first["results"]] == ["第3团", "第2团"]
    assert [row["data"]["title"] for row in second["results"]] == ["第0团"]
    assert second["next_cursor"] is None
    assert (first["unread"], second["unread"]) == (3, 3)


def test_messages_are_read_up_to_the_one_that_was_seen(community: Community) -> None:
    user, neighbour = make.make_resident(community), make.make_resident(community, "102")
    for turn in range(3):
        with transaction.atomic():
            tell(user_ids=[user.pk, neighbour.pk], event_key=f"{turn}", kind="a", data={})
    resident = signed_in(user)
    _newest, middle, _oldest = resident.read("me/messages").json()["results"]

    answer = resident.send("me/messages/read", {"up_to": middle["cursor"]}).json()

    assert answer == {"unread": 1}
    rows = resident.read("me/messages").json()["results"]
    assert [row["read_at"] is None for row in rows] == [True, False, False]
    # The second time changes nothing, also not when it was read.
    resident.send("me/messages/read", {"up_to": middle["cursor"]})
    assert resident.read("me/messages").json()["results"] == rows
    assert signed_in(neighbour).read("me/messages").json()["unread"] == 3


@pytest.mark.parametrize("up_to", [None, "", 7, "7", "cx-1", "C7", "c" + "z" * 12, ["c7"], {}])
def test_messages_read_up_to_no_cursor_is_refused(community: Community, up_to: object) -> None:
    user = make.make_resident(community)
    with transaction.atomic():
        tell(user_ids=[user.pk], event_key="a", kind="a", data={})

    answer = signed_in(user).send("me/messages/read", {"up_to": up_to})

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["up_to"])
    assert InboxMessage.objects.get().read_at is None


def test_messages_take_the_same_statements_for_one_row_and_for_three(community: Community) -> None:
    user = make.make_resident(community)
    resident = signed_in(user)
    counts = []
    for turn in range(3):
        with transaction.atomic():
            tell(user_ids=[user.pk], event_key=f"{turn}", kind="a", data={})
        with CaptureQueriesContext(connection) as captured:
            resident.read("me/messages")
        counts.append(len([q for q in captured if q["sql"].lstrip().startswith("SELECT")]))
    # 1 token with its account · 2 messages · 3 how many are unread
    assert counts == [3, 3, 3]


def test_messages_of_a_round_read_as_sentences(community: Community) -> None:
    user = make.make_resident(community)
    resident = signed_in(user, **{"accept-language": "en"})
    organiser = make.make_staff(community)
    window = make.make_window(community, organiser=organiser)
    resident.send(f"windows/{window.public_id}/orders", wish(window, 2))
    release(prepare(window), organiser)
    outbox.deliver_due()
    with transaction.atomic():
        cancel_window(window=window, actor=make.SETUP, reason="下雨")
    outbox.deliver_due()

    texts = [row["text"] for row in resident.read("me/messages").json()["results"]]
    chinese = resident.read("me/messages?limit=2", **{"accept-language": "zh-CN"}).json()

    assert chinese["results"][1]["text"] == f"{window.title}：备货单已发供货商。"
    assert texts == [
        f"{window.title} does not take place, your order is cancelled. Reason: 下雨",
        f"{window.title}: the order has gone to the supplier.",
        f"{window.title}: the cutoff has passed and your order is locked.",
    ]


def test_message_tells_times_and_amounts_as_people_write_them(community: Community) -> None:
    user = make.make_resident(community)
    with transaction.atomic():
        data = {"title": "联华", "closes_at": "2022-04-21T12:05+08:00", "minutes": 30}
        tell(user_ids=[user.pk], event_key="a", kind="window.last_hour", data=data)
        data = {"title": "联华", "number": 7, "amount_fen": 123456}
        tell(user_ids=[user.pk], event_key="b", kind="order.refunded", data=data)
    resident = signed_in(user)

    texts = {
        language: [
            row["text"]
            for row in resident.read("me/messages", **{"accept-language": language}).json()[
                "results"
            ]
        ]
        for language in ("zh-CN", "en")
    }

    assert texts == {
        "zh-CN": [
            "联华：您的订单（接龙号 7）退款 ¥1234.56。",
            "联华 将于 4月21日 周四 12:05 截单（约 30 分钟后），您家还没有下单。",
        ],
        "en": [
            "联华: ¥1234.56 of your order no. 7 come back to you.",
            "联华 closes at Thu 21/4 12:05, in about 30 minutes. Your household has nothing in it yet.",
        ],
    }


def test_message_of_an_unknown_kind_has_no_sentence(community: Community) -> None:
    user = make.make_resident(community)
    with transaction.atomic():
        tell(user_ids=[user.pk], event_key="a", kind="from.the.future", data={})
        tell(user_ids=[user.pk], event_key="b", kind="window.closed", data={"other": 1})

    rows = signed_in(user).read("me/messages").json()["results"]

    assert [row["text"] for row in rows] == ["", ""]


def test_get_window_counts_tolerance_against_the_limit(community: Community, resident: Api) -> None:
    window = make.make_window(community, offers=[{"household_limit": 5}])
    body = wish(window, 2)
    body["lines"][0]["tolerance"] = 2
    resident.send(f"windows/{window.public_id}/orders", body)

    offer = resident.read(f"windows/{window.public_id}").json()["offers"][0]

    assert (offer["my_quantity"], offer["my_remaining_limit"]) == (2, 1)
    path = f"windows/{window.public_id}/orders"
    assert resident.send(path, wish(window, 2)).json()["fields"] == {offer["id"]: 1}
    assert resident.send(path, wish(window, 1)).status_code == 201
