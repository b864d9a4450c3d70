"""Orders for people on the telephone: door, lines, read back, save, next call. Plain forms; a script hurries them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communities.console import actor_of, user_of
from communities.models import Household
from communities.roles import HANDS
from config.kernel import clock, idempotency
from config.kernel.errors import DomainError, Forbidden, NotFound
from config.kernel.idempotency import Stored, request_hash
from orders.access import access_window_bought_in
from orders.models import Offer, Order, OrderWindow, ProxyWish
from orders.placing.errors import OrderChanged, OrderNotPlaced, TotalDiffers
from orders.placing.placing import PlacedOrder, cancel_order, change_order
from orders.placing.proxy import place_proxy_order
from orders.supply.adding import add_late_order
from volunteers.desk import homes
from volunteers.desk.entry import act, number_of, page, text_of
from volunteers.desk.writing_down import (
    Draft,
    Mode,
    Reading,
    draft_from,
    draft_of,
    mode_of,
    proxy_of,
    read_lines,
    refused,
)
from volunteers.sheets.order_form import FormGoods, OrderForm, write_order_form_pdf


@require_http_methods(["GET", "HEAD", "POST"])
@page
def entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Without a home: which door? With one: what do they want? POST reads back, saves, or takes an order back."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=HANDS)
    given = request.POST.get("home") or request.GET.get("home")
    if not given:
        return _doors(request, window)
    household = homes.access_home(window, request, given=given)
    if request.method != "POST":
        draft = Draft(**_road(request), once=uuid.uuid4().hex)
        return _form(request, window, household, draft)
    # What the page proposes instead is read back at once.
    asked = request.POST.get("step") or ("read" if "instead" in request.POST else "")
    step = {"read": _read, "save": _save, "cancel": _cancel, "change": _change}.get(asked)
    if step is None:
        return _form(request, window, household, draft_of(request.POST))
    return step(request, window, household)


@require_GET
@page
def doors(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the page's script asks while a door is being typed."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=HANDS)
    found = homes.homes_found(homes.homes_of(window, request), _typed(request), window=window)
    rows = [
        {
            "door": f"{home.building.label} {home.room}",
            "place": "" if home.community_id == window.community_id else home.community.name,
            "is_whole": home.is_whole,  # type: ignore[attr-defined]
            "has_ordered": home.has_ordered,  # type: ignore[attr-defined]
            "address": _address(window, home=home.public_id, **_road(request)),
        }
        for home in found
    ]
    return JsonResponse({"homes": rows})


@require_GET
@page
def order_form(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The menu in large print, with boxes: nothing of anybody is on it."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=HANDS)
    form = OrderForm(
        community_name=homes.own_place(window, request).name,
        window_title=window.title,
        closes_at=window.closes_at.astimezone(ZoneInfo(window.community.zone)),
        deliver_on=window.deliver_on,
        goods=[
            FormGoods(row.short_number, row.name, row.spec, row.unit, row.price_fen)
            for row in homes.menu_of(window)
        ],
    )
    content = write_order_form_pdf(form, "en" if get_language() == "en" else "zh-hans")
    return HttpResponse(content, content_type="application/pdf")


def _doors(request: HttpRequest, window: OrderWindow) -> HttpResponse:
    typed = _typed(request)
    found = homes.homes_meant(homes.homes_of(window, request), typed, window=window)
    whole = [home for home in found if home.is_whole]  # type: ignore[attr-defined]
    if len(whole) == 1:
        return redirect(_address(window, home=whole[0].public_id, **_road(request)))
    context = {
        "window": window,
        "leads": homes.leads(window, request),
        "mode": mode_of(window, now=clock.now()),
        "typed": typed,
        "found": found,
        "road": _road(request).get("road", ProxyWish.Road.PHONE),
        "roads": ProxyWish.Road.choices,
    }
    return render(request, "desk/entry.html", context)


def _form(
    request: HttpRequest,
    window: OrderWindow,
    household: Household,
    draft: Draft,
    *,
    reading: Reading | None = None,
) -> HttpResponse:
    """Twelve statements beside those of the access, whatever the household has ordered."""
    context = {
        "window": window,
        "zone": window.community.zone,
        "mode": mode_of(window, now=clock.now()),
        "household": household,
        "home": homes.home_card(window, household),
        "menu": _menu(window, household, draft),
        "draft": draft,
        "reading": reading,
        "roads": ProxyWish.Road.choices,
        "askers": ProxyWish.Asker.choices,
        "payers": ProxyWish.Payer.choices,
    }
    return render(request, "desk/entry_home.html", context)


def _read(request: HttpRequest, window: OrderWindow, household: Household) -> HttpResponse:
    """Read back, unless something is not clear."""
    draft = draft_of(request.POST)
    reading = read_lines(draft, _menu(window, household, draft))
    if mode_of(window, now=clock.now()) == Mode.LATE and not draft.reason:
        problems = [*reading.problems, _("Please say why it comes after the cutoff.")]
        reading = replace(reading, problems=problems)
    if reading.problems:
        return _form(request, window, household, draft, reading=reading)
    return _read_back(request, window, household, draft, reading)


def _read_back(
    request: HttpRequest,
    window: OrderWindow,
    household: Household,
    draft: Draft,
    reading: Reading,
) -> HttpResponse:
    context = {
        "window": window,
        "mode": mode_of(window, now=clock.now()),
        "household": household,
        "draft": draft,
        "reading": reading,
    }
    return render(request, "desk/entry_read.html", context)


def _save(request: HttpRequest, window: OrderWindow, household: Household) -> HttpResponse:
    """Nothing that was typed is lost by a refusal; the same call saved twice is one order."""
    draft = draft_of(request.POST)
    reading = read_lines(draft, _menu(window, household, draft))
    if reading.problems:
        return _form(request, window, household, draft, reading=reading)
    try:
        number = _write_once(request, window, household, draft, reading)
    except (NotFound, Forbidden):
        raise
    except TotalDiffers:
        messages.warning(request, _("A price has changed. Please read it out once more."))
        return _read_back(request, window, household, draft, reading)
    except (OrderChanged, OrderNotPlaced) as error:
        messages.warning(request, error.sentence)
        return redirect(_address(window, home=household.public_id, road=draft.road))
    except DomainError as error:
        return _form(request, window, household, draft, reading=refused(reading, error))
    names = {"door": f"{household.building.label} {household.room}", "number": number}
    messages.success(request, _("Saved: %(door)s, no. %(number)s. Next call.") % names)
    return redirect(_address(window, road=draft.road))


def _write_once(
    request: HttpRequest, window: OrderWindow, household: Household, draft: Draft, reading: Reading
) -> str:
    """The number of the order; of the first one if the same page is sent twice. Raises what the verbs raise, and
    KeyReused if another order was saved from this page before.
    """
    principal, key = f"user:{user_of(request).pk}", f"desk-{draft.once}"
    total_fen = number_of(request.POST.get("total", ""))
    data = {**draft.as_dict(), "home": str(household.public_id), "total": total_fen}
    digest = request_hash("POST", request.path, data)
    verb = _verb(window, household, draft, reading)
    with transaction.atomic(durable=True):
        first = idempotency.begin(principal=principal, key=key, digest=digest)
        if first is not None:
            return first.body.decode()
        placed = verb(actor=actor_of(request), expected_total_fen=total_fen)
        answer = Stored(201, str(placed.number).encode())
        idempotency.store(principal=principal, key=key, digest=digest, answer=answer)
    return str(placed.number)


def _verb(
    window: OrderWindow, household: Household, draft: Draft, reading: Reading
) -> Callable[..., PlacedOrder]:
    """What saving does: change an order, add one late, or place one."""
    if draft.changes:
        order = _written_down(window, household, draft.changes)
        return partial(
            change_order,
            order=order,
            wishes=reading.wishes_instead_of(order.lines.all()),
            note=draft.note,
            expected_version=number_of(draft.seen),
        )
    verb: Callable[..., PlacedOrder] = place_proxy_order
    if mode_of(window, now=clock.now()) == Mode.LATE:
        verb = partial(add_late_order, reason=draft.reason)
    return partial(
        verb,
        window_id=window.pk,
        household=household,
        wishes=reading.wishes,
        proxy=proxy_of(draft, zone=window.community.zone, now=clock.now()),
    )


def _menu(window: OrderWindow, household: Household, draft: Draft) -> list[Offer]:
    order = _written_down(window, household, draft.changes) if draft.changes else None
    return homes.menu_of(window, household, changing=order)


def _written_down(window: OrderWindow, household: Household, number: str) -> Order:
    """An order that somebody wrote down for the household; what it ordered itself is its own. Raises NotFound."""
    rows = Order.objects.filter(window=window, household=household, proxy__isnull=False)
    order = rows.filter(number=number_of(number)).first()
    if order is None:
        raise NotFound()
    return order


def _change(request: HttpRequest, window: OrderWindow, household: Household) -> HttpResponse:
    """Somebody rings again: what was written down stands in the form, to be changed and read back anew."""
    order = _written_down(window, household, request.POST.get("number", ""))
    road = _road(request).get("road", ProxyWish.Road.PHONE)
    return _form(request, window, household, draft_from(order, road=road))


def _cancel(request: HttpRequest, window: OrderWindow, household: Household) -> HttpResponse:
    """Take back an order that somebody wrote down for the household, while the window is open."""
    order = _written_down(window, household, request.POST.get("number", ""))
    reason = text_of(request.POST.get("reason", ""))
    act(
        request,
        lambda: cancel_order(order=order, actor=actor_of(request), reason=reason),
        done=_("The order was taken back."),
    )
    return redirect(_address(window, home=household.public_id, **_road(request)))


def _typed(request: HttpRequest) -> str:
    return text_of(request.GET.get("q", ""))[:40]


def _road(request: HttpRequest) -> dict[str, str]:
    """By which road the calls of this sitting come: kept from one to the next."""
    given = request.GET.get("road", "")
    return {"road": given} if given in ProxyWish.Road.values else {}


def _address(window: OrderWindow, **query: object) -> str:
    address = reverse("desk:entry", args=[window.public_id])
    return f"{address}?{urlencode(query)}" if query else address
