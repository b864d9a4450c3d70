"""What a supplier is told: its own revisions, in the order of telling, nothing twice and nothing skipped."""

from __future__ import annotations

import pytest

from config.kernel import clock
from config.kernel.audit import Actor
from orders.models import OrderFile, SupplierOrder
from orders.supply.dropping import drop_order
from orders.supply.errors import NotReleased
from orders.supply.pulling import acknowledge, feed, note_download, told
from orders.supply.releasing import undo_release
from tests import factories as make
from tests.orders.supply.conftest import Round

pytestmark = pytest.mark.django_db

TILL = Actor("supplier_key", 5)


def news(round_: Round, after: int = 0) -> list[tuple[int | None, int, str]]:
    rows = feed(supplier=round_.window.supplier, after=after)
    return [(order.release_sequence, order.revision, order.status) for order in rows]


def test_feed_before_the_release_is_empty(round_: Round) -> None:
    assert news(round_) == []
    assert list(told(round_.window.supplier)) == []


def test_feed_of_a_released_revision_is_it_until_the_cursor_has_passed(round_: Round) -> None:
    make.release(round_.window, round_.organiser)

    assert news(round_) == [(1, 1, "released")]
    assert news(round_, after=1) == []


def test_feed_of_other_suppliers_is_theirs(round_: Round) -> None:
    make.release(round_.window, round_.organiser)
    other = SupplierOrder.objects.exclude(window=round_.window).get()

    assert list(feed(supplier=other.supplier, after=0)) == [other]


def test_feed_shows_a_superseded_and_a_withdrawn_revision_again(round_: Round) -> None:
    make.release(round_.window, round_.organiser)
    drop_order(order=round_.order("101"), actor=make.SETUP, reason="moved away")
    make.release(round_.window, round_.organiser)
    assert news(round_, after=1) == [(2, 1, "superseded"), (3, 2, "released")]

    undo_release(supplier_order=round_.current, actor=make.SETUP, reason="wrong")

    assert news(round_, after=3) == [(4, 2, "withdrawn")]
    assert news(round_) == [(2, 1, "superseded"), (4, 2, "withdrawn")]


def test_feed_never_tells_of_a_revision_that_was_superseded_unreleased(round_: Round) -> None:
    drop_order(order=round_.order("101"), actor=make.SETUP, reason="moved away")
    make.release(round_.window, round_.organiser)

    assert round_.revisions() == [(1, "superseded"), (2, "released")]
    assert news(round_) == [(1, 2, "released")]


def test_acknowledge_is_noted_once(round_: Round) -> None:
    released = make.release(round_.window, round_.organiser)

    first = acknowledge(supplier_order=released, actor=TILL).acknowledged_at
    again = acknowledge(supplier_order=released, actor=TILL).acknowledged_at

    assert first is not None
    assert again == first
    acknowledged = [
        action for action in round_.actions() if action[0] == "supplier_order.acknowledged"
    ]
    assert acknowledged == [("supplier_order.acknowledged", "supplier_key", 5)]


@pytest.mark.parametrize("state", ["prepared", "withdrawn", "superseded"])
def test_acknowledge_of_what_does_not_count_is_refused_and_says_what_does(
    state: str, round_: Round
) -> None:
    first = round_.current
    if state != "prepared":
        first = make.release(round_.window, round_.organiser)
    if state == "withdrawn":
        undo_release(supplier_order=first, actor=make.SETUP, reason="wrong")
    if state == "superseded":
        drop_order(order=round_.order("101"), actor=make.SETUP, reason="moved away")
        make.release(round_.window, round_.organiser)

    with pytest.raises(NotReleased) as refused:
        acknowledge(supplier_order=first, actor=TILL)

    assert refused.value.fields == {
        "status": state,
        "current_revision": 2 if state == "superseded" else None,
    }
    assert not SupplierOrder.objects.exclude(acknowledged_at=None).exists()


def test_note_download_keeps_the_first_time(round_: Round) -> None:
    file, other = (
        OrderFile.objects.create(
            supplier_order=round_.current,
            format=form,
            name=form,
            media_type="text/plain",
            content=b"1",
            size=1,
            sha256="0" * 64,
        )
        for form in ("txt", "csv")
    )
    first = clock.now()

    note_download(file=file, at=first)
    note_download(file=file, at=clock.now())

    file.refresh_from_db()
    other.refresh_from_db()
    assert (file.downloaded_at, other.downloaded_at) == (first, None)
