"""The audit: in the transaction of what it tells, with ids only."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from pytest_django import Settings

from config.kernel import audit
from config.kernel.audit import Actor, AuditEntry


@pytest.mark.django_db
def test_record_keeps_who_what_and_when(settings: Settings) -> None:
    audit.record(
        actor=Actor("user", 7),
        action="window.opened",
        subject=("window", 3),
        community_id=5,
        data={"offers": [1, 2]},
    )

    entry = AuditEntry.objects.get()
    assert (entry.actor_kind, entry.actor_id, entry.action) == ("user", 7, "window.opened")
    assert (entry.subject_kind, entry.subject_id, entry.community_id) == ("window", 3, 5)
    assert entry.data == {"offers": [1, 2]}


@pytest.mark.django_db
def test_record_without_community_or_data_keeps_none_and_nothing() -> None:
    audit.record(actor=audit.SYSTEM, action="a", subject=("b", 1))

    entry = AuditEntry.objects.get()
    assert (entry.actor_kind, entry.actor_id, entry.community_id, entry.data) == (
        "job",
        0,
        None,
        {},
    )


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        audit.record(actor=audit.SYSTEM, action="a", subject=("b", 1))

    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_record_of_something_that_failed_is_gone_with_it() -> None:
    with transaction.atomic():
        audit.record(actor=audit.SYSTEM, action="a", subject=("b", 1))
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()
