"""Keys of suppliers' programs: shown once, stored as a hash, dead at once when revoked."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from config.kernel import clock
from config.kernel.audit import AuditEntry
from suppliers.keys import AlreadyRevoked, find_key, issue_key, revoke_key
from suppliers.models import Supplier, SupplierKey
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier() -> Supplier:
    return make.make_supplier()


def issue(supplier: Supplier) -> tuple[SupplierKey, str]:
    return issue_key(supplier=supplier, label="till", actor=make.SETUP, at=clock.now())


def test_issue_key_stores_the_hash_of_a_secret_of_256_bits_and_no_secret(
    supplier: Supplier,
) -> None:
    key, text = issue(supplier)

    start, prefix, secret = text.split("_")
    assert (start, prefix, len(secret)) == ("jd", key.prefix, 64)
    assert key.secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k::text FROM suppliers_supplierkey k UNION SELECT a::text FROM kernel_auditentry a"
        )
        assert not [row for (row,) in cursor.fetchall() if secret in row]
    assert AuditEntry.objects.filter(action="supplier_key.issued", subject_id=key.pk).count() == 1


def test_find_key_of_its_text_is_the_key_with_its_supplier(
    supplier: Supplier, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _other, _text = issue(make.make_supplier())
    key, text = issue(supplier)

    # the key and its supplier
    with django_assert_num_queries(1):
        found = find_key(text)
        assert found is not None
        assert (found, found.supplier) == (key, supplier)


@pytest.mark.parametrize(
    "change", ["secret", "prefix", "start", "shorter", "longer", "empty", "more"]
)
def test_find_key_of_another_text_is_none(change: str, supplier: Supplier) -> None:
    _key, text = issue(supplier)
    other, other_text = issue(make.make_supplier())
    start, prefix, secret = text.split("_")
    changed = {
        "secret": f"{start}_{prefix}_{other_text.split('_')[2]}",
        "prefix": f"{start}_{other.prefix}_{secret}",
        "start": f"jx_{prefix}_{secret}",
        "shorter": text[:-1],
        "longer": text + "0",
        "empty": "",
        "more": text + "_x",
    }[change]

    assert find_key(changed) is None
    assert find_key(text) is not None


def test_revoke_key_kills_it_at_once_and_only_once(supplier: Supplier) -> None:
    key, text = issue(supplier)
    _kept, kept_text = issue(supplier)
    first = clock.now()

    revoke_key(key=key, actor=make.SETUP, at=first)

    assert find_key(text) is None
    assert find_key(kept_text) is not None
    with pytest.raises(AlreadyRevoked):
        revoke_key(key=key, actor=make.SETUP, at=clock.now())
    key.refresh_from_db()
    assert key.revoked_at == first
    assert AuditEntry.objects.filter(action="supplier_key.revoked").count() == 1


def test_find_key_of_a_supplier_that_is_not_active_is_none(supplier: Supplier) -> None:
    _key, text = issue(supplier)
    Supplier.objects.update(is_active=False)

    assert find_key(text) is None


def test_key_is_noted_in_every_served_community_with_its_supplier() -> None:
    one, two = make.make_community(), make.make_community()
    supplier = make.make_supplier(one, two)

    key, _text = issue(supplier)
    revoke_key(key=key, actor=make.SETUP, at=clock.now())

    data = {"supplier": supplier.pk, "prefix": key.prefix, "label": "till"}
    entries = AuditEntry.objects.filter(subject_kind="supplier_key", subject_id=key.pk)
    assert list(entries.order_by("pk").values_list("action", "community_id", "data")) == [
        ("supplier_key.issued", one.pk, data),
        ("supplier_key.issued", two.pk, data),
        ("supplier_key.revoked", one.pk, data),
        ("supplier_key.revoked", two.pk, data),
    ]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("till\x00 1\x1b", "till 1"),
        ("  till\r\n\t2 ", "till 2"),
        ("\x00", ""),
        ("店" * 41, "店" * 40),
    ],
)
def test_label_of_a_key_is_one_clean_line(supplier: Supplier, given: str, kept: str) -> None:
    key, _text = issue_key(supplier=supplier, label=given, actor=make.SETUP, at=clock.now())

    key.refresh_from_db()
    assert key.label == kept
