"""One world for everything that asks who may do what: the API's matrix and the console's.

Places. A district with a street above two neighbourhoods, and another district beside it:

    district ─ street ─┬─ north: communities `home` and `sister`
                       └─ south: community `far`
    outland            (an officer, no community)

`home` is where one is at home; `sister` has the same committee, `far` another one. Each has building 1 with the rooms
101 … 106. Words, phones and prices of a community stand nowhere else (`World.private`), so that a leak shows.

People are in `World.people` by name: RESIDENTS (with `moved_out`, `inactive` and `empty_flat`, whose door is given up),
STAFF_HERE and STAFF_THERE (a role at `home`, the same at `far`), `former_organiser`, OFFICERS (at a region), `nobody`
and `admin` (superuser). All but the residents have is_staff. Nobody has a password: the console signs in by
force_login, the API by `World.authorization`.

Windows are in `World.windows` by `<community>_<state>`, with WINDOWS as the list. In each that ever took orders the
rooms 101 and 102 have one, `World.orders["home_open/101"]` (101: put in by `resident`, at far by `stranger`, but see
PLACED_BY); of the community that only joined, `World.orders["joint_home/far/101"]`; and MORE_ORDERS says who
else has one. The revisions of the consolidated orders are in `World.supplier_orders["home_revised/2"]`; those that are
released have files, those of `…_released` have pick lists too.

`World.slips` has the codes of a few doors; `World.joins` the wishes to join, `waiting` and in other states, of devices
whose claim is `claim_of(name)`. `World.devices` are the devices on which people are signed in, by their names.

Suppliers: `shop` (home, sister), `baker` (far), `shared` (joint windows; serves all), `gone` (no longer active).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from knox.models import AuthToken

from communities import people, places
from communities.models import (
    Community,
    Device,
    Household,
    JoinRequest,
    Membership,
    Region,
    SignInCode,
    User,
)
from communities.roles import Role
from communities.tokens import issue_token
from config.kernel import clock
from config.kernel.audit import Actor
from orders.files.rendering import render_files
from orders.models import Offer, Order, OrderWindow, SupplierOrder, WaitingWish
from orders.supply import dropping, releasing
from orders.waiting.joining import join_waiting
from orders.windows import cancelling
from suppliers.directory import register_supplier, serve_community
from suppliers.keys import issue_key, revoke_key
from suppliers.models import Product, Supplier
from suppliers.photos.keeping import set_photo
from tests import factories as make
from tests import pictures
from tests.rights.demand_world import Demand
from tests.rights.newcomers import add_joins, add_sign_in_codes
from volunteers.models import PickList
from volunteers.picklists.building import build_pick_lists

ROOMS = ("101", "102", "103", "104", "105", "106")
COMMUNITIES = {"home": "north", "sister": "north", "far": "south"}

# Name → where they live, oldest membership first. `resident` and `spouse` share a household.
RESIDENTS = {
    "resident": ["home 101"],
    "spouse": ["home 101"],
    "neighbour": ["home 102"],
    "two_doors": ["home 103", "home 104"],
    "two_places": ["home 105", "far 105"],
    "sister_resident": ["sister 101"],
    "stranger": ["far 101"],
    "moved_out": ["home 101"],
    "inactive": ["home 101"],
    "empty_flat": ["sister 106"],
}
STAFF_ROLES: list[Role] = [role for role in Role if role != Role.RESIDENT]
STAFF_HERE = {f"{role}_here": role for role in STAFF_ROLES}
STAFF_THERE = {f"{role}_there": role for role in STAFF_ROLES}
# Committee officers at a region; owners_above reads only.
OFFICERS = {
    "officer_north": ("north", Role.COMMITTEE),
    "officer_street": ("street", Role.COMMITTEE),
    "officer_south": ("south", Role.COMMITTEE),
    "officer_outland": ("outland", Role.COMMITTEE),
    "owners_above": ("north", Role.OWNERS_COMMITTEE),
}
WINDOWS = (
    *("home_draft", "home_ready", "home_later", "home_open", "home_held", "home_closed"),
    *("home_released", "home_revised", "home_withdrawn", "home_cancelled"),
    *("joint_home", "joint_far", "joint_released", "sister_open"),
    *("far_draft", "far_open", "far_held", "far_closed", "far_released", "far_cancelled"),
)
# Leader first.
JOINT = {
    "joint_home": ("home", "far"),
    "joint_far": ("far", "home"),
    "joint_released": ("home", "far"),
}
# Of `two_doors`, `two_places` and `empty_flat`.
MORE_ORDERS = {
    "home_open": ["home 103", "home 104"],
    "joint_home": ["home 105", "far 105"],
    "sister_open": ["sister 106"],
}
# By now they are over: where one can join a line, nobody stands in it.
WAITED_IN = ("home_closed", "far_closed", "joint_released")
# Who put in an order and has no right to it: one who lived there, and one who did it for a neighbour.
PLACED_BY = {"home_open/101": "moved_out", "home_open/102": "volunteer_here"}


@dataclass(eq=False)
class World:
    """Everything by name; see the module's docstring for the names. One is equal to itself only."""

    regions: dict[str, Region] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    windows: dict[str, OrderWindow] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    # Who waits for the second offer of a window, which is sold out: as in `orders`.
    waiting: dict[str, WaitingWish] = field(default_factory=dict)
    supplier_orders: dict[str, SupplierOrder] = field(default_factory=dict)
    pick_lists: dict[str, PickList] = field(default_factory=dict)
    slips: dict[str, str] = field(default_factory=dict)
    joins: dict[str, JoinRequest] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    sign_in_code: SignInCode | None = None
    own_refused: JoinRequest | None = None
    own_code: SignInCode | None = None
    own_join: JoinRequest | None = None
    demand: Demand = field(default_factory=Demand)
    # Identity of the API → value of the Authorization header; "" for nobody.
    authorization: dict[str, str] = field(default_factory=dict)
    # Community → what must never be seen from elsewhere.
    private: dict[str, list[str]] = field(default_factory=dict)

    def leading(self, window: str) -> str:
        """The name of the community that leads the window."""
        return JOINT[window][0] if window in JOINT else window.partition("_")[0]

    def buyers(self, window: str) -> tuple[str, ...]:
        """The names of the communities that buy in it."""
        return JOINT.get(window) or (self.leading(window),)


