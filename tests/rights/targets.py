"""The objects that addresses name: own ones, others' ones, ones that nobody has, in every state."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from communities.joining.one_time import text_of
from communities.joining.texts import current
from communities.mailing.address import code_of
from communities.models import Household, Mailbox
from tests import factories as make
from tests.api.client import wish
from tests.rights.demand_world import SURVEYS
from tests.rights.newcomers import OWN_PHONE, claim_of
from tests.rights.world import JOINT, ROOMS, WINDOWS, World, phone_of

NOTHING = "nothing"
# Everybody tries these. The other windows differ from them in their state only; they and some orders are tried by
# residents, past and present.
WINDOWS_FOR_ALL = ("home_open", "home_draft", "joint_far", "sister_open", "far_open")
ORDERS_FOR_ALL = ("home_open/101", "home_released/101", "joint_home/far/101", "far_open/101")
ORDERS_FOR_RESIDENTS = (
    *("home_open/102", "home_open/103", "home_open/104", "home_held/101", "home_cancelled/101"),
    *("home_revised/102", "joint_home/101", "joint_home/105", "joint_home/far/105"),
    *(
        "joint_far/home/101",
        "sister_open/101",
        "sister_open/106",
        "far_released/101",
        "far_cancelled/101",
    ),
)
# By what stands behind the first underscore of a window's name; a joint window is open but for joint_released.
_OVER = ("held", "closed", "released", "revised", "withdrawn")
STATES = {
    **dict.fromkeys(("draft", "ready"), "unpublished"),
    **dict.fromkeys(("open", "home", "far"), "open"),
    **dict.fromkeys(_OVER, "over"),
    "later": "early",
    "cancelled": "cancelled",
}


@dataclass(frozen=True)
class Target:
    """One object by the names of the world. `places` buy in it, `home` has ordered it, `supplier` delivers it."""

    name: str
    state: str = ""
    places: frozenset[str] = frozenset()
    home: str = ""
    supplier: str = ""
    for_all: bool = True
    path: dict[str, str] = field(default_factory=dict, compare=False)
    # What a request that writes sends: right in every respect.
    body: Any = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return self.name


def no_target(_world: World) -> list[Target]:
    """Of an address that names nothing."""
    return [Target("-")]


def inbox(_world: World) -> list[Target]:
    """One's own, which no address names; the messages of others are among those before the cursor."""
    return [Target("-", body={"up_to": "czzzzz"})]


def windows(world: World) -> list[Target]:
    names = sorted(WINDOWS, key=lambda name: name not in WINDOWS_FOR_ALL)
    return [_window(world, name) for name in names] + [
        Target(NOTHING, path={"public_id": str(uuid4())}, body=wish(world.windows["home_open"], 1))
    ]


def _window(world: World, name: str) -> Target:
    window = world.windows[name]
    return Target(
        name,
        state=STATES[name.partition("_")[2]],
        places=frozenset(world.buyers(name)),
        for_all=name in WINDOWS_FOR_ALL,
        path={"public_id": str(window.public_id)},
        body=wish(window, 1, note="放门口"),
    )


def photos(world: World) -> list[Target]:
    """The first offer of each window, which has a picture; the second, which has none; one of another window."""
    found = [target for target in windows(world) if target.name != NOTHING]
    home = next(target for target in found if target.name == "home_open")
    first, second = (str(offer.public_id) for offer in make.offers_of(world.windows["home_open"]))
    foreign = str(make.offers_of(world.windows["far_open"])[0].public_id)
    return [
        *(_photo(target, _first_offer(world, target.name)) for target in found),
        _photo(replace(home, name="home_open/2", state="no picture"), second),
        _photo(replace(home, name="home_open/of far", state="no picture"), foreign),
        _photo(Target(NOTHING, path={"public_id": str(uuid4())}), first),
    ]


def _photo(target: Target, offer: str) -> Target:
    return replace(target, body={}, path={**target.path, "offer_id": offer})


def _first_offer(world: World, window: str) -> str:
    return str(make.offers_of(world.windows[window])[0].public_id)


def sold_out(world: World) -> list[Target]:
    """The second offer of each window, of which there is nothing left; one that there is not."""
    body = {"quantity": 1}
    found = [target for target in windows(world) if target.name != NOTHING]
    gone = {target.name: make.offers_of(world.windows[target.name])[1] for target in found}
    return [
        *(
            replace(
                target,
                path={**target.path, "offer_id": str(gone[target.name].public_id)},
                body={**body, "expected_total_fen": gone[target.name].price_fen},
            )
            for target in found
        ),
        Target(
            NOTHING,
            path={"public_id": str(uuid4()), "offer_id": str(gone["home_open"].public_id)},
            body={**body, "expected_total_fen": gone["home_open"].price_fen},
        ),
    ]


def waiting(world: World) -> list[Target]:
    """A place in the line of the sold out offer, of each household that ordered in an open window."""
    return [
        *(
            Target(
                name,
                home=_order(world, name).home,
                path={"public_id": str(wish.public_id)},
            )
            for name, wish in world.waiting.items()
        ),
        Target(NOTHING, path={"public_id": str(uuid4())}),
    ]


