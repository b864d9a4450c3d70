"""`manage.py seed wanping` on a real database."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest
from django.conf import settings as active_settings
from django.core.management import CommandError, call_command
from django.db.models import Model
from knox.models import AuthToken
from pytest_django import Settings

from communities.models import (
    Building,
    Community,
    Household,
    Membership,
    Region,
    Resident,
    User,
)
from communities.roles import Role
from config.kernel.audit import AuditEntry
from config.kernel.intake.models import Import
from seeds.wanping import credentials
from suppliers.keys import find_key
from suppliers.models import Product, Supplier, SupplierKey
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

COUNTS: dict[type[Model], int] = {
    Region: 3,
    Community: 1,
    Building: 4,
    Household: 99,
    Resident: 323,
    User: 94 + 4,
    Membership: 94 + 16,
    AuthToken: 94,
    Supplier: 1,
    SupplierKey: 1,
    Product: 106,
    Import: 1,
}


CHECKSUM = "5f9e3c5e3735d8b471fd2dd16bcf4812922d4917eb6a7390f552efeae716945e"


@pytest.fixture(autouse=True)
def _embedded(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = tmp_path
    settings.EMBEDDED = True
    monkeypatch.setenv("WEB_HOST", "127.0.0.1")


def seed() -> str:
    out = io.StringIO()
    call_command("seed", "wanping", stdout=out)
    return out.getvalue()


def counts() -> dict[type[Model], int]:
    return {model: model._default_manager.count() for model in COUNTS}


def checksum() -> str:
    """Of everything that the plan decides; ids and secrets are others each time."""
    people = Resident.objects.order_by("pk").values_list(
        "household__building__label", "household__room", "name", "phone_masked", "is_contact"
    )
    homes = Household.objects.order_by("pk").values_list(
        "building__label", "room", "sort_key", "needs_care", "has_smartphone"
    )
    posts = Membership.objects.order_by("pk").values_list(
        "user__username", "role", "building__label", "household__room", "started_at"
    )
    goods = Product.objects.order_by("pk").values_list(
        "name", "spec", "unit", "price_fen", "barcode", "category", "case_size", "minimum"
    )
    parts = [[list(map(str, row)) for row in rows] for rows in (people, homes, posts, goods)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def test_seed_sets_up_the_same_each_time_and_a_second_run_changes_nothing() -> None:
    seed()
    first, audit, secrets = counts(), AuditEntry.objects.count(), saved()
    assert first == COUNTS
    assert checksum() == CHECKSUM

    seed()

    assert counts() == first
    assert checksum() == CHECKSUM
    assert AuditEntry.objects.count() == audit
    assert saved() == secrets


def test_seed_hands_out_tokens_and_a_key_that_work() -> None:
    seed()

    known = saved()
    assert len(known.tokens) == 94
    key = find_key(known.supplier_key)
    assert key is not None
    assert key.supplier == Supplier.objects.get()
    assert (path().stat().st_mode & 0o777) == 0o600
    homes = Membership.objects.filter(role=Role.RESIDENT)
    assert set(known.tokens) == {
        f"{row.household.building.number}-{row.household.room}"
        for row in homes.select_related("household__building")
        if row.household
    }
    silent = Household.objects.exclude(pk__in=homes.values("household"))
    assert silent.count() == 5
    assert not silent.filter(has_smartphone=True).exists()


def test_seed_on_loopback_gives_people_on_duty_one_password() -> None:
    seed()

    staff = User.objects.filter(is_staff=True)
    assert staff.count() == 16
    assert all(user.check_password(saved().password) for user in staff)
    assert not any(user.has_usable_password() for user in User.objects.filter(is_staff=False))
    assert len(saved().password) == 14


@pytest.mark.parametrize(
    ("embedded", "host"), [(False, "127.0.0.1"), (True, "::"), (True, "192.168.1.5")]
)
def test_seed_elsewhere_gives_nobody_a_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, embedded: bool, host: str
) -> None:
    settings.EMBEDDED = embedded
    monkeypatch.setenv("WEB_HOST", host)

    seed()

    assert not any(user.has_usable_password() for user in User.objects.all())
    assert saved().password == ""


def test_seed_beside_a_taken_account_name_is_refused_and_changes_nothing() -> None:
    make.make_user("organiser")

    with pytest.raises(CommandError):
        seed()

    assert User.objects.count() == 1
    assert not Community.objects.exists()
    assert not Supplier.objects.exists()


def path() -> Path:
    return Path(active_settings.VAR_DIR) / credentials.FILE_NAME


def saved() -> credentials.Credentials:
    known = credentials.load(path())
    assert known is not None
    return known
