"""Every action of the desk × state of the window × person: done exactly where the table says, and else nothing at all.

`make test` asserts many people in the first state in which an action can be done, and one person in all states;
RIGHTS=all asserts everybody in all states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from communities.models import Community
from config.kernel import clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.jobs import Job
from config.kernel.states import advance
from orders.models import OrderWindow, SupplierOrder
from orders.states import WindowStatus
from orders.supply.pulling import acknowledge
from orders.supply.releasing import check_order
from orders.windows.reopening import reopen_window
from tests import factories as make
from tests.rights.console_rules import CHECKERS, COORDINATORS, FOREIGN, OWN, WHO, Desk, Roles
from tests.rights.console_world import NOBODYS, Console, build_console
from tests.rights.digest import Digest, changed, digest, look_once, rolled_back
from tests.rights.test_console_pages import EVERYTHING
from tests.rights.world import STAFF_HERE, World
from volunteers.desk.views.actions import _ACTIONS

pytestmark = pytest.mark.django_db
ANY = "any"


@dataclass(frozen=True)
class Act:
    """Who may, and in which state: `{before: after}`. A state is the window's and its newest revision's."""

    roles: Roles
    states: dict[str, str]
    form: dict[str, str] = field(default_factory=dict)


_MANY = {
    *STAFF_HERE,
    "admin",
    "anonymous",
    "unstaffed",
    "nobody",
    "organiser_there",
    "officer_north",
}
_ON_A_REVISION = ("check", "release", "undo")
_CANCELLED = {
    **dict.fromkeys(("draft", "ready", "later", "open", "due", "held"), "cancelled"),
    **dict.fromkeys(("closed", "unfiled", "checked"), "cancelled, superseded"),
    # The supplier has to be told: its revision stands until that one is out.
    **dict.fromkeys(("released", "revised", "acknowledged"), "cancelled, released"),
    "withdrawn": "cancelled, withdrawn",
}
# `<action>` or `<action> <what was chosen>`.
TABLE: dict[str, Act] = {
    "ready": Act(COORDINATORS, {"draft": "ready"}),
    "draft": Act(COORDINATORS, {"ready": "draft"}),
    "open": Act(COORDINATORS, {"ready": "open"}),
    "decide close": Act(COORDINATORS, {"held": "closed"}, {"decision": "close"}),
    "decide extend": Act(COORDINATORS, {"held": "open"}, {"decision": "extend"}),
    "decide cancel": Act(COORDINATORS, {"held": "cancelled"}, {"decision": "cancel"}),
    "check": Act(CHECKERS, {"closed": "closed, checked"}),
    "release": Act(COORDINATORS, {"checked": "closed, released"}),
    "undo": Act(COORDINATORS, {"released": "closed, withdrawn", "revised": "closed, withdrawn"}),
    "reopen": Act(
        COORDINATORS, dict.fromkeys(("closed", "unfiled", "checked"), "open, superseded")
    ),
    "cancel": Act(COORDINATORS, _CANCELLED),
    "settle": Act(CHECKERS, {ANY: ANY}, {"key": "odd_quantity:1:1:9"}),
    "retry": Act(CHECKERS, {ANY: ANY}),
}


@dataclass
class Rounds:
    console: Console
    windows: dict[str, OrderWindow]
    jobs: dict[str, int]

    def ask(self, act: str, state: str, name: str, **changes: Any) -> Any:
        window, (action, *_choice) = self.windows[state], act.split()
        newest = SupplierOrder.objects.filter(window=window).order_by("-revision").first()
        tomorrow = timezone.localtime(clock.now() + timedelta(days=1))
        form = {
            "revision": newest.revision if newest else 1,
            "job": self.jobs[state],
            "reason": "理由",
            "closes_at": tomorrow.strftime("%Y-%m-%dT%H:%M"),
            **TABLE[act].form,
            **changes,
        }
        address = f"/admin/desk/{window.public_id}/do/{action}/"
        return self.console.browsers[name].ask("POST", address, form)

    def state_of(self, state: str) -> str:
        window = OrderWindow.objects.get(pk=self.windows[state].pk)
        newest = SupplierOrder.objects.filter(window=window).order_by("-revision").first()
        return f"{window.status}, {newest.status}" if newest else str(window.status)


@pytest.fixture(scope="module")
def rounds(world: World) -> Iterator[Rounds]:
    with rolled_back():
        console = build_console(world)
        windows = {
            name.removeprefix("home_"): window
            for name, window in world.windows.items()
            if name.startswith("home_")
        }
        windows |= {state: _window(world, state) for state in _MORE}
        jobs = {state: _job(window) for state, window in windows.items()}
        look_once()
        yield Rounds(console, windows, jobs)


_MORE = ("due", "unfiled", "checked", "acknowledged", "settled")


def _window(world: World, state: str) -> OrderWindow:
    """Those that the world has not."""
    home, organiser = world.communities["home"], world.people["organiser_here"]
    window = make.make_window(home, supplier=world.suppliers["shop"], organiser=organiser)
    make.order(window, make.household(home, "103"), 1)
    if state == "due":
        make.pass_cutoff(window)
        return window
    order = make.prepare(window)
    if state == "unfiled":
        SupplierOrder.objects.filter(pk=order.pk).update(filed_at=None)
    elif state == "checked":
        with transaction.atomic():
            check_order(supplier_order=order, actor=organiser)
    elif state == "acknowledged":
        released = make.release(window, organiser)
        with transaction.atomic():
            acknowledge(supplier_order=released, actor=make.SETUP)
    elif state == "settled":
        window.refresh_from_db()
        with transaction.atomic():
            advance(window, to=WindowStatus.SETTLED)
    window.refresh_from_db()
    return window


def _job(window: OrderWindow) -> int:
    moment = clock.now()
    fields: dict[str, Any] = {"subject_kind": "window", "subject_id": window.pk, "failures": 3}
    times: dict[str, Any] = {"created_at": moment, "run_after": moment, "parked_at": moment}
    return Job.objects.create(stage="orders.consolidate", **fields, **times).pk


@dataclass(frozen=True)
class Cell:
    act: str
    state: str
    name: str

    @property
    def answer(self) -> str:
        rule = Desk(None, "POST", act=TABLE[self.act].roles, done="go")
        return rule(WHO[self.name], "POST", OWN)

    @property
    def after(self) -> str | None:
        """The state that it leads to; None where nothing may happen."""
        states = TABLE[self.act].states
        return states.get(self.state, states.get(ANY)) if self.answer == "go" else None

    @property
    def is_chosen(self) -> bool:
        first = next(iter(TABLE[self.act].states))
        is_first = self.state == first or (first == ANY and self.state == "closed")
        lowest = "checker_here" if TABLE[self.act].roles == CHECKERS else "organiser_here"
        return EVERYTHING or self.name == lowest or (is_first and self.name in _MANY)


def test_every_action_has_a_rule() -> None:
    assert {act.split()[0] for act in TABLE} == _ACTIONS.keys(), "write its rule into TABLE here"


@pytest.mark.parametrize("act", TABLE)
def test_action_is_done_where_its_rule_allows_it(
    rounds: Rounds, act: str, record_property: Callable[[str, object], None]
) -> None:
    cells = [Cell(act, state, name) for state in rounds.windows for name in WHO]
    chosen = [cell for cell in cells if cell.is_chosen]
    before = digest()
    idle = [cell for cell in chosen if cell.after is None]
    wrong = [fault for cell in idle for fault in _faults(rounds, cell)]
    if changed(before, digest()):
        wrong += [f"{cell} changes {_done(rounds, cell)}" for cell in idle]
    for cell in chosen:
        if cell.after is not None:
            wrong += _faults_of_deed(rounds, cell, before)

    record_property("cells", len(chosen))
    assert wrong == []


def _faults(rounds: Rounds, cell: Cell) -> list[str]:
    status = rounds.ask(cell.act, cell.state, cell.name).status_code
    expected = {"go": 302, "log in": 302, "refused": 403, "missing": 404}[cell.answer]
    if (
        cell.answer == "go"
        and cell.act in _ON_A_REVISION
        and "," not in rounds.state_of(cell.state)
    ):
        expected = 404
    return [] if status == expected else [f"{cell} answers {status}, not {expected}"]


def _done(rounds: Rounds, cell: Cell) -> set[str]:
    with rolled_back():
        before = digest()
        rounds.ask(cell.act, cell.state, cell.name)
        return changed(before, digest())


def _faults_of_deed(rounds: Rounds, cell: Cell, before: Digest) -> list[str]:
    """It must lead to the right state, and the audit must know who did it; then it is rolled back."""
    with rolled_back():
        expected = rounds.state_of(cell.state) if cell.after == ANY else cell.after
        faults = _faults(rounds, cell)
        got, tables = rounds.state_of(cell.state), changed(before, digest())
        if got != expected:
            faults.append(f"{cell} leads to {got}, not {expected}")
        newest = AuditEntry.objects.latest("pk")
        if (
            newest.actor_id != rounds.console.people[cell.name].pk
            or "kernel_auditentry" not in tables
        ):
            faults.append(f"{cell} changes {tables}, noted as {newest}")
    return faults


@pytest.mark.parametrize("act", TABLE)
def test_action_on_foreign_round_is_missing(rounds: Rounds, act: str) -> None:
    """Also where it could be done, and with a revision and a job that are one's own."""
    before, (action, *_choice) = digest(), act.split()
    rule = Desk(None, "POST", act=TABLE[act].roles, done="go")
    browsers = rounds.console.browsers

    for window in ("far_held", "far_closed", "joint_far", ""):
        found = rounds.console.world.windows.get(window)
        address = f"/admin/desk/{found.public_id if found else NOBODYS}/do/{action}/"
        form = {"revision": 1, "job": rounds.jobs["closed"], "reason": "理由", **TABLE[act].form}
        for name in ("organiser_here", "officer_north"):
            assert rule(WHO[name], "POST", FOREIGN) == "missing"
            assert browsers[name].ask("POST", address, form).status_code == 404, (window, name)
    assert not changed(before, digest())


