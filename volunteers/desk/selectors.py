"""Reads of the desk. Every function takes a fixed number of statements, whatever the number of orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import JSONBAgg
from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject
from django.http import HttpRequest

from communities.console import in_own_homes, user_of
from communities.history import entries_of
from communities.models import Community, Household, Membership, Resident, User
from communities.roles import CHECKERS, COORDINATORS, HANDS, STAFF
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from orders.access import windows_of
from orders.models import (
    Allocation,
    Order,
    OrderLine,
    OrderWindow,
    SupplierOrder,
    SupplierOrderLine,
)
from orders.states import (
    UNRELEASED,
    JoinStatus,
    OrderStatus,
    SupplierOrderStatus,
    WindowStatus,
)
from suppliers.models import Product
from suppliers.selectors import in_catalogue_order
from volunteers.desk.board import SILENCE, Facts, Rights, Totals
from volunteers.models import PickList
from volunteers.states import PickListStatus

_TOTALS = """
    SELECT
      (SELECT count(*) FROM communities_household h
       JOIN orders_windowcommunity j ON j.community_id = h.community_id AND j.status = 'joined'
       WHERE j.window_id = %(window)s AND h.is_active),
      count(DISTINCT d.household_id), count(DISTINCT d.id), count(l.id),
      coalesce(sum(l.quantity), 0), coalesce(sum(l.quantity * l.price_fen), 0),
      (SELECT count(*) FROM orders_offer o WHERE o.window_id = %(window)s AND o.is_active),
      (SELECT count(*) FROM orders_order c WHERE c.window_id = %(window)s AND c.status = 'cancelled')
    FROM orders_order d
    JOIN orders_orderline l ON l.order_id = d.id
    LEFT JOIN orders_allocation a ON a.line_id = l.id AND a.cause = 'dropped'
    WHERE d.window_id = %(window)s AND d.status = 'placed' AND a.id IS NULL
"""
# A cancelled round is over once the supplier knows; `sent` is an annotation of windows_listed.
_OVER = Q(status=WindowStatus.SETTLED) | Q(status=WindowStatus.CANCELLED, sent=False)
_RELEASED = SupplierOrderStatus.RELEASED
_LISTED = 60


def windows_listed(user: User, *, now: datetime) -> list[OrderWindow]:
    """60 windows of the person's communities, finished ones last, then newest first. One statement beside the scope's.

    Each carries `order_count`, `amount_fen`, `waiting_status` (of an unreleased revision, or ""),
    `unfiled`, `sent`, `silent` (for half an hour), `acknowledged`, `has_parked`.
    """
    orders = Order.objects.filter(window=OuterRef("pk"), status=OrderStatus.PLACED).values("window")
    revisions = SupplierOrder.objects.filter(window=OuterRef("pk"))
    unanswered = revisions.filter(status=_RELEASED, acknowledged_at=None)
    parked = Job.objects.filter(parked_at__isnull=False, done_at=None)
    of_window = Q(subject_kind="window", subject_id=OuterRef("pk"))
    own = {"window": OuterRef(OuterRef("pk"))}
    of_revision = Q(
        subject_kind="supplier_order",
        subject_id__in=SupplierOrder.objects.filter(**own).values("pk"),
    )
    of_list = Q(
        subject_kind="pick_list", subject_id__in=PickList.objects.filter(**own).values("pk")
    )
    rows = windows_of(user, STAFF).annotate(
        order_count=Coalesce(Subquery(orders.values(n=Count("pk"))), 0),
        amount_fen=Coalesce(Subquery(orders.values(fen=Sum("total_fen"))), 0),
        waiting_status=Coalesce(
            Subquery(revisions.filter(status__in=UNRELEASED).values("status")[:1]),
            Value(""),
            output_field=CharField(),
        ),
        unfiled=Exists(revisions.filter(status__in=UNRELEASED, filed_at=None)),
        sent=Exists(unanswered),
        silent=Exists(unanswered.filter(released_at__lte=now - SILENCE)),
        acknowledged=Exists(revisions.filter(status=_RELEASED, acknowledged_at__isnull=False)),
        has_parked=Exists(parked.filter(of_window | of_revision | of_list)),
    )
    return list(
        rows.select_related("community", "supplier").order_by(
            Case(When(_OVER, then=1), default=0), "-closes_at", "-pk"
        )[:_LISTED]
    )


def urgency(window: OrderWindow, now: datetime) -> int:
    """0 needs a person now, 1 runs by itself, 2 is being drafted, 3 is over. `window` comes from windows_listed."""
    told = not window.sent  # type: ignore[attr-defined]
    if window.status == WindowStatus.SETTLED or (window.status == WindowStatus.CANCELLED and told):
        return 3
    facts = (
        window.has_parked,  # type: ignore[attr-defined]
        window.status == WindowStatus.HELD,
        window.silent,  # type: ignore[attr-defined]
        bool(window.waiting_status) and not window.unfiled,  # type: ignore[attr-defined]
        window.status == WindowStatus.READY and window.opens_at <= now,
    )
    if any(facts):
        return 0
    return 2 if window.status in (WindowStatus.DRAFT, WindowStatus.READY) else 1


def rights_in(user: User, community: Community) -> Rights:
    """What the person's roles there, or at a region above, allow on the desk. One statement."""
    if user.is_superuser:
        return Rights(coordinate=True, check=True, see_homes=True)
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
    )