def build_world() -> World:
    """By the verbs of the product; about three seconds. The caller has a transaction open that counts as a test's."""
    world = World()
    _places(world)
    _suppliers(world)
    _people(world)
    for name in WINDOWS:
        _window(world, name)
    _authorize(world)
    add_joins(world)
    add_sign_in_codes(world)
    # Whoever could do something until a moment ago: he was there when the orders were placed.
    _end(world, "moved_out", "former_organiser")
    Household.objects.filter(community=world.communities["sister"], room="106").update(
        is_active=False
    )
    inactive = world.people["inactive"]
    inactive.is_active = False
    inactive.save(update_fields=["is_active"])
    gone = world.suppliers["gone"]
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    for order in world.supplier_orders.values():
        order.refresh_from_db()
    return world


def _places(world: World) -> None:
    with transaction.atomic():
        for name, kind, above in (
            ("district", "district", None),
            ("street", "street", "district"),
            ("north", "neighbourhood", "street"),
            ("south", "neighbourhood", "street"),
            ("outland", "district", None),
        ):
            parent = world.regions.get(above or "")
            world.regions[name] = places.create_region(
                kind=kind, name=f"区域-{name}", parent=parent, actor=make.SETUP
            )
        for name, region in COMMUNITIES.items():
            world.communities[name] = _community(world, name, world.regions[region])


def _community(world: World, name: str, region: Region) -> Community:
    community = places.create_community(
        region=region,
        name=f"小区-{name}",
        short_name=name,
        address=f"地址-{name}",
        actor=make.SETUP,
    )
    building = places.add_building(community=community, number="1", actor=make.SETUP)
    for room in ROOMS:
        household = places.add_household(
            building=building, room=room, needs_care=room == "106", actor=make.SETUP
        )
        people.add_resident(
            household=household,
            name=f"{name}居民{room}",
            phone=phone_of(name, room),
            actor=make.SETUP,
        )
    world.private[name] = [f"小区-{name}", f"地址-{name}", f"{name}居民"]
    return community


def phone_of(community: str, room: str) -> str:
    return f"138{list(COMMUNITIES).index(community):04}1{room}"