def leavings(world: World) -> list[Target]:
    return [replace(target, body={"reason": "不等了"}) for target in waiting(world)]


def households(world: World) -> list[Target]:
    """Doors, with what their settings are to say."""
    body = {"substitutes": "call"}
    doors = [
        Target(
            f"{place} {room}",
            home=f"{place} {room}",
            path={"public_id": str(make.household(world.communities[place], room).public_id)},
            body=body,
        )
        for place in world.communities
        for room in ROOMS
    ]
    return [*doors, Target(NOTHING, path={"public_id": str(uuid4())}, body=body)]


def every_order(world: World) -> list[Target]:
    return [_order(world, name) for name in world.orders]


def orders(world: World) -> list[Target]:
    return [_order(world, name) for name in ORDERS_FOR_ALL + ORDERS_FOR_RESIDENTS] + [
        Target(NOTHING, path={"public_id": str(uuid4())}, body=wish(world.windows["home_open"], 1))
    ]


def _order(world: World, name: str) -> Target:
    window, _slash, where = name.partition("/")
    place, _slash, room = where.rpartition("/")
    return Target(
        name,
        state=STATES[window.partition("_")[2]],
        home=f"{place or world.leading(window)} {room}",
        for_all=name in ORDERS_FOR_ALL,
        path={"public_id": str(world.orders[name].public_id)},
        body=wish(world.windows[window], 3, note="放门口"),
    )


def cancellations(world: World) -> list[Target]:
    """Orders, with what their cancellation says."""
    return [replace(target, body={"reason": "不要了"}) for target in orders(world)]


def slips(world: World) -> list[Target]:
    """The code of a door where nobody in the world lives, one that was never given out."""
    return [
        Target("good", "good", body=_wish_to_join(world.slips["sister 105"])),
        Target("unknown code", "unknown", body=_wish_to_join("ABCD-EFGH-JK")),
    ]


def slips_for_accounts(world: World) -> list[Target]:
    """The same; whoever is signed in needs no claim."""
    return [
        replace(target, body={k: v for k, v in target.body.items() if k != "claim"})
        for target in slips(world)
    ]


def _wish_to_join(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": "王阿姨",
        "consent": current("ordering").version,
        "claim": claim_of("somebody"),
    }


def phones(world: World) -> list[Target]:
    """A number of the roster; the answer to one that nobody has is the same."""
    return [Target("-", body={"phone": phone_of("home", "103")})]


def own_name(_world: World) -> list[Target]:
    return [Target("-", body={"name": "王小明"})]


def own_phone(_world: World) -> list[Target]:
    """One of the roster and one that nobody has: the answers are the same. Of the accounts it names `resident` only."""
    numbers = {"a neighbour's": phone_of("home", "103"), "nobody's": OWN_PHONE}
    return [
        Target(name, home="resident", body={"phone": number}) for name, number in numbers.items()
    ]


def own_codes(world: World) -> list[Target]:
    """The code that `resident` asked for; nobody else's try counts for it."""
    assert world.own_code is not None
    return [
        Target("-", home="resident", body={"phone": OWN_PHONE, "code": text_of(world.own_code)})
    ]


def own_joins(world: World) -> list[Target]:
    """`resident` asked for two more households, one of which was refused him; a wish of a device; none."""
    assert world.own_join is not None
    assert world.own_refused is not None
    waiting, refused = str(world.own_join.public_id), str(world.own_refused.public_id)
    return [
        Target("own", "waiting", home="resident", path={"public_id": waiting}),
        Target("own refused", "refused", home="resident", path={"public_id": refused}),
        Target("device's", path={"public_id": str(world.joins["waiting"].public_id)}),
        Target(NOTHING, path={"public_id": str(uuid4())}),
    ]


def codes(world: World) -> list[Target]:
    """The code that came to the phone of home 103, and one for a phone that nobody asked a code for: a wrong one of the
    first would be counted, which tests/communities/joining is about.
    """
    assert world.sign_in_code is not None
    usual = {
        "code": text_of(world.sign_in_code),
        "claim": claim_of("phone"),
        "consent": current("ordering").version,
    }
    return [
        Target("right", "right", body={**usual, "phone": phone_of("home", "103")}),
        Target("wrong", "wrong", body={**usual, "phone": phone_of("home", "104")}),
    ]


def mini_programs(_world: World) -> list[Target]:
    """Login codes of somebody who is bound, of somebody who is not, and one that was used."""
    return [
        Target(name, name, body={"code": f"wx-{name}", "claim": claim_of("mini")})
        for name in ("resident", "stranger", "used")
    ]


def own_mini_program(_world: World) -> list[Target]:
    return [Target("-", body={"code": "wx-somebody"})]


