"""Words and names of people go when their time is over; what was ordered stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from config.kernel import clock
from config.kernel.intake.models import Import
from config.kernel.states import advance
from orders.demand import asking, surveys
from orders.forgetting import forget_requests, forget_rounds, forget_surveys
from orders.models import (
    ListedLine,
    Order,
    OrderWindow,
    ProxyWish,
    SingleRequest,
    SurveyReply,
    SurveyWish,
)
from orders.states import RequestStatus
from orders.windows.cancelling import cancel_window
from tests import factories as make
from tests.factories import demand, proxy

pytestmark = pytest.mark.django_db


def days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days, minutes=1)


def spoken_for(fate: str, days: int) -> OrderWindow:
    """A round with an order by telephone, over (or open) since so many days."""
    window = make.make_window(make.make_community())
    home = make.household(window.community)
    said = {"asked_by": "family", "asker_name": "女儿", "note": "放门口"}
    proxy.write_down(window, home, 2, **said)
    if fate == "cancelled":
        cancel_window(window=window, actor=make.SETUP, reason="no lorry")
        OrderWindow.objects.filter(pk=window.pk).update(cancelled_at=days_ago(days))
    elif fate == "closed":
        make.close(window)
        OrderWindow.objects.filter(pk=window.pk).update(closed_at=days_ago(days))
    return window


def test_forget_rounds_empties_names_and_notes_of_rounds_that_are_over() -> None:
    over = {spoken_for("cancelled", 30).pk, spoken_for("closed", 60).pk}
    for fate, days in (("cancelled", 29), ("closed", 59), ("open", 90)):
        spoken_for(fate, days)
    before = list(Order.objects.order_by("pk").values("pk", "total_fen", "status", "number"))

    assert forget_rounds(clock.now()) == 2
    assert forget_rounds(clock.now()) == 0

    said = set(ProxyWish.objects.values_list("order__window", "asker_name", "order__note"))
    assert {(pk, name, note) for pk, name, note in said if pk in over} == {
        (pk, "", "") for pk in over
    }
    assert {row[1:] for row in said if row[0] not in over} == {("女儿", "放门口")}
    assert ProxyWish.objects.filter(erased_at=None).count() == 3
    assert set(ProxyWish.objects.values_list("asked_by", flat=True)) == {"family"}
    after = list(Order.objects.order_by("pk").values("pk", "total_fen", "status", "number"))
    assert after == before


def test_forget_rounds_forgets_what_came_in_after_a_round_was_forgotten() -> None:
    """A list that is pasted again is remembered, and a late order has words, however old the round is."""
    window, fresh = spoken_for("closed", 61), spoken_for("closed", 1)
    forget_rounds(clock.now())
    for one in (window, fresh):
        listed(one)
    late = {"asked_by": "family", "asker_name": "儿子", "note": "晚到"}
    proxy.add_late(window, make.household(window.community, "102"), 1, **late)

    assert (forget_rounds(clock.now()), forget_rounds(clock.now())) == (1, 0)

    assert set(ListedLine.objects.values_list("window", flat=True)) == {fresh.pk}
    said = ProxyWish.objects.filter(order__window=window)
    assert set(said.values_list("asker_name", "order__note")) == {("", "")}


def listed(window: OrderWindow) -> None:
    upload = Import.objects.create(
        subject_id=window.pk, created_at=clock.now(), created_by_id=0, size=1
    )
    ListedLine.objects.create(
        window=window,
        community=window.community,
        household=make.household(window.community),
        upload=upload,
        number=1,
        how=ListedLine.How.SAME,
    )


def test_forget_requests_empties_for_whom_and_note_of_what_is_over() -> None:
    home = make.household(make.make_community())
    words: dict[str, Any] = {"for_whom": "外婆", "note": "要低糖的"}
    gone, fresh, waits = (demand.make_request(home, **words) for _ in range(3))
    with transaction.atomic():
        asking.withdraw_request(request=gone, actor=make.SETUP)
        advance(fresh, to=RequestStatus.REFUSED, answer="没有", answered_at=clock.now())
    SingleRequest.objects.update(asked_at=days_ago(30))

    assert forget_requests(clock.now()) == 1
    assert forget_requests(clock.now()) == 0

    rows = SingleRequest.objects.order_by("pk").values_list("pk", "for_whom", "note", "what")
    assert list(rows) == [
        (gone.pk, "", "", "高钙奶粉"),
        (fresh.pk, "外婆", "要低糖的", "高钙奶粉"),
        (waits.pk, "外婆", "要低糖的", "高钙奶粉"),
    ]


def test_forget_surveys_forgets_who_answered_and_keeps_what_is_wanted() -> None:
    community = make.make_community()
    old, fresh = demand.make_survey(community), demand.make_survey(community)
    for survey in (old, fresh):
        demand.answer(survey, make.household(community), 3)
        surveys.close_survey(survey=survey, actor=make.SETUP)
    type(old).objects.filter(pk=old.pk).update(closed_at=days_ago(30))

    assert forget_surveys(clock.now()) == 1
    assert forget_surveys(clock.now()) == 0

    assert SurveyReply.objects.get(survey=old).answered_by is None
    assert SurveyReply.objects.get(survey=fresh).answered_by is not None
    assert list(SurveyWish.objects.values_list("quantity", flat=True)) == [3, 3]
