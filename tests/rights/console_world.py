"""What the console's pages are about: the world's objects under the names that addresses use, and some more people.

Beside the people of tests.rights.world: `unstaffed` (an organiser at home who may not enter the console),
`inactive_organiser` and `leader_next` (leads the second building at home, in which nobody ordered).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model

from communities.address_questions import Origin, ask_about_address
from communities.address_rules import add_address_rule
from communities.addresses.located import Certainty, Located, Reason
from communities.groups.robots import add_robot
from communities.joining.consenting import note_consent
from communities.models import (
    AddressQuestion,
    AddressRule,
    Building,
    Community,
    GroupRobot,
    Household,
    JoinRequest,
    Membership,
    Resident,
    User,
)
from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.intake.models import Import
from config.kernel.intake.uploads import read_upload, store_upload
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from orders.models import (
    Offer,
    Order,
    OrderFile,
    OrderWindow,
    SingleRequest,
    SupplierOrder,
    Survey,
    WindowTemplate,
)
from orders.windows.inviting import invite
from suppliers.directory import register_supplier, serve_community
from suppliers.keys import issue_key
from suppliers.models import Product, Supplier, SupplierKey
from suppliers.photos.keeping import set_photo
from tests import factories as make
from tests import pictures
from tests.factories.repeating import make_template
from tests.rights.console_browser import Browser
from tests.rights.console_rules import WHO
from tests.rights.world import COMMUNITIES, World
from tests.sessions import session_of
from volunteers.calling.calls import Caller, note_call
from volunteers.models import PhoneCall, PickList, PickListFile

NOBODYS = "00000000-0000-4000-8000-000000000000"
NOTHING = 987_654_321
CATALOGUE = "商品名称,规格,单位,价格,条码\n{place}米,5kg,袋,39.90,\n{place}油,,,abc,\n"
# How pages name rows: a public id, or an address of the admin.
_NAMED = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|/admin/\w+/\w+/\d+/")


@dataclass
class Console:
    """The world, a browser for everybody, and `things`: target → name in addresses (or model) → object. `marks` are
    the words and addresses of a community that nobody from elsewhere may read.
    """

    world: World
    people: dict[str, User] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    things: dict[str, dict[Any, Any]] = field(default_factory=dict)
    marks: dict[str, set[str]] = field(default_factory=dict)

    def leaks(self, name: str, address: str, text: str) -> list[str]:
        """What stands in the page although the person has nothing to do with that place, but for what he asked for."""
        who = WHO[name]
        strange = (
            [] if who.is_superuser else [place for place in COMMUNITIES if place not in who.places]
        )
        named = set(_NAMED.findall(text)) - set(_NAMED.findall(address))
        return [
            mark
            for place in strange
            for mark in (
                *(self.marks[place] & named),
                *(word for word in self.world.private[place] if word in text),
            )
        ]


def build_console(world: World) -> Console:
    """Half a second. The caller has a transaction open that counts as a test's."""
    console = Console(world, {**world.people, **_people(world)})
    corner, distant = _supplier(world, "corner", "home"), world.suppliers["baker"]
    console.things["own"] = _things(world, "home", corner)
    console.things["foreign"] = _things(world, "far", distant)
    console.things["shared"] = {**console.things["own"], **_of_supplier(world.suppliers["shop"])}
    joint = world.windows["joint_far"].public_id
    console.things["joint"] = {
        **console.things["own"],
        "public_id": joint,
        "order_id": world.orders["joint_far/home/101"].public_id,
        **_order_list(world.windows["joint_far"], make.household(world.communities["home"], "103")),
    }
    console.things["guest"] = {
        **console.things["foreign"],
        **_order_list(world.windows["joint_home"], make.household(world.communities["far"], "103")),
    }
    console.things["missing"] = _missing(console.things["own"])
    sessions = {name: session_of(user) for name, user in console.people.items()}
    console.browsers = {name: Browser(session) for name, session in sessions.items()}
    console.browsers["anonymous"] = Browser()
    # Both that buy in a round know of it.
    shared = {
        str(world.windows[name].public_id) for name in world.windows if name.startswith("joint_")
    }
    console.marks = {place: set(_marks(world, place)) - shared for place in COMMUNITIES}
    return console


def _people(world: World) -> dict[str, User]:
    home, people = world.communities["home"], {}
    second = make.building(home, "2", "201", "202")
    for name, role, where in (
        ("unstaffed", Role.ORGANISER, {}),
        ("inactive_organiser", Role.ORGANISER, {}),
        ("leader_next", Role.BUILDING_LEADER, {"building": second}),
    ):
        people[name] = make.make_user(name, is_staff=name != "unstaffed")
        make.grant(people[name], role, home, **where)
    User.objects.filter(username="inactive_organiser").update(is_active=False)
    return people