def _suppliers(world: World) -> None:
    serves = {
        "shop": ("home", "sister"),
        "baker": ("far",),
        "shared": tuple(COMMUNITIES),
        "gone": ("home",),
    }
    for position, (name, communities) in enumerate(serves.items(), start=1):
        with transaction.atomic():
            supplier = register_supplier(
                name=f"供货商-{name}",
                short_name=name,
                contact_name=f"联系人-{name}",
                phone=f"021-6543{position:04}",
                actor=make.SETUP,
            )
            for community in communities:
                serve_community(
                    supplier=supplier, community=world.communities[community], actor=make.SETUP
                )
        for number in (1, 2):
            price_fen = 70000 + position * 1000 + number
            Product.objects.create(
                supplier=supplier,
                name=f"商品-{name}-{number}",
                spec="500g/袋",
                unit="袋",
                price_fen=price_fen,
                category="蔬菜",
            )
        with transaction.atomic():
            first = supplier.products.order_by("pk")[0]
            set_photo(product=first, content=pictures.png(), actor=make.SETUP)
        world.suppliers[name] = supplier
    world.private["far"] += ["供货商-baker", "联系人-baker", "商品-baker-", ":7200", "720.0"]


def _people(world: World) -> None:
    for name, homes in RESIDENTS.items():
        user = _person(world, name, is_staff=False)
        for home in homes:
            place, _blank, room = home.partition(" ")
            community = world.communities[place]
            household = make.household(community, room)
            make.grant(user, Role.RESIDENT, community, household=household)
    here: dict[str, Role] = STAFF_HERE | {"former_organiser": Role.ORGANISER}
    for place, staff in (("home", here), ("far", STAFF_THERE)):
        for name, role in staff.items():
            _post(world, _person(world, name), role, place)
    for name, (region, role) in OFFICERS.items():
        make.grant(_person(world, name), role, world.regions[region])
    _person(world, "nobody")
    admin = _person(world, "admin")
    admin.is_superuser = True
    admin.save(update_fields=["is_superuser"])


def _person(world: World, name: str, *, is_staff: bool = True) -> User:
    with transaction.atomic():
        world.people[name] = people.create_user(
            username=name,
            password=None,
            is_staff=is_staff,
            display_name=f"人{name}",
            actor=make.SETUP,
        )
    return world.people[name]


def _post(world: World, user: User, role: Role, place: str) -> None:
    community = world.communities[place]
    where = {"building": community.buildings.get()} if role == Role.BUILDING_LEADER else {}
    make.grant(user, role, community, **where)


def _window(world: World, name: str) -> None:
    """Draft it, fill it, and take it to the state that its name says."""
    leader = world.leading(name)
    organiser = world.people["organiser_here" if leader != "far" else "organiser_there"]
    state = name.partition("_")[2]
    supplier = "shared" if name in JOINT else ("baker" if leader == "far" else "shop")
    rules: dict[str, Any] = (
        {"minimum_measure": "pieces", "minimum": 1000} if state == "held" else {}
    )
    window = make.make_window(
        world.communities[leader],
        supplier=world.suppliers[supplier],
        organiser=organiser,
        others=[world.communities[other] for other in world.buyers(name)[1:]],
        state=state if state in ("draft", "ready") else "open",
        notice=f"通知-{name}",
        offers=[{"cap": 500}, {"cap": 9}],
        **rules,
    )
    Offer.objects.filter(window=window, cap=9).update(taken=9)
    world.windows[name] = window
    if state == "later":
        opens_at = clock.database_now() + timedelta(hours=1)
        OrderWindow.objects.filter(pk=window.pk).update(
            opens_at=opens_at, closes_at=opens_at + timedelta(hours=1)
        )
    elif state not in ("draft", "ready"):
        _orders(world, name)
        if name in WAITED_IN:
            _wait(world, name)
        _advance(world, name, state, organiser)
    window.refresh_from_db()


def _orders(world: World, name: str) -> None:
    firsts = {"home": "resident", "sister": "sister_resident", "far": "stranger"}
    for place in world.buyers(name):
        _order(world, name, place, "101", firsts[place])
        _order(world, name, place, "102")
    for home in MORE_ORDERS.get(name, ()):
        place, _blank, room = home.partition(" ")
        _order(world, name, place, room)


def _order(world: World, name: str, place: str, room: str, by: str = "") -> None:
    """One piece for an odd room, two for an even one."""
    key = f"{name}/{room}" if place == world.leading(name) else f"{name}/{place}/{room}"
    placed_by = PLACED_BY.get(key, by)
    world.orders[key] = make.order(
        world.windows[name],
        make.household(world.communities[place], room),
        2 - int(room) % 2,
        note=f"备注-{place}-{room}",
        actor=Actor("user", world.people[placed_by].pk) if placed_by else make.SETUP,
    )


