"""Repeating group buys: set up, changed, paused, ended; single dates skipped or moved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from config.kernel import audit, clock, locks
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.states import advance
from orders.models import OrderWindow, TemplateDate, TemplateLimit, TemplateProduct, WindowTemplate
from orders.models.order import MAX_QUANTITY
from orders.models.template import EVERY_DAY
from orders.states import UNPUBLISHED, TemplateStatus
from orders.windows.calendar import Pattern, occurrence_on
from orders.windows.cancelling import cancel_window
from orders.windows.drafting import ForeignProduct
from suppliers.models import Product, Supplier

# A moved date is found among those of the last weeks.
FARTHEST = timedelta(days=30)
_RULES = {
    *("weekdays", "valid_from", "valid_until", "opens", "closes", "closes_after", "delivers"),
    *("delivers_after", "drafts", "notice", "minimum_measure", "minimum", "below_minimum"),
    *("extend_minutes", "goods", "category"),
}


class NotOneOfItsDates(DomainError):
    code = "not_one_of_its_dates"
    status = 400
    detail = _("The group buy does not come on this date.")


class AlreadyDrafted(DomainError):
    code = "already_drafted"
    detail = _("The group buy of this date is there already. Change it on its own page.")


class Ended(DomainError):
    code = "template_ended"
    detail = _("This repeating group buy has ended.")


def pattern_of(template: WindowTemplate) -> Pattern:
    """As the calendar reads it. Reads template.community and template.dates."""
    return Pattern(
        zone=template.community.zone,
        weekdays=template.weekdays,
        valid_from=template.valid_from,
        valid_until=template.valid_until,
        opens=template.opens,
        closes=template.closes,
        closes_after=template.closes_after,
        delivers_after=template.delivers_after,
        drafts=template.drafts,
        exceptions={row.on: row.moved_to for row in template.dates.all()},
    )


def create_template(
    *, community: Community, supplier: Supplier, actor: User, **rules: Any
) -> WindowTemplate:
    """An ACTIVE one, led by `community`. `rules`: the model's fields for times, minimum, notice and goods.

    Raises Invalid for rules that contradict each other.
    """
    locks.require_atomic()
    _check(WindowTemplate(community=community, supplier=supplier), rules)
    template = WindowTemplate.objects.create(
        community=community, supplier=supplier, created_by=actor, **rules
    )
    _record(template, Actor("user", actor.pk), "template.created")
    return template


def change_template(*, template: WindowTemplate, actor: Actor, **rules: Any) -> None:
    """Other rules for all rounds that are not drafted yet. Raises Invalid, Ended."""
    fresh = _lock(template)
    _check(fresh, rules)
    WindowTemplate.objects.filter(pk=fresh.pk).update(version=F("version") + 1, **rules)
    template.refresh_from_db()
    _record(template, actor, "template.changed", fields=sorted(rules))


def _check(template: WindowTemplate, rules: Mapping[str, Any]) -> None:
    """What the database would refuse, said in a sentence."""
    if unknown := set(rules) - _RULES:
        raise TypeError(f"not settable: {unknown}")

    def of(name: str) -> Any:
        return rules.get(name, getattr(template, name))

    wrong: dict[str, Any] = {}
    if not 1 <= of("weekdays") <= EVERY_DAY:
        wrong["weekdays"] = _("Please choose at least one weekday.")
    if not of("closes_after") and of("closes") <= of("opens"):
        wrong["closes"] = _("The cutoff must be after the opening.")
    if of("delivers_after") < of("closes_after"):
        wrong["delivers_after"] = _("The delivery cannot be before the cutoff.")
    if of("valid_until") and of("valid_until") < of("valid_from"):
        wrong["valid_until"] = _("This is before the first date.")
    if (of("goods") == WindowTemplate.Goods.CATEGORY) != bool(of("category")):
        wrong["category"] = _("Please name the category, and only if one category is on offer.")
    if of("extend_minutes") < 1:
        wrong["extend_minutes"] = _("At least one minute.")
    if wrong:
        raise Invalid(fields={name: [text] for name, text in wrong.items()})


def choose_goods(
    *,
    template: WindowTemplate,
    goods: Mapping[Product, tuple[int | None, int | None]],
    actor: Actor,
) -> None:
    """Exactly these products from now on, each with cap and limit per household. Raises ForeignProduct, Ended."""
    fresh = _lock(template)
    for product in goods:
        if product.supplier_id != fresh.supplier_id:
            raise ForeignProduct(fields={"product": str(product.public_id)})
    TemplateProduct.objects.filter(template=fresh).delete()
    TemplateProduct.objects.bulk_create(
        TemplateProduct(
            template=fresh,
            supplier_id=fresh.supplier_id,
            product=product,
            cap=cap,
            household_limit=limit,
        )
        for product, (cap, limit) in goods.items()
    )
    _bump(fresh)
    _record(fresh, actor, "template.goods_chosen", products=[one.pk for one in goods])


def limit_categories(
    *, template: WindowTemplate, limits: Mapping[str, int | None], actor: Actor
) -> None:
    """At most so many pieces of each kind of goods for a household, in every round from now on; None, or a kind that is
    not named: as many as one likes. Raises Invalid for what is no number of pieces, Ended.
    """
    fresh = _lock(template)
    wanted = {name: pieces for name, pieces in limits.items() if pieces is not None}
    if any(not name or not 1 <= pieces <= MAX_QUANTITY for name, pieces in wanted.items()):
        raise Invalid(fields={"household_limit": [_("Between 1 and 9999 pieces.")]})
    TemplateLimit.objects.filter(template=fresh).delete()
    TemplateLimit.objects.bulk_create(
        TemplateLimit(template=fresh, category=name, household_limit=pieces)
        for name, pieces in wanted.items()
    )
    _bump(fresh)
    _record(fresh, actor, "template.limits_set", categories=sorted(wanted))


def pause_template(*, template: WindowTemplate, actor: Actor) -> None:
    """ACTIVE → PAUSED: nothing is drafted until it is resumed. What is drafted already stays."""
    _move(template, TemplateStatus.PAUSED, actor, "template.paused")


def resume_template(*, template: WindowTemplate, actor: Actor) -> None:
    """PAUSED → ACTIVE."""
    _move(template, TemplateStatus.ACTIVE, actor, "template.resumed")


def end_template(*, template: WindowTemplate, actor: Actor) -> None:
    """For good. What is drafted already stays."""
    _move(template, TemplateStatus.ENDED, actor, "template.ended")


def _move(template: WindowTemplate, to: TemplateStatus, actor: Actor, action: str) -> None:
    locks.take()
    advance(template, to=to, version=F("version") + 1)
    template.refresh_from_db()
    _record(template, actor, action)


def skip_date(*, template: WindowTemplate, on: date, actor: Actor) -> None:
    """Not on this date. A round that was drafted for it, but not opened, is cancelled; twice changes nothing.

    Raises NotOneOfItsDates, AlreadyDrafted (it has been opened), Ended.
    """
    fresh = _lock(template)
    _require_date(fresh, on)
    window = OrderWindow.objects.filter(template=fresh, template_on=on).first()
    if window is not None and window.status in UNPUBLISHED:
        reason = str(_("Skipped on this date."))
        cancel_window(window=window, actor=actor, reason=reason)
    elif window is not None and window.cancelled_at is None:
        raise AlreadyDrafted()
    TemplateDate.objects.update_or_create(template=fresh, on=on, defaults={"moved_to": None})
    _bump(fresh)
    _record(fresh, actor, "template.date_skipped", on=on.isoformat())


def move_date(*, template: WindowTemplate, on: date, to: date, actor: Actor) -> None:
    """On another date instead, at most thirty days away, whose cutoff is still to come: else it would come never.
    Raises Invalid, NotOneOfItsDates, AlreadyDrafted, Ended.
    """
    fresh = _lock(template)
    _require_date(fresh, on)
    if to == on or abs(to - on) > FARTHEST:
        raise Invalid(fields={"to": [_("Another date, at most thirty days away.")]})
    if occurrence_on(pattern_of(fresh), on, to).closes_at <= clock.database_now():
        raise Invalid(fields={"to": [_("On that date the cutoff has passed already.")]})
    _require_not_drafted(fresh, on)
    TemplateDate.objects.update_or_create(template=fresh, on=on, defaults={"moved_to": to})
    _bump(fresh)
    _record(fresh, actor, "template.date_moved", on=on.isoformat(), to=to.isoformat())


def restore_date(*, template: WindowTemplate, on: date, actor: Actor) -> None:
    """As by the rule again. Raises AlreadyDrafted (then it does not come a second time), Ended."""
    fresh = _lock(template)
    _require_not_drafted(fresh, on)
    gone, _by_table = TemplateDate.objects.filter(template=fresh, on=on).delete()
    if gone:
        _bump(fresh)
        _record(fresh, actor, "template.date_restored", on=on.isoformat())


def _lock(template: WindowTemplate) -> WindowTemplate:
    """The template under its row's lock: nothing is drafted from it meanwhile. Raises Ended, Busy."""
    locks.take()
    with locks.busy_when_locked():
        rows = WindowTemplate.objects.select_for_update(no_key=True, of=("self",))
        fresh = rows.select_related("community").get(pk=template.pk)
    if fresh.status == TemplateStatus.ENDED:
        raise Ended()
    return fresh


def _require_date(template: WindowTemplate, on: date) -> None:
    if not pattern_of(template).comes_on(on):
        raise NotOneOfItsDates()


def _require_not_drafted(template: WindowTemplate, on: date) -> None:
    if OrderWindow.objects.filter(template=template, template_on=on).exists():
        raise AlreadyDrafted()


def _bump(template: WindowTemplate) -> None:
    WindowTemplate.objects.filter(pk=template.pk).update(version=F("version") + 1)


def _record(template: WindowTemplate, actor: Actor, action: str, **data: Any) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("template", template.pk),
        community_id=template.community_id,
        data=data,
    )
