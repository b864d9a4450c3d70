"""Two beats draft the round of the same date at the same moment."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from pytest_django import Settings

from communities.models import Community
from config.kernel.states import StaleStatus
from orders.models import OrderWindow, WindowTemplate
from orders.windows import repeating
from tests import factories as make
from tests.concurrency.interleaving import meet_after
from tests.connections import at_once
from tests.factories.repeating import make_template, set_clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings: Settings) -> Community:
    """With a template whose round is due, and another one's."""
    community = make.make_community()
    make_template(make.make_community())
    make_template(community)
    set_clock(settings, "2022-04-20 18:30:00")
    return community


def draft_at_once(home: Community, hands: int) -> list[Exception | None]:
    """What each of them raised."""
    subjects = repeating.due_dates()
    (own,) = [one for one in subjects if template_of(one.id) == home.pk]

    def draft() -> None:
        with transaction.atomic():
            repeating.draft_due(template_id=own.id, revision=own.revision)

    outcomes: list[Any] = list(at_once([draft] * hands))
    return outcomes


def template_of(pk: int) -> int:
    return WindowTemplate.objects.values_list("community_id", flat=True).get(pk=pk)


def rounds() -> list[tuple[str, int]]:
    """Status and offers of every round."""
    return [(row.status, row.offers.count()) for row in OrderWindow.objects.order_by("pk")]


def test_round_that_two_beats_draft_at_once_is_there_once(home: Community) -> None:
    outcomes = draft_at_once(home, 5)

    assert outcomes.count(None) == 1
    assert [type(one) for one in outcomes if one is not None] == [StaleStatus] * 4
    assert rounds() == [("ready", 2)]


def test_control_without_the_templates_lock_the_key_alone_keeps_it_single(
    home: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find that it is not there. What is left is a key, and an error that nobody can read."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
    meet_after(monkeypatch, repeating, "_rules", parties=2)

    outcomes = draft_at_once(home, 2)

    assert outcomes.count(None) == 1
    (refused,) = [one for one in outcomes if one is not None]
    assert isinstance(refused, IntegrityError)
    assert "window_once_for_each_date" in str(refused) or "window_number" in str(refused)
    assert len(rounds()) == 1
