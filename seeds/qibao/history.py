"""Group buys of the past as rows: windows, menus, and through their own modules orders, supplier orders and bags.

Nobody waits for three hundred rounds to be played. Every rule that the database or `manage.py reconcile` knows holds
for them; of the files there are the plain ones only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import connection

from communities.models import Community, User
from orders.models import Offer, OrderWindow, WindowCommunity
from orders.states import WindowStatus
from orders.windows.titles import window_title
from seeds.qibao import handed, ordered, supplied
from seeds.qibao.rounds import Round, choose_shop, rounds
from seeds.qibao.town import Town
from suppliers.models import Product, ServedCommunity, Supplier

_CLOSED_AFTER = timedelta(milliseconds=400)
_REASON = "供货商临时停供"
_AUDIT = """
    INSERT INTO kernel_auditentry (at, actor_kind, actor_id, action, subject_kind, subject_id, community_id, data)
    SELECT step.at, step.kind, step.who, step.action, 'window', w.id, w.community_id, step.data
    FROM orders_orderwindow w
    CROSS JOIN LATERAL (VALUES
        (w.opens_at - interval '1 hour', 'user', w.created_by_id, 'window.drafted', '{}'::jsonb),
        (w.opens_at - interval '50 min', 'user', w.created_by_id, 'window.ready', '{}'),
        (w.opens_at - interval '49 min', 'user', w.created_by_id, 'window.opened', '{}'),
        (w.closed_at, 'job', 0, 'window.closed', jsonb_build_object('closes_at', w.closes_at)),
        (w.cancelled_at, 'user', w.created_by_id, 'window.cancelled', jsonb_build_object('reason', w.reason))
    ) AS step(at, kind, who, action, data)
    WHERE w.id = ANY(%s) AND step.at IS NOT NULL
    ORDER BY step.at
"""


def has_history(town: Town) -> bool:
    return OrderWindow.objects.filter(community__in=town.communities.values()).exists()


def remember(town: Town, count: int) -> list[OrderWindow]:
    """`count` windows of the past with all that follows. Caller holds the seed's lock."""
    plans = rounds(count, [positions for _user, positions in town.organisers])
    windows = OrderWindow.objects.bulk_create(_windows(town, plans))
    WindowCommunity.objects.bulk_create(
        WindowCommunity(window=window, community=town.communities[position])
        for window, plan in zip(windows, plans, strict=True)
        for position in plan.communities
    )
    Offer.objects.bulk_create(_offers(windows, plans), batch_size=2000)
    shares = {window.pk: plan.share for window, plan in zip(windows, plans, strict=True)}
    ids = list(shares)
    with connection.cursor() as cursor:
        cursor.execute(_AUDIT, [ids])
        ordered.place(cursor, shares)
        supplied.consolidate(cursor, ids)
        handed.pack(cursor, ids)
    supplied.write_files(ids)
    return windows


def _windows(town: Town, plans: Sequence[Round]) -> list[OrderWindow]:
    serving = _serving(town.communities)
    suppliers = Supplier.objects.in_bulk({pk for ids in serving.values() for pk in ids})
    numbers: dict[int, int] = {}
    made = []
    for plan in plans:
        leading = plan.communities[0]
        numbers[leading] = numbers.get(leading, 0) + 1
        supplier = suppliers[choose_shop(serving, plan)]
        made.append(
            _window(
                plan,
                number=numbers[leading],
                community=town.communities[leading],
                supplier=supplier,
                organiser=town.organisers[plan.organiser][0],
            )
        )
    return made


def _window(
    plan: Round, *, number: int, community: Community, supplier: Supplier, organiser: User
) -> OrderWindow:
    is_cancelled = plan.status == WindowStatus.CANCELLED
    day = plan.closes_at.date() + timedelta(days=1)
    return OrderWindow(
        community=community,
        supplier=supplier,
        number=number,
        title=window_title(supplier=supplier.short_name, day=day, number=number),
        status=plan.status,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        deliver_on=day,
        closed_at=None if is_cancelled else plan.closes_at + _CLOSED_AFTER,
        cancelled_at=plan.closes_at - timedelta(hours=1) if is_cancelled else None,
        reason=_REASON if is_cancelled else "",
        demand_revision=0 if is_cancelled else 1,
        created_by=organiser,
    )


def _serving(communities: Mapping[int, Community]) -> dict[int, list[int]]:
    positions = {community.pk: position for position, community in communities.items()}
    serving: dict[int, list[int]] = {position: [] for position in communities}
    rows = ServedCommunity.objects.filter(community__in=positions).order_by("supplier_id")
    for supplier_id, community_id in rows.values_list("supplier_id", "community_id"):
        serving[positions[community_id]].append(supplier_id)
    return serving


def _offers(windows: Sequence[OrderWindow], plans: Sequence[Round]) -> list[Offer]:
    goods: dict[int, list[Product]] = {}
    for product in Product.objects.filter(
        supplier__in={window.supplier_id for window in windows}
    ).order_by("pk"):
        goods.setdefault(product.supplier_id, []).append(product)
    return [
        Offer(
            window=window,
            supplier_id=window.supplier_id,
            product=product,
            short_number=number,
            name=product.name,
            spec=product.spec,
            unit=product.unit,
            category=product.category,
            description=product.description,
            barcode=product.barcode,
            case_size=product.case_size,
            price_fen=product.price_fen,
        )
        for window, plan in zip(windows, plans, strict=True)
        for number, product in enumerate(goods[window.supplier_id][: plan.menu], start=1)
    ]