def _supplier(world: World, name: str, place: str) -> Supplier:
    """One that serves this place only, so that those who coordinate it may change it."""
    with transaction.atomic():
        supplier = register_supplier(name=f"供货商-{name}", short_name=name, actor=make.SETUP)
        serve_community(supplier=supplier, community=world.communities[place], actor=make.SETUP)
        issue_key(supplier=supplier, label=f"电脑-{name}", actor=make.SETUP, at=clock.now())
    goods = Product.objects.create(
        supplier=supplier, name=f"商品-{name}-1", unit="袋", price_fen=990, category="蔬菜"
    )
    with transaction.atomic():
        set_photo(product=goods, content=pictures.png(), actor=make.SETUP)
    return supplier


def _order_list(window: OrderWindow, household: Household) -> dict[str, Any]:
    """A chat list that has been read and waits: one order, and one that nobody can read."""
    door = f"{household.building.number}-{household.room}"
    with transaction.atomic():
        upload = store_upload(
            kind="orders",
            subject=("window_community", window.joined.get(community=household.community).pk),
            filename="接龙",
            content=f"1. {door} 1号×1\n2. {door} 无此货×1\n".encode(),
            actor=make.SETUP,
            at=clock.now(),
        )
    read_upload(import_id=upload.pk)
    return {"window_id": window.public_id, "intake:import_id": upload.public_id, "intake:number": 1}


def _of_supplier(supplier: Supplier) -> dict[Any, Any]:
    """A supplier with its key, a product and a catalogue that has been read and waits."""
    with transaction.atomic():
        upload = store_upload(
            kind="catalogue",
            subject=("supplier", supplier.pk),
            filename=f"{supplier.short_name}.csv",
            content=CATALOGUE.format(place=supplier.short_name).encode(),
            actor=make.SETUP,
            at=clock.now(),
        )
    read_upload(import_id=upload.pk)
    return {
        Supplier: supplier,
        Product: supplier.products.order_by("pk").first(),
        "key": SupplierKey.objects.filter(supplier=supplier, revoked_at=None).latest("pk").pk,
        "supplier_id": supplier.public_id,
        "product_id": supplier.products.order_by("pk")[0].public_id,
        "import_id": upload.public_id,
        "number": upload.rows.order_by("number").values_list("number", flat=True)[0],
    }


def _roster(world: World, place: str) -> Import:
    """Of the community, read and waiting: one row in order, one refused."""
    text = f"楼号,室号,姓名,手机\n1,101,{place}甲,\n1,,{place}乙,\n"
    with transaction.atomic():
        upload = store_upload(
            kind="roster",
            subject=("community", world.communities[place].pk),
            filename=f"{place}.csv",
            content=text.encode(),
            actor=make.SETUP,
            at=clock.now(),
        )
    return read_upload(import_id=upload.pk)


def _things(world: World, place: str, supplier: Supplier) -> dict[Any, Any]:
    """One object of each kind; the window is released, with files and pick lists."""
    name = f"{place}_released"
    window, order = world.windows[name], world.orders[f"{name}/101"]
    revision, picks = world.supplier_orders[f"{name}/1"], world.pick_lists[name]
    household = make.household(world.communities[place], "101")
    with transaction.atomic():
        note_consent(
            resident=household.residents.get(user=None),
            purpose="direct_delivery",
            actor=make.SETUP,
            at=clock.now(),
        )
    person, helper = (
        ("resident", "volunteer_here") if place == "home" else ("stranger", "volunteer_there")
    )
    rows: list[Model] = [
        *(household.community.region, household.community, household.building, household),
        *(household.residents.get(user=None), world.people[person], _rule(household)),
        *(world.people[helper].memberships.get(), window, order, revision, picks),
        *(_parked_job(window), OutboxMessage.objects.latest("pk")),
        AuditEntry.objects.filter(subject_kind="window", subject_id=window.pk).latest("pk"),
    ]
    files = OrderFile.objects.filter(supplier_order=revision)
    return {
        **{type(row): row for row in rows},
        **_of_supplier(supplier),
        **_order_list(window, make.household(household.community, "103")),
        "public_id": window.public_id,
        "setup:import_id": _roster(world, place).public_id,
        "community_id": household.community.public_id,
        "question_id": _question(household).public_id,
        "order_id": order.public_id,
        "join_id": world.joins["waiting" if place == "home" else "waiting_far"].public_id,
        "offer_id": make.offers_of(window)[0].public_id,
        "robot_id": _robot(household.community).public_id,
        "call_id": _call(household, world.people["organiser_here"]).public_id,
        **_repeating(world, place),
        "survey_id": world.demand.surveys[place].public_id,
        "request_id": world.demand.requests[f"{place}/101_asked"].public_id,
        "form": "csv",
        "desk:order_file": files.get(format="csv").public_id,
        "desk:order_text": files.get(format="txt").public_id,
        "desk:sheet": _sheet(picks).public_id,
    }