def homes(world: World) -> list[Target]:
    """Doors with those who order for them."""
    doors = [
        f"{place} {room}" for place, room in (("home", "101"), ("home", "103"), ("far", "101"))
    ]
    return [
        Target(
            door,
            home=door,
            path={"public_id": str(_household(world, door).public_id)},
        )
        for door in doors
    ] + [Target(NOTHING, path={"public_id": str(uuid4())})]


def _household(world: World, door: str) -> Household:
    place, _blank, room = door.partition(" ")
    return make.household(world.communities[place], room)


def consents(_world: World) -> list[Target]:
    text = current("direct_delivery")
    return [Target("-", body={"purpose": "direct_delivery", "version": text.version})]


def own_consents(_world: World) -> list[Target]:
    """Only `resident` agreed to notes on care; nobody to something that there is not."""
    return [
        Target("care_notes", home="resident", path={"purpose": "care_notes"}),
        Target(NOTHING, path={"purpose": "nothing"}),
    ]


def mailboxes(_world: World) -> list[Target]:
    return [Target("-", body={"address": "somebody@example.org"})]


def mail_codes(world: World) -> list[Target]:
    """Only `resident` has named an address."""
    box = Mailbox.objects.get(user=world.people["resident"])
    return [Target("-", home="resident", body={"code": code_of(box)})]


def joins(world: World) -> list[Target]:
    """Wishes in every state with their claims; one with somebody else's claim, and none."""
    own = [
        Target(
            name,
            state=str(join.status),
            path={"public_id": str(join.public_id)},
            body={"claim": claim_of(name)},
        )
        for name, join in world.joins.items()
    ]
    foreign = {"claim": claim_of("somebody")}
    return [
        *own,
        replace(own[0], name="foreign claim", state=NOTHING, body=foreign),
        Target(NOTHING, NOTHING, path={"public_id": str(uuid4())}, body=foreign),
    ]


def devices(world: World) -> list[Target]:
    """Devices of two people; `home` is the name of whoever is signed in there."""
    return [
        Target(name, home=name, path={"public_id": str(device.public_id)})
        for name, device in world.devices.items()
    ] + [Target(NOTHING, path={"public_id": str(uuid4())})]


def revisions(world: World) -> list[Target]:
    """Revisions of consolidated orders, with what acknowledges them."""
    return [_revision(world, name) for name in world.supplier_orders] + [
        Target(NOTHING, path={"number": "JD220421-17"}, body={"revision": 1})
    ]


def _revision(world: World, name: str) -> Target:
    order = world.supplier_orders[name]
    window, _slash, revision = name.partition("/")
    supplier = "shared" if window in JOINT else "baker" if window.startswith("far") else "shop"
    return Target(
        name,
        state=str(order.status),
        supplier=f"supplier_{supplier}",
        path={"number": order.number},
        body={"revision": int(revision)},
    )


def files(world: World) -> list[Target]:
    """The newest revision of each number in a format that everybody can have, and in one that there is not."""
    newest = {target.path["number"]: target for target in revisions(world)}
    return [
        *(_in(target, "xlsx") for target in newest.values()),
        _in(newest[world.supplier_orders["home_released/1"].number], "docx", "no such format"),
    ]


def _in(order: Target, format_: str, state: str = "") -> Target:
    return replace(
        order,
        name=f"{order.name}.{format_}",
        state=state or order.state,
        path={**order.path, "format": format_},
    )


def surveys(world: World) -> list[Target]:
    """With an answer that wants one of the first item."""
    some = next(iter(world.demand.surveys))
    return [_survey(world, name) for name in world.demand.surveys] + [
        replace(
            _survey(world, some),
            name=NOTHING,
            places=frozenset(),
            path={"public_id": str(uuid4())},
        )
    ]


def _survey(world: World, name: str) -> Target:
    survey = world.demand.surveys[name]
    item = survey.items.order_by("position")[0]
    return Target(
        name,
        state=str(survey.status),
        places=frozenset(SURVEYS[name]),
        path={"public_id": str(survey.public_id)},
        body={"lines": [{"item": str(item.public_id), "quantity": 1}]},
    )


def new_request(_world: World) -> list[Target]:
    body = {"what": "高钙奶粉", "quantity": 2, "for_whom": "婆婆", "note": "门铃坏了"}
    return [Target("-", body=body)]


def withdrawals(world: World) -> list[Target]:
    return [replace(target, body={}) for target in _requests(world)]


def stock_answers(world: World) -> list[Target]:
    return [replace(target, body={"stock": "have"}) for target in _requests(world)]


def _requests(world: World) -> list[Target]:
    return [_request(world, name) for name in world.demand.requests] + [
        Target(NOTHING, path={"public_id": str(uuid4())})
    ]


def _request(world: World, name: str) -> Target:
    place, _slash, rest = name.partition("/")
    row = world.demand.requests[name]
    supplier = "shop" if place == "home" else "baker"
    return Target(
        name,
        state=str(row.status),
        home=f"{place} {rest.partition('_')[0]}",
        supplier=f"supplier_{supplier}" if row.supplier_id else "",
        path={"public_id": str(row.public_id)},
    )