def _wait(world: World, name: str) -> None:
    """Room 101 of each community that buys in it waits for two pieces."""
    gone = make.offers_of(world.windows[name])[1]
    for place in world.buyers(name):
        key = f"{name}/101" if place == world.leading(name) else f"{name}/{place}/101"
        with transaction.atomic():
            world.waiting[key] = join_waiting(
                window_id=world.windows[name].pk,
                community_id=world.communities[place].pk,
                household_id=make.household(world.communities[place]).pk,
                actor=make.SETUP,
                offer=gone.public_id,
                quantity=2,
                expected_total_fen=2 * gone.price_fen,
            )


def _advance(world: World, name: str, state: str, organiser: User) -> None:
    window, actor = world.windows[name], Actor("user", organiser.pk)
    if state == "held":
        make.close(window)
    elif state == "cancelled":
        with transaction.atomic():
            cancelling.cancel_window(window=window, actor=actor, reason="供货商没有货")
    elif state == "closed":
        _keep(world, name, make.prepare(window))
    elif state == "released":
        _release(world, name, organiser)
        world.pick_lists[name] = _listed(world.supplier_orders[f"{name}/1"])
    elif state in ("revised", "withdrawn"):
        _keep(world, name, make.release(window, organiser))
    if state == "revised":
        with transaction.atomic():
            dropping.drop_order(order=world.orders[f"{name}/102"], actor=actor, reason="不要了")
        window.refresh_from_db()
        _release(world, name, organiser)
    elif state == "withdrawn":
        with transaction.atomic():
            releasing.undo_release(
                supplier_order=world.supplier_orders[f"{name}/1"], actor=actor, reason="数量不对"
            )


def _release(world: World, name: str, organiser: User) -> None:
    """As make.release, with the files."""
    order = make.prepare(world.windows[name])
    SupplierOrder.objects.filter(pk=order.pk).update(filed_at=None)
    render_files(order.pk)
    for verb in (releasing.check_order, releasing.release_order):
        order.refresh_from_db()
        with transaction.atomic():
            verb(supplier_order=order, actor=organiser)
    _keep(world, name, order)


def _listed(order: SupplierOrder) -> PickList:
    """The first of the revision's pick lists."""
    with transaction.atomic():
        return build_pick_lists(supplier_order_id=order.pk)[0]


def _keep(world: World, name: str, order: SupplierOrder) -> None:
    order.refresh_from_db()
    world.supplier_orders[f"{name}/{order.revision}"] = order


def _end(world: World, *names: str) -> None:
    for name in names:
        with transaction.atomic():
            for membership in Membership.objects.live().filter(user=world.people[name]):
                people.end_membership(membership=membership, actor=make.SETUP, at=clock.now())


def _authorize(world: World) -> None:
    """Tokens and keys, good ones and others. An identity that is not good is named after what is wrong with it."""
    with transaction.atomic():
        tokens = {
            name: issue_token(user=user, actor=make.SETUP) for name, user in world.people.items()
        }
        resident = world.people["resident"]
        expired, revoked = (issue_token(user=resident, actor=make.SETUP) for _turn in range(2))
        latest = AuthToken.objects.filter(user=resident).order_by("-created")[:2]
        revoked_row, expired_row = latest
        keys = {name: _key(supplier) for name, supplier in world.suppliers.items()}
        key, revoked_key = issue_key(
            supplier=world.suppliers["shop"], label="", actor=make.SETUP, at=clock.now()
        )
        revoke_key(key=key, actor=make.SETUP, at=clock.now())
    for name in ("resident", "stranger"):
        devices = Device.objects.filter(token__user=world.people[name]).order_by("pk")
        world.devices[name] = devices[0]
    AuthToken.objects.filter(pk=expired_row.pk).update(expiry=clock.now() - timedelta(seconds=1))
    revoked_row.delete()
    good = tokens["resident"]
    world.authorization = {
        "anonymous": "",
        "broken_token": f"Bearer {good[:-1]}{'1' if good[-1] == '0' else '0'}",
        "expired_token": f"Bearer {expired}",
        "revoked_token": f"Bearer {revoked}",
        "other_scheme": f"Basic {good}",
        **{name: f"Bearer {token}" for name, token in tokens.items()},
        **{f"supplier_{name}": f"Supplier {text}" for name, text in keys.items()},
        "revoked_key": f"Supplier {revoked_key}",
        "broken_key": f"Supplier {keys['shop'][:-1]}{'1' if keys['shop'][-1] == '0' else '0'}",
    }


def _key(supplier: Supplier) -> str:
    return issue_key(supplier=supplier, label="", actor=make.SETUP, at=clock.now())[1]
