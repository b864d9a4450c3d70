"""Reads of the desk. Every function takes a fixed number of statements, whatever the number of orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest

from communities.console import community_ids, in_own_homes, user_of
from communities.history import entries_of
from communities.models import Community, Household, Membership, Resident, User
from communities.roles import CHECKERS, COORDINATORS, HANDS, WRITERS
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from orders.models import Allocation, Order, OrderLine, OrderWindow, SupplierOrder
from orders.states import JoinStatus, OrderStatus, WindowStatus
from suppliers.models import Product
from suppliers.selectors import in_catalogue_order
from volunteers.desk import picking
from volunteers.desk.board import Facts, Rights, Totals
from volunteers.desk.files import papers, sort_papers
from volunteers.desk.summing import totals_of
from volunteers.models import PhoneCall, PickList
from volunteers.states import CallStatus

_CARE_SHOWN = 60


def rights_in(user: User, community: Community) -> Rights:
    """What the person's roles there, or at a region above, allow on the desk. One statement."""
    if user.is_superuser:
        return Rights(coordinate=True, check=True, see_homes=True, write_all=True)
    home = Community.objects.filter(pk=community.pk).values("region__path")
    held = (
        Membership.objects.live()
        .filter(user=user)
        .annotate(home=Subquery(home, output_field=CharField()))
        .filter(Q(community=community) | Q(home__startswith=F("region__path")))
        .values_list("role", flat=True)
    )
    roles = set(held)
    return Rights(
        coordinate=bool(roles & COORDINATORS),
        check=bool(roles & CHECKERS),
        see_homes=bool(roles & HANDS),
        write_all=bool(roles & WRITERS),
    )


def facts_of(window: OrderWindow, *, user: User, now: datetime, with_totals: bool = True) -> Facts:
    """Everything the page says about a round. Three to five statements, by how far the round is; one less without
    totals, which what comes next does not hang on once the round is open.
    """
    revisions = _revisions(window) if window.demand_revision else []
    told = any(row.released_at for row in revisions)
    facts = Facts(
        window=window,
        now=now,
        rights=rights_in(user, window.community),
        user_id=user.pk,
        totals=Totals(),
        revisions=revisions,
        lists=picking.lists_of(window) if told else [],
        jobs=_jobs(window),
    )
    if not with_totals and window.status != WindowStatus.DRAFT:
        return facts
    return replace(facts, totals=totals_of(window, demand=facts.demand))


def facts_joined(
    window: OrderWindow, request: HttpRequest, *, communities: Collection[int], now: datetime
) -> Facts:
    """What the page says of these communities of the person's in a round that another leads: their lists, and the
    revisions by which they stand. Two statements at most.
    """
    revisions = _revisions(window) if window.demand_revision else []
    told = any(row.released_at for row in revisions)
    lists = picking.lists_of(window) if told else []
    return Facts(
        window=window,
        now=now,
        rights=Rights(see_homes=not set(communities).isdisjoint(community_ids(request, HANDS))),
        user_id=user_of(request).pk,
        totals=Totals(),
        revisions=revisions,
        lists=[row for row in lists if row.community_id in communities],
        jobs=[],
    )


def _homes(window: OrderWindow) -> QuerySet[Household]:
    return Household.objects.filter(
        community__joined__window=window,
        community__joined__status=JoinStatus.JOINED,
        is_active=True,
    )


def _revisions(window: OrderWindow) -> Sequence[SupplierOrder]:
    """Newest first, each with `papers`: its files."""
    rows = SupplierOrder.objects.filter(window=window).annotate(papers=papers())
    return sort_papers(list(rows.select_related("checked_by", "released_by").order_by("-revision")))


def _jobs(window: OrderWindow) -> list[Job]:
    """Unfinished ones about the window, its revisions and its pick lists, parked first. One statement."""
    subjects = Q(subject_kind="window", subject_id=window.pk)
    for kind, rows in (("supplier_order", SupplierOrder), ("pick_list", PickList)):
        ids = rows.objects.filter(window=window).values("pk")
        subjects |= Q(subject_kind=kind, subject_id__in=ids)
    jobs = Job.objects.filter(subjects, done_at=None)
    return list(jobs.order_by(F("parked_at").asc(nulls_last=True), "pk"))