@pytest.mark.parametrize(
    ("act", "state", "form"),
    [
        ("retry", "closed", {"job": "of far"}),
        ("retry", "closed", {"job": "of another round"}),
        ("retry", "closed", {"job": "-1"}),
        ("check", "closed", {"revision": "2"}),
        ("check", "closed", {"revision": "1.0"}),
        ("release", "checked", {"revision": "0x1"}),
        ("undo", "revised", {"revision": "9" * 400}),
        ("decide close", "held", {"decision": "explode"}),
    ],
)
def test_action_about_something_else_is_missing(
    rounds: Rounds, act: str, state: str, form: dict[str, str]
) -> None:
    foreign = rounds.console.things["foreign"][Job].pk
    jobs = {"of far": foreign, "of another round": rounds.jobs["open"]}
    before = digest()

    given = {name: jobs.get(value, value) for name, value in form.items()}
    status = rounds.ask(act, state, "organiser_here", **given).status_code

    assert (status, changed(before, digest())) == (404, set())


@pytest.mark.parametrize(
    ("act", "state", "form"),
    [
        *((act, "held", {"reason": " "}) for act in ("decide cancel", "cancel")),
        *(("reopen", "closed", {"closes_at": moment}) for moment in ("2020-01-01T00:00", "", "x")),
        ("reopen", "closed", {"reason": ""}),
        ("undo", "released", {"reason": ""}),
        ("undo", "revised", {"revision": "1"}),
        ("settle", "closed", {"reason": "\0"}),
    ],
)
def test_action_with_something_wrong_changes_nothing(
    rounds: Rounds, act: str, state: str, form: dict[str, str]
) -> None:
    before = digest()

    status = rounds.ask(act, state, "organiser_here", **form).status_code

    assert (status, changed(before, digest())) == (302, set())


def test_release_by_the_only_checker_is_refused_where_two_are_needed(rounds: Rounds) -> None:
    Community.objects.filter(name="小区-home").update(release_needs_two=True)
    before = digest()

    rounds.ask("release", "checked", "organiser_here")
    assert not changed(before, digest())

    rounds.ask("release", "checked", "committee_here")
    assert rounds.state_of("checked") == "closed, released"


def test_reopened_round_is_no_longer_checked(rounds: Rounds) -> None:
    """Whoever still looks at the page of before does nothing to the round of now."""
    window = OrderWindow.objects.get(pk=rounds.windows["closed"].pk)
    with transaction.atomic():
        reopen_window(
            window=window,
            closes_at=clock.now() + timedelta(hours=1),
            actor=Actor("user", rounds.console.people["organiser_here"].pk),
            reason="理由",
        )
    before = digest()

    for act in ("check", "release", "undo", "reopen"):
        assert rounds.ask(act, "closed", "organiser_here").status_code == 302
    assert not changed(before, digest())