def _question(household: Household) -> AddressQuestion:
    with transaction.atomic():
        return ask_about_address(
            community=household.community,
            text=f"小屋-{household.pk}",
            located=Located(Certainty.DOUBTFUL, Reason.ROOM_MISSING, candidates=(household.pk,)),
            origin=Origin("chat"),
            actor=make.SETUP,
            at=clock.now(),
            phone="13800138000",
        )


def _rule(household: Household) -> AddressRule:
    with transaction.atomic():
        return add_address_rule(
            community=household.community,
            kind=AddressRule.Kind.ALIAS,
            words=f"别名-{household.pk}",
            building=household.building,
            actor=make.SETUP,
        )


def _robot(community: Community) -> GroupRobot:
    with transaction.atomic():
        return add_robot(
            community=community,
            name=f"群-{community.short_name}",
            address=f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-of-{community.short_name}",
            secret="",
            topics=["window.opened"],
            actor=make.SETUP,
        )


def _repeating(world: World, place: str) -> dict[Any, Any]:
    """A repeating group buy that the place leads, and what its neighbour invites it to."""
    home = place == "home"
    organiser = world.people["organiser_here" if home else "organiser_there"]
    template = make_template(
        world.communities[place],
        supplier=world.suppliers["shop" if home else "baker"],
        organiser=organiser,
    )
    with transaction.atomic():
        invitation = invite(
            host=world.windows["sister_open" if home else "home_open"],
            community=world.communities[place],
            minimum=0,
            actor=organiser,
        )
    return {
        "template_id": template.public_id,
        "invitation_id": invitation.public_id,
        "step": "pause",
    }


def _parked_job(window: OrderWindow) -> Job:
    return Job.objects.create(
        stage="orders.files",
        subject_kind="window",
        subject_id=window.pk,
        created_at=clock.now(),
        run_after=clock.now(),
        parked_at=clock.now(),
        failures=3,
        last_error="kaputt",
    )


def _call(household: Household, by: User) -> PhoneCall:
    """Somebody there wants to be called back."""
    with transaction.atomic():
        return note_call(
            community=household.community,
            household=household,
            caller=Caller(phone="13900001111"),
            actor=by,
        )


def _sheet(picks: PickList) -> PickListFile:
    """A stand-in for the bytes: nobody here opens them."""
    return PickListFile.objects.create(
        pick_list=picks,
        kind="picks",
        format="pdf",
        name="1号楼.pdf",
        media_type="application/pdf",
        content=b"%PDF",
        size=4,
        sha256="0" * 64,
    )


def _missing(own: dict[Any, Any]) -> dict[Any, Any]:
    """Nothing that exists, but of the same kinds."""

    def nothing(value: Any) -> Any:
        if isinstance(value, Model):
            return type(value)(pk=NOTHING)
        return NOTHING if isinstance(value, int) else NOBODYS

    return {name: nothing(value) for name, value in own.items()}


def _marks(world: World, place: str) -> Iterable[str]:
    community = world.communities[place]
    there = {"community": community}
    yield _address(community)
    named: Iterable[Any]
    for named in (
        *(Building.objects.filter(**there), Household.objects.filter(**there)),
        *(PickList.objects.filter(**there), OrderWindow.objects.filter(**there)),
        *(Order.objects.filter(**there), Membership.objects.filter(**there)),
        Resident.objects.filter(household__community=community),
        SupplierOrder.objects.filter(window__community=community),
        AuditEntry.objects.filter(community_id=community.pk),
    ):
        yield from (_address(row) for row in named)
    for named in (
        *(OrderWindow.objects.filter(**there), Order.objects.filter(**there)),
        *(WindowTemplate.objects.filter(**there), Survey.objects.filter(**there)),
        *(SingleRequest.objects.filter(**there), JoinRequest.objects.filter(**there)),
        *(Household.objects.filter(**there), Offer.objects.filter(window__community=community)),
        OrderFile.objects.filter(supplier_order__window__community=community),
        PickListFile.objects.filter(pick_list__community=community),
        Import.objects.filter(kind="orders", subject_id__in=community.joined.values("pk")),
    ):
        yield from (str(row.public_id) for row in named)
    if place == "far":
        strange = ("stranger", "organiser_there", "volunteer_there", "officer_south")
        yield from (_address(world.people[name]) for name in strange)
        yield from (_address(world.regions[name]) for name in ("south", "outland"))
        baker = world.suppliers["baker"]
        yield from (str(baker.public_id), _address(baker))
        yield from (_address(row) for row in baker.products.all())
        uploads = Import.objects.filter(subject_id=baker.pk)
        yield from (str(row.public_id) for row in uploads)


def _address(row: Model) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/"