def facts_of(window: OrderWindow, *, user: User, now: datetime) -> Facts:
    """Everything the page says about a round. Three to five statements, by how far the round is."""
    revisions = _revisions(window) if window.demand_revision else []
    told = any(row.released_at for row in revisions)
    lists = _lists(window) if told else []
    return Facts(
        window=window,
        now=now,
        rights=rights_in(user, window.community),
        user_id=user.pk,
        totals=totals_of(window),
        revisions=revisions,
        lists=lists,
        jobs=_jobs(window, revisions, lists),
    )


def totals_of(window: OrderWindow) -> Totals:
    """Of the placed orders, without lines taken off after the cutoff. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"window": window.pk})
        return Totals(*map(int, cursor.fetchone()))


def _homes(window: OrderWindow) -> QuerySet[Household]:
    return Household.objects.filter(
        community__joined__window=window,
        community__joined__status=JoinStatus.JOINED,
        is_active=True,
    )


# For people first: to print, to work on, to copy into a chat; for machines last.
_FORMATS = ("pdf", "xlsx", "txt", "csv", "json")


def _files(kind: str) -> JSONBAgg:
    """The files of a row without their bytes, beside the row: `[{id, kind, format, name, size}, …]`."""
    columns = {
        "id": "public_id",
        "kind": "kind",
        "format": "format",
        "name": "name",
        "size": "size",
    }
    paths: dict[str, str] = {name: f"{kind}__{column}" for name, column in columns.items()}
    return JSONBAgg(
        JSONObject(**paths),
        filter=Q(**{f"{kind}__isnull": False}),
        order_by=(f"{kind}__kind", f"{kind}__format"),
        default=Value([], JSONField()),
    )


def _revisions(window: OrderWindow) -> Sequence[SupplierOrder]:
    """Newest first, each with `papers`: its files."""
    rows = SupplierOrder.objects.filter(window=window).annotate(papers=_files("files"))
    revisions = list(rows.select_related("checked_by", "released_by").order_by("-revision"))
    for row in revisions:
        row.papers.sort(key=_preference)
    return revisions


def _lists(window: OrderWindow) -> Sequence[PickList]:
    """In natural order, each with `papers`: its sheets."""
    rows = PickList.objects.filter(window=window).exclude(status=PickListStatus.SUPERSEDED)
    ordered = rows.order_by("community_id", "building__sort_key", "building_id", "wave")
    lists = list(ordered.select_related("building", "community").annotate(papers=_files("files")))
    for row in lists:
        row.papers.sort(key=_preference)
    return lists


def _preference(paper: dict[str, str]) -> tuple[bool, int]:
    """The order of buttons: whole before difference and slips, then by format."""
    form = paper["format"]
    place = _FORMATS.index(form) if form in _FORMATS else len(_FORMATS)
    return paper["kind"] in ("difference", "slips"), place


def _jobs(
    window: OrderWindow, revisions: Sequence[SupplierOrder], lists: Sequence[PickList]
) -> list[Job]:
    """Unfinished ones, parked first. One statement."""
    subjects = Q(subject_kind="window", subject_id=window.pk)
    for kind, rows in (("supplier_order", revisions), ("pick_list", lists)):
        subjects |= Q(subject_kind=kind, subject_id__in=[row.pk for row in rows])
    jobs = Job.objects.filter(subjects, done_at=None)
    return list(jobs.order_by(F("parked_at").asc(nulls_last=True), "pk"))


def job_of(window: OrderWindow, *, pk: int) -> Job | None:
    """An unfinished job about the window, its revisions or its pick lists."""
    revisions = list(SupplierOrder.objects.filter(window=window))
    lists = list(PickList.objects.filter(window=window))
    return next((job for job in _jobs(window, revisions, lists) if job.pk == pk), None)


def silent_care_homes(window: OrderWindow, request: HttpRequest) -> list[Household]:
    """Care households that have not ordered, in natural order, only those whose doors the person may see. Each
    carries `contact`, `phone` (masked) and `contact_id` of whoever speaks for it. One statement.
    """
    ordered = Order.objects.filter(
        window=window, household=OuterRef("pk"), status=OrderStatus.PLACED
    )
    speaker = Resident.objects.filter(household=OuterRef("pk")).order_by(
        "-is_contact", F("phone_masked").desc(), "pk"
    )
    homes = _homes(window).filter(~Exists(ordered), needs_care=True)
    if not user_of(request).is_superuser:
        homes = homes.filter(in_own_homes(request, HANDS))
    rows = homes.annotate(
        contact=Subquery(speaker.values("name")[:1]),
        phone=Subquery(speaker.values("phone_masked")[:1]),
        contact_id=Subquery(speaker.values("pk")[:1]),
    )
    return list(
        rows.select_related("building").order_by(
            "community_id", "building__sort_key", "sort_key", "pk"
        )
    )


def past_of(window: OrderWindow) -> QuerySet[AuditEntry]:
    """Entries about the window, its revisions and pick lists, and the orders taken off; newest first."""
    dropped = Order.objects.filter(
        window=window, lines__allocation__cause=Allocation.Cause.DROPPED
    ).distinct()
    return entries_of(
        [
            ("window", [window.pk]),
            ("supplier_order", SupplierOrder.objects.filter(window=window).values("pk")),
            ("pick_list", PickList.objects.filter(window=window).values("pk")),
            ("order", dropped.values("pk")),
        ]
    )


@dataclass(frozen=True)
class Part:
    """A part of a revision: the offers in it, pieces wanted and ordered, money in fen."""

    name: str
    products: frozenset[int] = frozenset()
    wanted: int = 0
    pieces: int = 0
    fen: int = 0


def parts_of(order: SupplierOrder) -> tuple[list[Part], list[Part], list[Part]]:
    """A revision by category, by community, and its ten dearest products. One statement."""
    lines = list(SupplierOrderLine.objects.filter(supplier_order=order).select_related("section"))
    categories = _add_up((line.category, line) for line in lines)
    sections = _add_up((line.section.community_name, line) for line in lines)
    products = _add_up((f"{line.position} {line.name} {line.spec}".strip(), line) for line in lines)
    return categories, sections, products[:10]


def _add_up(lines: Iterable[tuple[str, SupplierOrderLine]]) -> list[Part]:
    """One part for each name, most money first."""
    parts: dict[str, Part] = {}
    for name, line in lines:
        so_far = parts.get(name, Part(name))
        parts[name] = Part(
            name,
            so_far.products | {line.offer_id},
            so_far.wanted + line.wanted,
            so_far.pieces + line.ordered,
            so_far.fen + line.amount_fen,
        )
    return sorted(parts.values(), key=lambda part: (-part.fen, part.name))


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
