"""`manage.py seed qibao`: the plan in full, the rows of a small town."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.utils import translation
from pytest_django import Settings

from communities import personal
from communities.access import communities_of
from communities.models import Community, Household, Membership, Resident, User
from communities.roles import COORDINATORS, Role
from config.kernel.audit import AuditEntry
from orders.models import Order, OrderFile, OrderWindow
from seeds.qibao.estates import estates
from seeds.qibao.people import homes, organisers
from suppliers.access import kept_by, suppliers_of
from suppliers.models import Product, Supplier
from tests import factories as make
from volunteers.models import PickList, PickListFile
from volunteers.reconciling.reconciling import reconcile

PLAN = "c4cc78b43d7ad171e64ad3f28bafcb9061725b89726f08cd90023efea03e55bc"
ROWS = "162ee57f4613d3b30446bc20c945f7d3032e4fb396f7502f92ccdf607490c5c0"
THERE_ALREADY = "七宝镇已经有了，没有改动。\n"
REFERENCE = (Community, Household, Resident, User, Membership, Supplier, Product)


def test_estates_are_100_communities_with_30000_doors() -> None:
    town = estates()

    assert len(town) == 100
    assert sum(estate.homes for estate in town) == 30_000
    assert max(estate.homes for estate in town) == town[0].homes == 1650
    assert len({estate.name for estate in town}) == 100
    assert Counter(Counter(estate.neighbourhood for estate in town).values()) == {4: 25}
    for estate in town:
        labels = [stairwell.label for stairwell in estate.stairwells]
        assert len(set(labels)) == len(labels)
        for stairwell in estate.stairwells:
            rooms = list(stairwell.rooms)
            assert len(set(rooms)) == len(rooms) == stairwell.homes <= 28 * 6


def test_estates_and_people_are_the_same_each_time() -> None:
    told = [estates(), homes(estates()[0]), homes(estates()[99]), organisers(100)]

    assert hashlib.sha256(repr(told).encode()).hexdigest() == PLAN


def test_organisers_are_34_with_at_most_four_communities() -> None:
    shares = organisers(100)

    assert len(shares) == 34
    assert {len(share) for share in shares} == {1, 2, 3, 4}
    assert sorted(position for share in shares for position in share) == list(range(1, 101))


@pytest.mark.parametrize(("communities", "households"), [(0, 10), (101, 30_000), (5, 4)])
def test_estates_that_make_no_town_are_refused(communities: int, households: int) -> None:
    with pytest.raises(ValueError, match="communities with"):
        estates(communities, households)


@pytest.fixture
def _embedded(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = tmp_path
    settings.EMBEDDED = True
    monkeypatch.setenv("WEB_HOST", "127.0.0.1")


def seed(*more: str) -> str:
    out = io.StringIO()
    call_command("seed", "qibao", "--communities=3", "--households=60", *more, stdout=out)
    return out.getvalue()


def everything() -> dict[type[Model], int]:
    own = ("communities", "suppliers", "orders", "volunteers", "kernel")
    models = [model for name in own for model in apps.get_app_config(name).get_models()]
    return {model: model._default_manager.count() for model in models}


def checksum() -> str:
    """Of what the plan decides; ids, secrets and public ids are others each time."""
    parts = [
        Resident.objects.order_by("pk").values_list(
            "household__building__label",
            "household__room",
            "name",
            "phone_masked",
            "user__username",
        ),
        Membership.objects.order_by("pk").values_list("user__username", "role", "building__label"),
        Product.objects.order_by("supplier_id", "pk").values_list(
            "supplier__name", "name", "price_fen"
        ),
        OrderWindow.objects.order_by("pk").values_list("title", "status", "closes_at"),
        Order.objects.order_by("window_id", "community_id", "number").values_list(
            "household__room", "total_fen", "placed_at", "status"
        ),
        PickListFile.objects.order_by("sha256").values_list("sha256"),
    ]
    told = [[list(map(str, row)) for row in rows] for rows in parts]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


pytestmark = pytest.mark.usefixtures("_embedded")


@pytest.mark.django_db(transaction=True)
def test_seed_sets_up_the_same_town_and_never_changes_it() -> None:
    assert "qibao.json" in seed()
    town = everything()
    assert (town[Community], town[Household], town[OrderWindow]) == (3, 60, 0)

    assert "20" in seed("--history=20")
    whole = everything()
    assert whole[OrderWindow] == 20
    assert {model: whole[model] for model in REFERENCE} == {m: town[m] for m in REFERENCE}
    assert checksum() == ROWS

    assert [seed("--history=20"), seed("--history=5"), seed()] == [THERE_ALREADY] * 3
    assert everything() == whole
    assert checksum() == ROWS


def every_row() -> Iterator[Model]:
    for model in everything():
        yield from model._default_manager.all()


def clean(row: Model) -> None:
    """As a form would, but for keys and constraints: there are thousands, and the database has checked those."""
    empty = [one.name for one in row._meta.fields if getattr(row, one.attname) in (None, {})]
    keys = [one.name for one in row._meta.fields if one.is_relation]
    row.clean_fields(exclude=[*empty, *keys])


@pytest.mark.django_db(transaction=True)
def test_seed_makes_rows_that_obey_every_rule() -> None:
    seed("--history=20")

    for row in every_row():
        clean(row)
    phones = Resident.objects.exclude(phone_encrypted=None)
    assert phones.count() > 50
    for resident in phones:
        number = personal.decrypt(bytes(resident.phone_encrypted or b""))
        assert personal.normalise_phone(number) == number
        assert personal.blind_index(number) == resident.phone_index
    noted = AuditEntry.objects.filter(action="household.added").values_list("subject_id", flat=True)
    assert set(noted) == set(Household.objects.values_list("pk", flat=True))
    check_posts()
    check_rounds()


def check_posts() -> None:
    first = User.objects.get(username="qibao-organiser-01")
    own = set(communities_of(first, COORDINATORS).values_list("name", flat=True))
    assert own == {"万泰新村", "万泰公寓"}
    assert {row.name for row in suppliers_of(first)} > {row.name for row in kept_by(first)}
    assert {row.name for row in kept_by(first)} == {"七宝团购直供01号"}
    officer = User.objects.get(username="qibao-town-1")
    assert communities_of(officer, [Role.COMMITTEE]).count() == 3
    assert not communities_of(officer, [Role.ORGANISER]).exists()
    assert Membership.objects.filter(role=Role.CHECKER).count() == 6


def check_rounds() -> None:
    """Orders, snapshot, allocations, lists and bags agree in every figure; of the files there are the plain ones."""
    with translation.override("en"):
        results = {window: reconcile(window) for window in OrderWindow.objects.order_by("pk")}

    statuses = Counter(window.status for window in results)
    assert statuses == {"settled": 13, "closed": 6, "cancelled": 1}
    assert sum(result.comparisons for result in results.values()) > 1000
    differ = {mismatch.where[-1] for result in results.values() for mismatch in result.mismatches}
    assert differ == {"files", "sheets", "can be read"}
    assert OrderFile.objects.count() == 3 * 19
    assert PickListFile.objects.count() == PickList.objects.count() > 19
    # The control: a piece that nobody ordered is noticed.
    window = next(window for window in results if window.status == "closed")
    PickList.objects.filter(window=window).update(pieces=10_000)
    assert len(reconcile(window).mismatches) > len(results[window].mismatches)


@pytest.mark.django_db(transaction=True)
def test_seed_beside_a_taken_account_name_is_refused_and_changes_nothing() -> None:
    make.make_user("qibao-town-1")
    before = everything()

    with pytest.raises(CommandError):
        seed()

    assert everything() == before
