"""The rounds of a person's communities, what needs somebody first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from communities.console import community_ids
from communities.models import User
from communities.roles import HANDS, STAFF, WRITERS
from config.kernel.jobs import Job
from orders.access import windows_bought_in, windows_of
from orders.models import Order, OrderWindow, SupplierOrder, WindowCommunity
from orders.states import UNRELEASED, JoinStatus, OrderStatus, SupplierOrderStatus, WindowStatus
from volunteers.desk.board import SILENCE
from volunteers.models import PickList

URGENT, RUNNING, DRAFTED, OVER = range(4)
# A round that the supplier acknowledged is put away after a week: what is left of it are the accounts.
_PUT_AWAY = timedelta(days=7)
_OTHERS = 40
_RELEASED = SupplierOrderStatus.RELEASED


def windows_listed(user: User, *, now: datetime, search: str = "") -> QuerySet[OrderWindow]:
    """Windows of the person's communities: those that need a person now, that run by themselves, that are being
    drafted, that are over; each newest first. `search`: words of title, community or supplier.

    Each carries `rank` (URGENT …), `waiting_status` (of an unreleased revision, or ""), `unfiled`, `sent`,
    `silent` (for half an hour), `acknowledged`, `has_parked`.
    """
    revisions = SupplierOrder.objects.filter(window=OuterRef("pk"))
    unanswered = revisions.filter(status=_RELEASED, acknowledged_at=None)
    rows = windows_of(user, STAFF).annotate(
        waiting_status=Coalesce(
            Subquery(revisions.filter(status__in=UNRELEASED).values("status")[:1]),
            Value(""),
            output_field=CharField(),
        ),
        unfiled=Exists(revisions.filter(status__in=UNRELEASED, filed_at=None)),
        sent=Exists(unanswered),
        silent=Exists(unanswered.filter(released_at__lte=now - SILENCE)),
        acknowledged=Exists(revisions.filter(status=_RELEASED, acknowledged_at__isnull=False)),
        has_parked=Exists(_parked()),
    )
    for word in search.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(community__name__icontains=word)
            | Q(supplier__name__icontains=word)
        )
    ranked = rows.annotate(rank=_rank(now)).select_related("community", "supplier")
    return ranked.order_by("rank", "-closes_at", "-pk")


def rounds_of_others(request: HttpRequest, *, now: datetime) -> list[OrderWindow]:
    """Led by communities that are not the person's, while one of his own buys in them: until a week after the cutoff,
    and as long as the supplier has nothing. For what he is a hand: `takes` (orders: open, or closed and not yet with
    the supplier), `is_sent` (to the supplier, within the week). `lists`: the public id of the community whose order
    lists he may bring in, or None. Those that take orders come first, what closes first before the others; then the
    newest. One statement.
    """
    unreleased = Exists(SupplierOrder.objects.filter(window=OuterRef("pk"), status__in=UNRELEASED))
    running = Q(status=WindowStatus.OPEN) | Q(unreleased, status=WindowStatus.CLOSED)
    is_hand = windows_bought_in(community_ids(request, HANDS)).filter(pk=OuterRef("pk"))
    written = WindowCommunity.objects.filter(
        window=OuterRef("pk"),
        status=JoinStatus.JOINED,
        community__in=community_ids(request, WRITERS),
    )
    released = SupplierOrder.objects.filter(window=OuterRef("pk"), status=_RELEASED)
    recent = Q(closes_at__gte=now - _PUT_AWAY)
    is_sent = recent & Q(Exists(released), status=WindowStatus.CLOSED)
    rows = windows_bought_in(community_ids(request, STAFF)).filter(running | recent)
    rows = rows.exclude(community__in=community_ids(request, STAFF)).annotate(
        takes=_whether(running & Q(Exists(is_hand))),
        is_sent=_whether(is_sent & Q(Exists(is_hand))),
        lists=Subquery(written.order_by("pk").values("community__public_id")[:1]),
    )
    soonest = Case(When(takes=True, then=F("closes_at")))
    ordered = rows.order_by(soonest.asc(nulls_last=True), "-closes_at", "pk")
    return list(ordered.select_related("community", "supplier")[:_OTHERS])


def _whether(rule: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(rule, output_field=BooleanField())


def with_sums(windows: Iterable[OrderWindow]) -> list[OrderWindow]:
    """These windows, each with `order_count` and `amount_fen`, of the placed orders. One statement."""
    rows = {window.pk: window for window in windows}
    placed = Order.objects.filter(window__in=rows, status=OrderStatus.PLACED).values("window")
    sums = placed.annotate(n=Count("pk"), fen=Sum("total_fen")).values_list("window", "n", "fen")
    found = {pk: (n, fen) for pk, n, fen in sums}
    for pk, window in rows.items():
        window.order_count, window.amount_fen = found.get(pk, (0, 0))  # type: ignore[attr-defined]
    return list(rows.values())


def _parked() -> QuerySet[Job]:
    """Work about the outer window that was given up."""
    own = {"window": OuterRef(OuterRef("pk"))}
    subjects = Q(subject_kind="window", subject_id=OuterRef("pk"))
    for kind, rows in (("supplier_order", SupplierOrder), ("pick_list", PickList)):
        ids = rows.objects.filter(**own).values("pk")
        subjects |= Q(subject_kind=kind, subject_id__in=ids)
    return Job.objects.filter(subjects, parked_at__isnull=False, done_at=None)


def _rank(now: datetime) -> Case:
    """By the annotations of windows_listed. A cancelled round is over once the supplier knows."""
    unpublished = (WindowStatus.DRAFT, WindowStatus.READY)
    put_away = Q(status=WindowStatus.CLOSED, acknowledged=True, closes_at__lt=now - _PUT_AWAY)
    return Case(
        When(Q(status=WindowStatus.SETTLED), then=OVER),
        When(Q(status=WindowStatus.CANCELLED, sent=False), then=OVER),
        When(Q(has_parked=True) | Q(silent=True) | Q(status=WindowStatus.HELD), then=URGENT),
        When(~Q(waiting_status="") & Q(unfiled=False), then=URGENT),
        When(Q(status=WindowStatus.READY, opens_at__lte=now), then=URGENT),
        When(put_away, then=OVER),
        When(Q(status__in=unpublished), then=DRAFTED),
        default=RUNNING,
    )
