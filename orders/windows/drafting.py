"""Make a window ready: times, communities, offers. Everything here is before the opening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from config.kernel import audit, locks
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.locks import Namespace
from orders.models import Offer, OrderWindow, WindowCommunity
from orders.states import UNPUBLISHED, WindowStatus
from orders.windows.titles import window_title
from suppliers.models import Product, Supplier


class WindowPublished(DomainError):
    code = "window_published"
    detail = _("The group buy has been opened; this can no longer be changed.")


class ForeignProduct(DomainError):
    code = "foreign_product"
    status = 400
    detail = _("This product is not the supplier's, or no longer for sale.")


class CapTooLow(DomainError):
    code = "cap_too_low"
    detail = _("More pieces than that have been ordered already.")


def draft_window(
    *,
    community: Community,
    supplier: Supplier,
    opens_at: datetime,
    closes_at: datetime,
    actor: User | Actor,
    title: str = "",
    deliver_on: date | None = None,
    **rules: Any,
) -> OrderWindow:
    """A DRAFT led by `community`, which joins it. Without a title it makes one from supplier, day and number.

    `rules`: minimum_measure, minimum, below_minimum, extend_minutes, notice, deliver_at; of a repeating one template
    and template_on. Raises Invalid if it would close before it opens or be extended by nothing, and Busy.
    """
    if closes_at <= opens_at:
        raise Invalid(fields={"closes_at": [_("The cutoff must be after the opening.")]})
    if rules.get("extend_minutes", 1) < 1:
        raise Invalid(fields={"extend_minutes": [_("At least one minute.")]})
    locks.take()
    # The community's row serialises the numbering.
    with locks.busy_when_locked():
        Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    newest = OrderWindow.objects.filter(community=community).aggregate(number=Max("number"))
    number = (newest["number"] or 0) + 1
    day = deliver_on or closes_at.astimezone(ZoneInfo(community.zone)).date()
    window = OrderWindow.objects.create(
        community=community,
        supplier=supplier,
        number=number,
        title=title or window_title(supplier=supplier.short_name, day=day, number=number),
        opens_at=opens_at,
        closes_at=closes_at,
        deliver_on=deliver_on,
        created_by=actor if isinstance(actor, User) else None,
        **rules,
    )
    who = Actor("user", actor.pk) if isinstance(actor, User) else actor
    audit.record(
        actor=who, action="window.drafted", subject=("window", window.pk), community_id=community.pk
    )
    join_community(window=window, community=community, actor=who)
    return window


def set_times(
    *,
    window: OrderWindow,
    opens_at: datetime,
    closes_at: datetime,
    deliver_on: date | None,
    actor: Actor,
) -> None:
    """Other times before the opening; a title that made itself follows. Raises Invalid, WindowPublished, Busy."""
    if closes_at <= opens_at:
        raise Invalid(fields={"closes_at": [_("The cutoff must be after the opening.")]})
    require_unpublished(window)
    window.refresh_from_db()
    own = window.title == _own_title(window)
    window.opens_at, window.closes_at, window.deliver_on = opens_at, closes_at, deliver_on
    if own:
        window.title = _own_title(window)
    window.save(update_fields=["opens_at", "closes_at", "deliver_on", "title"])
    audit.record(
        actor=actor,
        action="window.times_set",
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()},
    )


def _own_title(window: OrderWindow) -> str:
    day = window.deliver_on or window.closes_at.astimezone(ZoneInfo(window.community.zone)).date()
    return window_title(supplier=window.supplier.short_name, day=day, number=window.number)


def join_community(
    *, window: OrderWindow, community: Community, actor: Actor, minimum: int = 0
) -> WindowCommunity:
    """Another community buys in the window too. Raises WindowPublished."""
    require_unpublished(window)
    joined = WindowCommunity.objects.create(window=window, community=community, minimum=minimum)
    audit.record(
        actor=actor,
        action="window.joined",
        subject=("window", window.pk),
        community_id=community.pk,
    )
    return joined


def offer_products(
    *, window: OrderWindow, products: Iterable[Product], actor: Actor
) -> list[Offer]:
    """Put products on the menu at their present price; short numbers go on counting. Returns the new offers; what is
    on the menu already is left as it is.

    Raises ForeignProduct, WindowPublished.
    """
    require_unpublished(window)
    last = Offer.objects.filter(window=window).aggregate(number=Max("short_number"))["number"] or 0
    # Read after the window's lock: a second click finds what the first one put there.
    there = set(Offer.objects.filter(window=window).values_list("product_id", flat=True))
    offers: list[Offer] = []
    fresh = (product for product in products if product.pk not in there)
    for number, product in enumerate(fresh, start=last + 1):
        if product.supplier_id != window.supplier_id or not product.is_active:
            raise ForeignProduct(fields={"product": str(product.public_id)})
        offers.append(offer_at(window=window, product=product, number=number))
    if not offers:
        return offers
    Offer.objects.bulk_create(offers)
    audit.record(
        actor=actor,
        action="window.offers_added",
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"offers": [offer.pk for offer in offers]},
    )
    return offers


def offer_at(*, window: OrderWindow, product: Product, number: int) -> Offer:
    """Not saved yet: the product as the catalogue has it now, under this short number."""
    return Offer(
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
        order_multiple=product.order_multiple,
        minimum=product.minimum,
    )


def limit_offers(
    *, window: OrderWindow, limits: Mapping[int, tuple[int | None, int | None]], actor: Actor
) -> None:
    """Cap and limit per household of many offers at once, by product id; before the opening. Raises WindowPublished."""
    require_unpublished(window)
    offers = list(Offer.objects.filter(window=window, product__in=limits).order_by("pk"))
    for offer in offers:
        offer.cap, offer.household_limit = limits[offer.product_id]
    Offer.objects.bulk_update(offers, ["cap", "household_limit"])
    audit.record(
        actor=actor,
        action="window.offers_limited",
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"offers": [offer.pk for offer in offers]},
    )


_SETTABLE = {"cap", "household_limit", "is_active", "price_fen", "order_multiple", "minimum"}


def set_offer(*, offer: Offer, actor: Actor, reason: str = "", **changes: Any) -> None:
    """Change cap, household_limit, is_active, price_fen, order_multiple or minimum before the opening.

    While the window is open only an existing cap may change, not below what is taken, and with a reason the limit per
    household: it counts for what is ordered from then on. Raises WindowPublished, CapTooLow, Invalid (no reason).
    """
    if unknown := set(changes) - _SETTABLE:
        raise TypeError(f"not settable: {unknown}")
    window = _lock(offer.window_id)
    offer.refresh_from_db()
    if window.status not in UNPUBLISHED:
        restock = "cap" not in changes or None not in (changes["cap"], offer.cap)
        if not restock or changes.keys() - {"cap", "household_limit"}:
            raise WindowPublished()
        _require_open(window)
        if "household_limit" in changes:
            _require_reason(reason)
    if changes.get("cap") is not None and changes["cap"] < offer.taken:
        raise CapTooLow(fields={"cap": offer.taken})
    Offer.objects.filter(pk=offer.pk).update(**changes)
    for name, value in changes.items():
        setattr(offer, name, value)
    audit.record(
        actor=actor,
        action="offer.changed",
        subject=("offer", offer.pk),
        community_id=window.community_id,
        data=changes | ({"reason": reason.strip()[:200]} if reason else {}),
    )


def require_limitable(window: OrderWindow, *, reason: str) -> None:
    """Take the window lock and re-read: limits are set before the opening, or while it is open with a reason. Raises
    WindowPublished, Invalid.
    """
    locked = _lock(window.pk)
    if locked.status not in UNPUBLISHED:
        _require_open(locked)
        _require_reason(reason)


def _require_open(window: OrderWindow) -> None:
    if window.status != WindowStatus.OPEN:
        raise WindowPublished()


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please write why: the history keeps it.")]})


def require_unpublished(window: OrderWindow) -> None:
    """Take the window lock and re-read: raises WindowPublished once it has been opened."""
    if _lock(window.pk).status not in UNPUBLISHED:
        raise WindowPublished()


def _lock(window_id: int) -> OrderWindow:
    """Exclusive: nobody orders by the old price or opens the window while it changes."""
    locks.take(exclusive=[locks.key(Namespace.WINDOW, window_id)])
    return OrderWindow.objects.get(pk=window_id)
