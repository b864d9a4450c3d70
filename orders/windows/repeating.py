"""What templates ask for, found by state: the next rounds are drafted, and opened when their time has come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from config.kernel import clock, locks
from config.kernel.audit import SYSTEM, AuditEntry
from config.kernel.jobs import Subject
from config.kernel.states import StaleStatus
from orders.models import OrderWindow, WindowTemplate
from orders.states import TemplateStatus, WindowStatus
from orders.windows.calendar import Occurrence, due
from orders.windows.cancelling import cancel_round
from orders.windows.closing import lock_window
from orders.windows.drafting import draft_window, join_community, limit_offers, offer_products
from orders.windows.inviting import joined_to
from orders.windows.limits import categories_of, set_category_limit
from orders.windows.opening import make_ready, open_window
from orders.windows.templates import pattern_of
from suppliers.models import Product
from suppliers.selectors import in_catalogue_order

# Published a little before orders are taken, so that the first second of the opening counts.
LEAD = timedelta(minutes=1)
# A job's revision holds date and version: the days since then × 1000 + the version's last three digits.
_SINCE = date(2020, 1, 1)


def due_dates() -> list[Subject]:
    """Dates of active templates to be drafted now, whose cutoff has not passed and which have no window. By state and
    time alone: after a day without beat it finds what is still useful.

    The version stands in the revision, so that a job that found a template paused does not count for ever.
    """
    moment = clock.database_now()
    templates = WindowTemplate.objects.filter(
        status=TemplateStatus.ACTIVE, supplier__is_active=True
    )
    found = {
        (template.pk, one.on): template.version
        for template in templates.select_related("community").prefetch_related("dates")
        for one in due(pattern_of(template), moment)
    }
    for made in _made(found):
        del found[made]
    return [
        Subject("template", pk, (on - _SINCE).days * 1000 + version % 1000)
        for (pk, on), version in found.items()
    ]


def _made(wanted: dict[tuple[int, date], int]) -> set[tuple[int, date]]:
    if not wanted:
        return set()
    there = OrderWindow.objects.filter(
        template__in={pk for pk, _on in wanted}, template_on__in={on for _pk, on in wanted}
    )
    pairs = there.values_list("template_id", "template_on")
    return {(pk, on) for pk, on in pairs if pk and on and (pk, on) in wanted}


def draft_due(*, template_id: int, revision: int) -> OrderWindow:
    """The window of one date: READY with what the template offers, a DRAFT if there is nothing to offer.

    `revision` is that of due_dates. Raises StaleStatus if it is no longer due or there already. Locks the template's
    row, then as draft_window does.
    """
    on = _SINCE + timedelta(days=revision // 1000)
    locks.take()
    with locks.busy_when_locked():
        rows = WindowTemplate.objects.select_for_update(no_key=True, of=("self",))
        template = rows.select_related("community", "supplier").get(pk=template_id)
    occurrence = _due_on(template, on)
    if occurrence is None or OrderWindow.objects.filter(template=template, template_on=on).exists():
        raise StaleStatus()
    window = draft_window(
        community=template.community,
        supplier=template.supplier,
        opens_at=occurrence.opens_at,
        closes_at=occurrence.closes_at,
        deliver_on=occurrence.deliver_on,
        actor=SYSTEM,
        **_rules(template, on),
    )
    for invitation in joined_to(template):
        join_community(
            window=window,
            community=invitation.community,
            minimum=invitation.minimum,
            actor=SYSTEM,
        )
    if _offer(window, template):
        make_ready(window=window, actor=SYSTEM)
    return window


def _due_on(template: WindowTemplate, on: date) -> Occurrence | None:
    if template.status != TemplateStatus.ACTIVE or not template.supplier.is_active:
        return None
    now_due = due(pattern_of(template), clock.database_now())
    return next((one for one in now_due if one.on == on), None)


def _rules(template: WindowTemplate, on: date) -> dict[str, Any]:
    same = (*("notice", "minimum_measure", "minimum", "below_minimum", "extend_minutes"),)
    return {
        **{name: getattr(template, name) for name in same},
        "deliver_at": template.delivers,
        "template": template,
        "template_on": on,
    }


def goods_of(template: WindowTemplate) -> QuerySet[Product]:
    """What its next round would offer, by the supplier's catalogue of now."""
    goods = Product.objects.filter(supplier=template.supplier_id, is_active=True)
    if template.goods == WindowTemplate.Goods.CATEGORY:
        goods = goods.filter(category=template.category)
    elif template.goods == WindowTemplate.Goods.CHOSEN:
        goods = goods.filter(pk__in=template.products.values("product"))
    return in_catalogue_order(goods)


def _offer(window: OrderWindow, template: WindowTemplate) -> bool:
    """Whether there is anything to offer."""
    offers = offer_products(window=window, products=goods_of(template), actor=SYSTEM)
    if template.goods == WindowTemplate.Goods.CHOSEN:
        limits = {row.product_id: (row.cap, row.household_limit) for row in template.products.all()}
        limited = {pk: pair for pk, pair in limits.items() if pair != (None, None)}
        if limited:
            limit_offers(window=window, limits=limited, actor=SYSTEM)
    _limit_categories(window, template)
    return bool(offers)


def _limit_categories(window: OrderWindow, template: WindowTemplate) -> None:
    """Of a kind that is not on offer this time there is nothing to limit."""
    offered = set(categories_of(window))
    for row in template.category_limits.order_by("category"):
        if row.category in offered:
            set_category_limit(
                window=window,
                category=row.category,
                household_limit=row.household_limit,
                actor=SYSTEM,
            )


def categories_to_limit(template: WindowTemplate) -> list[str]:
    """The kinds of goods its next round would offer, and those that have a limit, by name. Two statements."""
    kinds = goods_of(template).order_by().values_list("category", flat=True).distinct()
    limited = template.category_limits.values_list("category", flat=True)
    return sorted({*kinds, *limited} - {""})


def due_openings() -> list[Subject]:
    """READY windows of templates whose opening has come. How often one was made ready or moved stands in the revision,
    so that a job that found it otherwise does not count for ever.
    """
    settled = AuditEntry.objects.filter(
        subject_kind="window",
        subject_id=OuterRef("pk"),
        action__in=("window.ready", "window.times_set"),
    )
    counted = settled.order_by().values("subject_id").annotate(n=Count("pk")).values("n")
    rows = OrderWindow.objects.filter(
        status=WindowStatus.READY,
        template__isnull=False,
        opens_at__lte=clock.database_now() + LEAD,
    ).annotate(turn=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
    return [Subject("window", pk, turn) for pk, turn in rows.values_list("pk", "turn")]


def open_due(*, window_id: int) -> str:
    """Open a READY window whose time has come; one whose cutoff has passed is cancelled instead, for nobody could
    order in it. Returns its new status. Takes the window lock. Raises StaleStatus, NothingOffered.
    """
    window, moment = lock_window(window_id)
    if window.status != WindowStatus.READY or window.opens_at > moment + LEAD:
        raise StaleStatus()
    if window.closes_at <= moment:
        reason = str(_("Its time passed before it could be opened."))
        cancel_round(window=window, actor=SYSTEM, reason=reason)
    else:
        open_window(window=window, actor=SYSTEM)
    return str(window.status)
