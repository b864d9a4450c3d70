"""`manage.py reconcile`: what a person and a machine get to see, and the exit code."""

from __future__ import annotations

import io
import json
import uuid

import pytest
from django.core.management import CommandError, call_command

from orders.models import Order
from tests.volunteers.reconciling.rounds import Round, open_round


def reconcile(*arguments: str) -> str:
    out = io.StringIO()
    call_command("reconcile", *arguments, stdout=out)
    return out.getvalue()


def test_reconcile_equal_round_by_number_or_id_counts_comparisons(played: Round) -> None:
    by_id = json.loads(reconcile(str(played.window.public_id), "--json"))

    assert by_id["reconciled"] is True
    assert by_id["mismatches"] == []
    assert by_id["title"] == played.window.title
    assert str(by_id["comparisons"]) in reconcile(str(played.window.number))


def test_reconcile_wrong_total_fails_and_says_where(played: Round) -> None:
    order = Order.objects.filter(window=played.window).order_by("number")[0]
    Order.objects.filter(pk=order.pk).update(total_fen=order.total_fen + 1)
    out = io.StringIO()

    with pytest.raises(CommandError):
        call_command("reconcile", str(played.window.public_id), stdout=out)

    assert f"{order.number} 1号楼 101" in out.getvalue()
    assert f"{order.total_fen + 1}" in out.getvalue()
    Order.objects.filter(pk=order.pk).update(total_fen=order.total_fen)


def test_reconcile_unknown_window_fails(played: Round) -> None:
    for unknown in ("77", str(uuid.uuid4()), "联华"):
        with pytest.raises(CommandError):
            reconcile(unknown)


def test_reconcile_number_of_two_communities_asks_for_the_id(played: Round) -> None:
    other = open_round()
    assert other.window.number == played.window.number

    with pytest.raises(CommandError):
        reconcile(str(other.window.number))

    assert other.window.title in reconcile(str(other.window.public_id))