def job_of(window: OrderWindow, *, pk: int) -> Job | None:
    """An unfinished job about the window, its revisions or its pick lists."""
    return next((job for job in _jobs(window) if job.pk == pk), None)


def silent_care_homes(
    window: OrderWindow, request: HttpRequest, *, first: int = 0, most: int = _CARE_SHOWN
) -> list[Household]:
    """Care households, and those without a smartphone, that have not ordered: in natural order, what is settled last,
    only those whose doors the person may see. Each carries `contact`, `phone` (masked) and `contact_id` of whoever
    speaks for it; `call_status`, `call_outcome`, `call_by` (a name) and `call_at` of the call about this window, if
    there is one; `total`: how many there are. One statement.
    """
    ordered = Order.objects.filter(
        window=window, household=OuterRef("pk"), status=OrderStatus.PLACED
    )
    there = Resident.objects.present().filter(household=OuterRef("pk"))
    speaker = there.order_by("-is_contact", F("phone_masked").desc(), "pk")
    call = PhoneCall.objects.filter(
        kind=PhoneCall.Kind.CARE, window=window, household=OuterRef("pk")
    )
    name = Coalesce(NullIf("called_by__display_name", Value("")), "called_by__username")
    homes = _homes(window).filter(~Exists(ordered), Q(needs_care=True) | Q(has_smartphone=False))
    if not user_of(request).is_superuser:
        homes = homes.filter(in_own_homes(request, HANDS))
    rows = homes.annotate(
        total=Window(Count("pk")),
        contact=Subquery(speaker.values("name")[:1]),
        phone=Subquery(speaker.values("phone_masked")[:1]),
        contact_id=Subquery(speaker.values("pk")[:1]),
        call_status=Subquery(call.values("status")),
        call_outcome=Subquery(call.values("outcome")),
        call_by=Subquery(call.values(caller=name)),
        call_at=Subquery(call.values("called_at")),
    )
    settled = Case(When(call_status=CallStatus.DONE, then=1), default=0)
    ordered_rows = rows.select_related("building", "community").order_by(
        settled, "community_id", "building__sort_key", "sort_key", "pk"
    )
    return list(ordered_rows[first : first + most])


def past_of(window: OrderWindow) -> QuerySet[AuditEntry]:
    """Entries about the window, its revisions and the orders taken off, newest first; of the pick lists that were made
    or replaced together only the first, for a town has fourteen hundred.
    """
    lists = AuditEntry.objects.filter(
        subject_kind="pick_list", subject_id__in=PickList.objects.filter(window=window).values("pk")
    )
    dropped = Order.objects.filter(
        window=window, lines__allocation__cause=Allocation.Cause.DROPPED
    ).distinct()
    return entries_of(
        [
            ("window", [window.pk]),
            ("supplier_order", SupplierOrder.objects.filter(window=window).values("pk")),
            ("order", dropped.values("pk")),
        ],
        beside=lists.values("action", "data__revision").annotate(first=Min("pk")).values("first"),
    )


def lines_of(order: Order) -> list[OrderLine]:
    """Each with `got`: what was allotted, None before that; `amount_fen` as ordered, `due_fen` for what it gets."""
    lines = OrderLine.objects.filter(order=order).select_related("offer")
    kept = Value(0) if order.status == OrderStatus.CANCELLED else F("quantity")
    got = Coalesce("allocation__quantity", kept)
    rows = lines.annotate(
        got=F("allocation__quantity"),
        amount_fen=F("quantity") * F("price_fen"),
        due_fen=got * F("price_fen"),
    )
    return list(rows.order_by("offer__short_number"))


def products_to_offer(window: OrderWindow) -> list[Product]:
    """The supplier's goods for sale that are not on offer yet, in catalogue order. One statement."""
    goods = Product.objects.filter(supplier=window.supplier_id, is_active=True)
    return list(in_catalogue_order(goods.exclude(offers__window=window)))
