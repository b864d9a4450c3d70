"""What the page of one round knows, and what follows from it: the steps, the flags, the one next action. Pure reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.kernel.jobs import Job
from orders.models import Order, OrderWindow, SupplierOrder
from orders.states import UNRELEASED, SupplierOrderStatus, WindowStatus
from volunteers.models import PickList
from volunteers.states import PickListStatus

# After this long without a word from the supplier somebody picks up the phone.
SILENCE = timedelta(minutes=30)


@dataclass(frozen=True)
class Rights:
    """What the person may do in the leading community."""

    coordinate: bool = False
    check: bool = False
    see_homes: bool = False
    write_all: bool = False


@dataclass(frozen=True)
class Totals:
    """What is ordered, less what was taken off; `homes` counts the households that could order, in `communities`. Money
    in fen. `channels`: by which road (Order.Channel) how many of the orders came.
    """

    communities: int = 0
    homes: int = 0
    households: int = 0
    orders: int = 0
    lines: int = 0
    pieces: int = 0
    fen: int = 0
    offers: int = 0
    cancelled: int = 0
    channels: Mapping[str, int] = field(default_factory=dict, kw_only=True)

    @property
    def by_channel(self) -> list[tuple[str, int]]:
        """Names of the roads that orders came by, in the order of the choices."""
        return [(str(c.label), self.channels[c]) for c in Order.Channel if self.channels.get(c)]

    @property
    def share(self) -> int:
        """Households that ordered, in whole percent."""
        return 100 * self.households // self.homes if self.homes else 0


@dataclass(frozen=True)
class Facts:
    """Rows of one round as they are now. `revisions` newest first; `jobs` unfinished ones only."""

    window: OrderWindow
    now: datetime
    rights: Rights
    user_id: int
    totals: Totals
    revisions: Sequence[SupplierOrder] = ()
    lists: Sequence[PickList] = ()
    jobs: Sequence[Job] = ()

    @property
    def demand(self) -> SupplierOrder | None:
        """The revision of the present demand, once consolidation has made it."""
        wanted = self.window.demand_revision
        return next((row for row in self.revisions if wanted and row.revision == wanted), None)

    @property
    def unreleased(self) -> SupplierOrder | None:
        return self.demand if self.demand and self.demand.status in UNRELEASED else None

    @property
    def released(self) -> SupplierOrder | None:
        rows = (row for row in self.revisions if row.status == SupplierOrderStatus.RELEASED)
        return next(rows, None)

    @property
    def untold(self) -> bool:
        """Cancelled after a release, and the revision that takes it back is not out yet."""
        told = any(row.released_at for row in self.revisions)
        out = self.demand is not None and self.demand.status == SupplierOrderStatus.RELEASED
        return self.window.status == WindowStatus.CANCELLED and told and not out

    @property
    def parked(self) -> list[Job]:
        return [job for job in self.jobs if job.parked_at]

    @property
    def running(self) -> list[Job]:
        return [job for job in self.jobs if not job.parked_at]

    @property
    def outdated(self) -> set[int]:
        """Lists not to be printed: the demand has moved on, or a newer revision lists the building anew. Where
        picking has begun the list stays in force under the next revision.
        """
        released = self.released
        if released is None or self.window.demand_revision > released.revision:
            return {row.pk for row in self.lists}
        old = (row for row in self.lists if row.supplier_order_id != released.pk)
        over = self.window.status == WindowStatus.CANCELLED
        return {row.pk for row in old if over or row.status == PickListStatus.READY}

    @property
    def current_lists(self) -> list[PickList]:
        """Lists in force: those of the revision that counts, and older ones that are being picked."""
        outdated = self.outdated
        return [row for row in self.lists if row.pk not in outdated]


@dataclass(frozen=True)
class Step:
    """One station of the round: `done`, `now` or `todo`."""

    name: str | Promise
    state: str


_STEPS = (
    _("Ordering"),
    _("Closed"),
    _("Consolidated order"),
    _("Checked"),
    _("Sent to the supplier"),
    _("Acknowledged"),
    _("Picking"),
)


def steps(facts: Facts) -> list[Step]:
    """Done as far as the facts go; the first one that is not done is where the round stands."""
    window, demand = facts.window, facts.demand
    status = demand.status if demand else ""
    closed = window.status in (WindowStatus.CLOSED, WindowStatus.SETTLED)
    released = status == SupplierOrderStatus.RELEASED
    lists = facts.current_lists
    reached = (
        closed,
        closed,
        closed and demand is not None and demand.filed_at is not None,
        released or status == SupplierOrderStatus.CHECKED,
        released,
        released and demand is not None and demand.acknowledged_at is not None,
        bool(lists) and all(row.status == PickListStatus.PACKED for row in lists),
    )
    first = next((place for place, done in enumerate(reached) if not done), len(reached))
    if window.status in (WindowStatus.DRAFT, WindowStatus.READY, WindowStatus.CANCELLED):
        first = -1
    return [
        Step(name, "done" if done and place != first else "now" if place == first else "todo")
        for place, (name, done) in enumerate(zip(_STEPS, reached, strict=True))
    ]


@dataclass(frozen=True)
class Next:
    """The one next action. `action` names a form of the desk ("" = nothing to press), `waits` that the page refreshes.

    `needs` is the right without which the button is not shown but the sentence is.
    """

    title: str | Promise
    hint: str | Promise = ""
    action: str = ""
    button: str | Promise = ""
    waits: bool = False
    may: bool = True
    revision: SupplierOrder | None = None
    job: Job | None = None
    until: datetime | None = None
    phone: str = ""
    tone: str = "act"
    extra: tuple[str, ...] = field(default=())
    later: datetime | None = None


def next_step(facts: Facts) -> Next:
    """What needs a person first; where nothing does, what the round is waiting for."""
    if facts.parked and (facts.window.status != WindowStatus.CANCELLED or facts.untold):
        return Next(
            _("Some background work has failed"),
            _("It was tried three times. Read the message, then start it over."),
            action="retry",
            button=_("Start over"),
            job=facts.parked[0],
            may=facts.rights.check,
            tone="alarm",
        )
    by_status = {
        WindowStatus.DRAFT: _draft,
        WindowStatus.READY: _ready,
        WindowStatus.OPEN: _open,
        WindowStatus.HELD: _held,
        WindowStatus.CLOSED: _closed,
        WindowStatus.SETTLED: lambda _facts: Next(_("This round is settled."), tone="calm"),
        WindowStatus.CANCELLED: _cancelled,
    }
    return by_status[WindowStatus(facts.window.status)](facts)


def _draft(facts: Facts) -> Next:
    if not facts.totals.offers:
        return Next(
            _("Choose what is on offer"),
            _("The group buy has no products yet."),
            action="offers",
            button=_("Choose products"),
            may=facts.rights.coordinate,
        )
    return Next(
        _("Ready to open?"),
        _("Look over times and products once more. Residents see nothing yet."),
        action="ready",
        button=_("Everything is right"),
        may=facts.rights.coordinate,
    )


def _ready(facts: Facts) -> Next:
    if facts.window.template_id and facts.now < facts.window.opens_at:
        return Next(
            _("It opens by itself"),
            _("Times, products and limits can be changed until then. Back to draft stops it."),
            action="open",
            button=_("Open now"),
            may=facts.rights.coordinate,
            until=facts.window.opens_at,
            extra=("draft",),
        )
    return Next(
        _("Open the group buy"),
        _("From then on residents see it and can order within its times."),
        action="open",
        button=_("Open now"),
        may=facts.rights.coordinate,
        extra=("draft",),
    )


def _open(facts: Facts) -> Next:
    window = facts.window
    if facts.now < window.opens_at:
        return Next(_("Published; ordering has not begun"), until=window.opens_at, tone="calm")
    if facts.now < window.closes_at:
        return Next(
            _("Residents are ordering"),
            _("Nothing to do: it closes by itself."),
            until=window.closes_at,
            tone="calm",
        )
    return Next(_("The cutoff has come; orders are being closed"), waits=True, tone="wait")


def _held(facts: Facts) -> Next:
    return Next(
        _("Below the minimum: what shall be done?"),
        _("Nobody decides by then: it is cancelled by itself."),
        action="decide",
        until=facts.window.held_until,
        may=facts.rights.coordinate,
    )


def _closed(facts: Facts) -> Next:
    order = facts.demand
    if order is None:
        return Next(_("Orders are being added up"), waits=True, tone="wait")
    if order.filed_at is None:
        return Next(_("The files are being made"), waits=True, tone="wait", revision=order)
    if order.status == SupplierOrderStatus.PREPARED:
        return Next(
            _("Check the consolidated order"),
            _("Look at the totals and at what stands out, then confirm."),
            action="check",
            button=_("Checked, all right"),
            may=facts.rights.check,
            revision=order,
            **_reopening(facts),
        )
    if order.status == SupplierOrderStatus.CHECKED:
        return _checked(facts, order)
    if order.status == SupplierOrderStatus.RELEASED:
        return _released(facts, order)
    return Next(_("A new revision is being prepared"), waits=True, tone="wait")


def _checked(facts: Facts, order: SupplierOrder) -> Next:
    own = order.checked_by_id == facts.user_id and facts.window.community.release_needs_two
    return Next(
        _("Send it to the supplier"),
        _("In this community a second person must release what the first one checked.")
        if own
        else _(
            "The supplier can pull the files from then on. It can be undone until he acknowledges."
        ),
        action="release",
        button=_("Send to the supplier"),
        may=facts.rights.coordinate and not own,
        revision=order,
        **_reopening(facts),
    )


class _Reopening(TypedDict, total=False):
    extra: tuple[str, ...]
    later: datetime


def _reopening(facts: Facts) -> _Reopening:
    """What is offered beside the next step until a supplier has heard of the round: an hour more, to begin with."""
    if not facts.rights.coordinate or any(row.released_at for row in facts.revisions):
        return {}
    return {"extra": ("reopen",), "later": facts.now + timedelta(hours=1)}


def _released(facts: Facts, order: SupplierOrder) -> Next:
    if order.acknowledged_at is None:
        silent = _silent(facts, order)
        return Next(
            _("No answer for 30 minutes: phone the supplier")
            if silent
            else _("Waiting for the supplier"),
            _(
                "The files are ready to be pulled. Until he acknowledges, the release can be undone."
            ),
            revision=order,
            phone=facts.window.supplier.phone if silent else "",
            tone="alarm" if silent else "calm",
            extra=("undo",) if facts.rights.coordinate else (),
        )
    if not order.pieces:
        return Next(_("Everything was taken off: nothing to hand out"), revision=order)
    if not facts.current_lists:
        return Next(_("Pick lists are being made"), waits=True, tone="wait", revision=order)
    return Next(
        _("Print or open the pick lists"),
        _("The supplier has the order. One list and one sheet of slips per building."),
        action="lists",
        button=_("Go to the pick lists"),
        revision=order,
    )


def _silent(facts: Facts, order: SupplierOrder) -> bool:
    return order.released_at is not None and facts.now - order.released_at >= SILENCE


def _cancelled(facts: Facts) -> Next:
    if facts.untold:
        return Next(_("Cancelled; the supplier is being told"), waits=True, tone="wait")
    order = facts.released
    if order and order.acknowledged_at is None:
        silent = _silent(facts, order)
        return Next(
            _("The supplier has not confirmed the cancellation: phone him")
            if silent
            else _("Waiting for the supplier to confirm the cancellation"),
            _("Until he confirms he may still be packing the goods."),
            revision=order,
            phone=facts.window.supplier.phone if silent else "",
            tone="alarm" if silent else "calm",
        )
    return Next(_("This group buy was cancelled."), facts.window.reason, tone="calm")
