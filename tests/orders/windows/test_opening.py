"""Ready, back to draft, open."""

from __future__ import annotations

import pytest

from communities.models import Community
from config.kernel.audit import AuditEntry
from config.kernel.states import IllegalTransition, StaleStatus
from orders.models import Offer, OrderWindow
from orders.windows.opening import (
    CutoffPassed,
    NothingOffered,
    back_to_draft,
    make_ready,
    open_window,
)
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community()


def status(window: OrderWindow) -> str:
    return OrderWindow.objects.get(pk=window.pk).status


def test_open_window_goes_from_draft_over_ready_and_is_audited(community: Community) -> None:
    window = make.make_window(community, state="draft")

    make_ready(window=window, actor=make.SETUP)
    back_to_draft(window=window, actor=make.SETUP)
    make_ready(window=window, actor=make.SETUP)
    open_window(window=window, actor=make.SETUP)

    assert status(window) == window.status == "open"
    actions = AuditEntry.objects.filter(subject_kind="window").order_by("pk")
    assert [entry.action for entry in actions][-4:] == [
        "window.ready",
        "window.back_to_draft",
        "window.ready",
        "window.opened",
    ]
    assert {entry.community_id for entry in actions} == {community.pk}


@pytest.mark.parametrize("verb", [make_ready, open_window])
def test_window_with_nothing_on_offer_goes_nowhere(verb: object, community: Community) -> None:
    window = make.make_window(community, state="ready" if verb is open_window else "draft")
    make.make_window(community)
    Offer.objects.filter(window=window).update(is_active=False)
    before = status(window)

    with pytest.raises(NothingOffered):
        verb(window=window, actor=make.SETUP)  # type: ignore[operator]

    assert status(window) == before


def test_open_window_past_its_cutoff_is_refused(community: Community) -> None:
    window = make.make_window(community, state="ready")
    seen = OrderWindow.objects.get(pk=window.pk)
    make.pass_cutoff(window)

    # Judged by the row as it is now, not as the caller has read it.
    with pytest.raises(CutoffPassed):
        open_window(window=seen, actor=make.SETUP)

    assert status(window) == "ready"


def test_open_window_of_a_draft_is_refused(community: Community) -> None:
    window = make.make_window(community, state="draft")

    with pytest.raises(IllegalTransition):
        open_window(window=window, actor=make.SETUP)

    assert status(window) == "draft"


def test_open_window_that_somebody_took_back_meanwhile_is_stale(community: Community) -> None:
    window = make.make_window(community, state="ready")
    seen = OrderWindow.objects.get(pk=window.pk)
    back_to_draft(window=window, actor=make.SETUP)

    with pytest.raises(StaleStatus):
        open_window(window=seen, actor=make.SETUP)

    assert status(window) == "draft"


def test_back_to_draft_of_an_open_window_is_refused(community: Community) -> None:
    window = make.make_window(community)

    with pytest.raises(IllegalTransition):
        back_to_draft(window=window, actor=make.SETUP)

    assert status(window) == "open"
