"""From the plan to rows, by the verbs that the console uses. All dates are fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from communities import people, places
from communities.models import Building, Community, Household, Region, User
from communities.roles import Role
from communities.tokens import issue_token
from config.kernel import locks
from config.kernel.audit import Actor
from config.kernel.locks import Namespace
from seeds.wanping import catalogue
from seeds.wanping.credentials import Credentials
from seeds.wanping.plan import BUILDINGS, Duty, Home, duties, homes
from suppliers.directory import register_supplier, serve_community
from suppliers.keys import issue_key
from suppliers.models import Supplier

COMMUNITY = "宛平南苑"
SUPPLIER = "联华超市辛耕路店"
SEEDER = Actor("command")
SINCE = datetime(2022, 4, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))

_REGIONS = (("district", "徐汇区"), ("town", "枫林路街道"), ("neighbourhood", "宛平居民区"))
_SEED_NUMBER = 1


@dataclass(frozen=True)
class Planted:
    """`is_new` is False if everything was there already."""

    community: Community
    supplier: Supplier
    is_new: bool


@dataclass(frozen=True)
class _Ground:
    """Where people are put."""

    community: Community
    buildings: Mapping[str, Building]
    password: str | None


def plant(*, password: str | None, keep: Callable[[Credentials], object]) -> Planted:
    """Set up 宛平南苑, its people, its supplier and the catalogue, unless they are there.

    `password` is given to the people on duty; None: nobody can sign in at the console. `keep` is
    called with what can be told only once, before it is committed. Call it outside a transaction.
    A run that was cut short is completed by the next one. Raises IntegrityError if a name of an
    account is taken, CatalogueRefused.
    """
    with transaction.atomic(durable=True):
        locks.take(exclusive=[locks.key(Namespace.SEED, _SEED_NUMBER)])
        community = Community.objects.filter(name=COMMUNITY, region__name=_REGIONS[-1][1]).first()
        is_new = community is None
        if community is None:
            community, credentials = _settle(password)
            keep(credentials)
        supplier = Supplier.objects.get(name=SUPPLIER)
    catalogue.bring_in(supplier=supplier, actor=SEEDER, at=SINCE)
    return Planted(community, supplier, is_new)


def _settle(password: str | None) -> tuple[Community, Credentials]:
    region = _regions()
    community = places.create_community(
        region=region,
        name=COMMUNITY,
        short_name="宛平",
        address="上海市徐汇区宛平南路（示例地址）",
        actor=SEEDER,
    )
    Community.objects.filter(pk=community.pk).update(fenced=True)
    ground = _Ground(community, _buildings(community), password)
    credentials = Credentials(password=password or "")
    households = homes()
    posts = duties(households)
    holders = {(duty.home.building, duty.home.room): duty for duty in posts if duty.home}
    for home in households:
        user = _move_in(ground, home, holders.get((home.building, home.room)))
        if user is not None:
            credentials.tokens[f"{home.building}-{home.room}"] = issue_token(
                user=user, actor=SEEDER
            )
    for duty in posts:
        if duty.home is None:
            user = _account(duty.username, duty.name, ground.password)
            _appoint(ground, user, duty, region if duty.place == "neighbourhood" else community)
    credentials.supplier_key = _supplier(community)
    return community, credentials


def _regions() -> Region:
    parent = None
    for kind, name in _REGIONS:
        found = Region.objects.filter(parent=parent, name=name).first()
        parent = found or places.create_region(kind=kind, name=name, parent=parent, actor=SEEDER)
    if parent is None:
        raise AssertionError("there is at least one region")
    return parent


def _buildings(community: Community) -> dict[str, Building]:
    buildings = {}
    for plan in BUILDINGS:
        building = places.add_building(
            community=community, number=plan.number, floors=plan.floors, actor=SEEDER
        )
        Building.objects.filter(pk=building.pk).update(has_lift=plan.has_lift)
        buildings[plan.number] = building
    return buildings


def _move_in(ground: _Ground, home: Home, duty: Duty | None) -> User | None:
    """The household, its people and the account that orders for it, if there is one."""
    building = ground.buildings[home.building]
    household = places.add_household(
        building=building,
        room=home.room,
        needs_care=home.needs_care,
        has_smartphone=home.has_smartphone,
        actor=SEEDER,
    )
    user = _account_of(ground, home, duty) if home.orders else None
    for index, name in enumerate(home.people):
        people.add_resident(
            household=household,
            name=name,
            phone=_phone(household) if index == 0 else "",
            user=user if index == 0 and home.has_smartphone else None,
            is_contact=index == 0,
            actor=SEEDER,
        )
    if user is not None:
        people.grant_membership(
            user=user,
            role=Role.RESIDENT,
            node=ground.community,
            household=household,
            at=SINCE,
            actor=SEEDER,
        )
    if user is not None and duty is not None:
        _appoint(ground, user, duty, ground.community)
    return user


def _account_of(ground: _Ground, home: Home, duty: Duty | None) -> User:
    if duty is not None:
        return _account(duty.username, duty.name, ground.password)
    name = f"wanping-{home.building}-{home.room}"
    return people.create_user(
        username=name,
        password=None,
        display_name=home.relative or home.people[0],
        actor=SEEDER,
    )


def _account(username: str, name: str, password: str | None) -> User:
    """Of somebody on duty: may enter the console."""
    return people.create_user(
        username=username, password=password, display_name=name, is_staff=True, actor=SEEDER
    )


def _appoint(ground: _Ground, user: User, duty: Duty, node: Region | Community) -> None:
    building = None
    if duty.place == "building" and duty.home is not None:
        building = ground.buildings[duty.home.building]
    people.grant_membership(
        user=user, role=Role(duty.role), node=node, building=building, at=SINCE, actor=SEEDER
    )


def _phone(household: Household) -> str:
    """A number that looks like one; nobody is called by this program."""
    return f"199000{household.building.number}{int(household.room):04}"


def _supplier(community: Community) -> str:
    """The text of its key."""
    supplier = register_supplier(
        name=SUPPLIER, short_name="联华", contact_name="张店长", order_multiple=1, actor=SEEDER
    )
    serve_community(supplier=supplier, community=community, actor=SEEDER)
    _key, text = issue_key(supplier=supplier, label="收银系统", at=SINCE, actor=SEEDER)
    return text
