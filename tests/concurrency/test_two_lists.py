"""Two people confirm two lists of one group buy at the same instant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from config.kernel import clock
from config.kernel.intake import confirming, rows
from config.kernel.intake.confirming import apply_slice, confirm_as_seen
from config.kernel.intake.models import Import
from config.kernel.intake.rows import StillStoring, decide_row
from tests.concurrency.interleaving import meet_after, without
from tests.connections import at_once
from tests.factories import SETUP
from tests.orders.intake.conftest import Place, make_place

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "1. 1-101 蔬菜包1份\n2. 1-101 再加鸡蛋1板\n"


def previews(place: Place) -> list[Import]:
    """The list and a longer one, read before either is stored; the addition is taken in both."""
    uploads = [place.read(LIST), place.read(LIST + "3. 2-302 鸡蛋1板\n")]
    for upload in uploads:
        with transaction.atomic():
            decide_row(upload=upload, number=2, decision="take", actor=SETUP)
    return uploads


def confirmer(upload: Import) -> Callable[[], bool]:
    def work() -> bool:
        with transaction.atomic():
            return confirm_as_seen(upload=upload, actor=SETUP, at=clock.now())

    return work


def test_two_lists_confirmed_at_once_are_stored_one_after_the_other() -> None:
    place = make_place()
    uploads = previews(place)
    outcomes = at_once([confirmer(one) for one in [*uploads, *uploads]])

    assert StillStoring in {type(one) for one in outcomes}
    confirmed = Import.objects.filter(status=Import.Status.CONFIRMED)
    first = confirmed.get()
    assert apply_slice(import_id=first.pk)
    other = next(one for one in uploads if one.pk != first.pk)
    assert confirmer(other)() is False
    assert confirmer(other)() is True
    assert apply_slice(import_id=other.pk)

    assert place.orders() == {"1-101": {"蔬菜包": 1, "鸡蛋": 1}, "2-302": {"鸡蛋": 1}}


def test_control_an_addition_is_doubled_without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_place()
    uploads = previews(place)
    without(monkeypatch, rows, "_lock_together")
    meet_after(monkeypatch, confirming, "refresh_rows", parties=2)
    assert at_once([confirmer(one) for one in uploads]) == [True, True]
    for one in uploads:
        assert apply_slice(import_id=one.pk)

    assert place.orders()["1-101"]["鸡蛋"] == 2
