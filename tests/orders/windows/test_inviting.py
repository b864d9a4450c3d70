"""Several communities buy together: who is asked, who agrees, and what each reaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from communities.models import Community, InboxMessage, User
from config.kernel import outbox
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.states import IllegalTransition, StaleStatus
from orders.models import Invitation, Order, OrderWindow, WindowCommunity
from orders.windows import inviting
from orders.windows.cancelling import cancel_window
from orders.windows.inviting import InvitedAlready, NoSuchCommunity, NotAdmitting
from suppliers.models import ServedCommunity, Supplier
from tests import factories as make
from tests.factories.repeating import make_template, set_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Community:
    return make.make_community()


@pytest.fixture
def small() -> Community:
    return make.make_community("微型小区")


@pytest.fixture
def supplier(home: Community, small: Community) -> Supplier:
    make.make_community("不送的小区")
    return make.make_supplier(home, small)


@pytest.fixture
def organiser(home: Community) -> User:
    return make.make_staff(home)


@pytest.fixture
def neighbour(small: Community) -> User:
    return make.make_staff(small)


@pytest.fixture
def window(home: Community, supplier: Supplier, organiser: User) -> OrderWindow:
    return make.make_window(
        home, supplier=supplier, organiser=organiser, minimum_measure="households", minimum=3
    )


def invited(host: Any, by: User, name: str = "微型小区", minimum: int = 2) -> Invitation:
    with transaction.atomic():
        return inviting.invite_community(host=host, name=name, minimum=minimum, actor=by)


def answer(verb: Callable[..., None], invitation: Invitation, by: User) -> None:
    with transaction.atomic():
        verb(invitation=Invitation.objects.get(pk=invitation.pk), actor=by)


def buyers(window: OrderWindow) -> list[tuple[str, int, str]]:
    rows = WindowCommunity.objects.filter(window=window).order_by("pk")
    return list(rows.values_list("community__name", "minimum", "status"))


@pytest.mark.parametrize("state", ["draft", "ready", "open"])
def test_accepted_community_buys_with_its_own_minimum_until_the_cutoff(
    home: Community, supplier: Supplier, organiser: User, neighbour: User, state: str
) -> None:
    window = make.make_window(home, supplier=supplier, organiser=organiser, state=state)
    invitation = invited(window, organiser)
    assert buyers(window) == [(home.name, 0, "joined")]

    answer(inviting.accept_invitation, invitation, neighbour)

    assert buyers(window) == [(home.name, 0, "joined"), ("微型小区", 2, "joined")]
    invitation.refresh_from_db()
    assert (invitation.status, invitation.answered_by) == ("accepted", neighbour)


def test_together_they_reach_what_none_reaches_alone(
    window: OrderWindow, home: Community, small: Community, organiser: User, neighbour: User
) -> None:
    answer(inviting.accept_invitation, invited(window, organiser), neighbour)
    make.order(window, make.household(home), 1)
    for room in ("101", "102"):
        make.order(window, make.household(small, room), 1)

    make.close(window)

    assert window.status == "closed"
    assert buyers(window) == [(home.name, 0, "joined"), ("微型小区", 2, "joined")]


def test_joined_community_below_its_own_minimum_is_left_out_and_its_orders_end(
    window: OrderWindow, home: Community, small: Community, organiser: User, neighbour: User
) -> None:
    OrderWindow.objects.filter(pk=window.pk).update(minimum=2)
    answer(inviting.accept_invitation, invited(window, organiser), neighbour)
    for room in ("101", "102"):
        make.order(window, make.household(home, room), 1)
    make.order(window, make.household(small), 1)

    make.close(window)

    assert window.status == "closed"
    assert buyers(window)[1] == ("微型小区", 2, "cancelled")
    assert Order.objects.get(community=small).reason == "below_minimum"


def test_households_of_who_joins_an_open_round_hear_of_it_once(
    window: OrderWindow, home: Community, small: Community, organiser: User, neighbour: User
) -> None:
    resident = make.make_resident(small)
    make.make_resident(home)
    answer(inviting.accept_invitation, invited(window, organiser), neighbour)

    for _turn in range(2):
        outbox.deliver_due()

    told = InboxMessage.objects.values_list("user", "kind", "data__title")
    assert list(told) == [(resident.pk, "window.opened", window.title)]


@pytest.mark.parametrize("name", ["不送的小区", "没有的小区", "", "home"])
def test_community_that_the_supplier_does_not_serve_is_not_found(
    window: OrderWindow, home: Community, organiser: User, name: str
) -> None:
    with pytest.raises(NoSuchCommunity):
        invited(window, organiser, home.name if name == "home" else name)

    assert Invitation.objects.count() == 0


def test_community_is_invited_once_until_it_says_no(
    window: OrderWindow, organiser: User, neighbour: User
) -> None:
    first = invited(window, organiser)
    with pytest.raises(InvitedAlready):
        invited(window, organiser)
    answer(inviting.decline_invitation, first, neighbour)

    again = invited(window, organiser)
    answer(inviting.accept_invitation, again, neighbour)

    with pytest.raises(InvitedAlready):
        invited(window, organiser)
    assert list(Invitation.objects.order_by("pk").values_list("status", flat=True)) == [
        "declined",
        "accepted",
    ]


def test_invitation_is_answered_once(window: OrderWindow, organiser: User, neighbour: User) -> None:
    invitation = invited(window, organiser)
    seen = Invitation.objects.get(pk=invitation.pk)
    answer(inviting.withdraw_invitation, invitation, organiser)

    with pytest.raises(IllegalTransition):
        answer(inviting.accept_invitation, invitation, neighbour)
    with pytest.raises(StaleStatus), transaction.atomic():
        inviting.accept_invitation(invitation=seen, actor=neighbour)

    assert WindowCommunity.objects.filter(window=window).count() == 1


def _past(window: OrderWindow) -> None:
    make.pass_cutoff(window)


def _cancelled(window: OrderWindow) -> None:
    cancel_window(window=window, actor=Actor("user", 7), reason="没货")


@pytest.mark.parametrize("end", [_past, _cancelled])
def test_nobody_joins_a_window_that_is_over(
    window: OrderWindow, organiser: User, neighbour: User, end: Callable[[OrderWindow], None]
) -> None:
    invitation = invited(window, organiser)
    end(window)

    with pytest.raises(NotAdmitting):
        answer(inviting.accept_invitation, invitation, neighbour)
    with pytest.raises(DomainError):
        invited(window, organiser, "微型小区")

    invitation.refresh_from_db()
    assert invitation.status == "invited"
    assert WindowCommunity.objects.filter(window=window).count() == 1


def test_window_is_left_by_not_ordering(
    window: OrderWindow, organiser: User, neighbour: User
) -> None:
    invitation = invited(window, organiser)
    answer(inviting.accept_invitation, invitation, neighbour)

    with pytest.raises(NotAdmitting):
        answer(inviting.leave_template, invitation, neighbour)

    invitation.refresh_from_db()
    assert invitation.status == "accepted"


def test_rounds_of_a_template_are_joined_as_long_as_both_want(
    home: Community,
    supplier: Supplier,
    organiser: User,
    neighbour: User,
    settings: Settings,
    run_jobs: Callable[[], None],
) -> None:
    template = make_template(home, supplier=supplier, organiser=organiser)
    invitation = invited(template, organiser, minimum=5)
    seen = []
    for day, verb in (
        (20, None),
        (21, inviting.accept_invitation),
        (22, None),
        (23, inviting.leave_template),
    ):
        if verb:
            answer(verb, invitation, neighbour)
        set_clock(settings, f"2022-04-{day} 18:00:05")
        run_jobs()
        seen.append(buyers(OrderWindow.objects.get(template_on=date(2022, 4, day + 1)))[1:])

    joined = [("微型小区", 5, "joined")]
    assert seen == [[], joined, joined, []]


def test_community_that_the_supplier_serves_no_more_is_left_out_of_the_rounds(
    home: Community,
    small: Community,
    supplier: Supplier,
    organiser: User,
    neighbour: User,
    settings: Settings,
    run_jobs: Callable[[], None],
) -> None:
    template = make_template(home, supplier=supplier, organiser=organiser)
    answer(inviting.accept_invitation, invited(template, organiser), neighbour)
    ServedCommunity.objects.filter(community=small).delete()
    set_clock(settings, "2022-04-20 18:00:05")

    run_jobs()

    assert buyers(OrderWindow.objects.get()) == [(home.name, 0, "joined")]
