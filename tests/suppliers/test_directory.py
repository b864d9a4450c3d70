"""Suppliers and whom they serve."""

from __future__ import annotations

import pytest

from config.kernel.audit import AuditEntry
from suppliers.directory import register_supplier, serve_community
from suppliers.models import ServedCommunity
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_register_supplier_is_kept_and_audited() -> None:
    made = register_supplier(
        name="联华超市", short_name="联华", phone="021-64380000", order_multiple=6, actor=make.SETUP
    )

    made.refresh_from_db()
    assert (made.kind, made.order_multiple, made.last_sequence, made.is_active) == (
        "shop",
        6,
        0,
        True,
    )
    assert AuditEntry.objects.get(action="supplier.registered").subject_id == made.pk


def test_serve_community_a_second_time_changes_nothing() -> None:
    supplier, community = make.make_supplier(), make.make_community()

    first = serve_community(supplier=supplier, community=community, actor=make.SETUP)
    again = serve_community(supplier=supplier, community=community, actor=make.SETUP)

    assert first == again == ServedCommunity.objects.get()
    assert (
        AuditEntry.objects.filter(action="supplier.serves", community_id=community.pk).count() == 1
    )
