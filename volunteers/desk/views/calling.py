"""Who has to be called: care households before the cutoff, and everybody who asked to be called back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from communities.access import communities_of
from communities.console import user_of
from communities.models import Household
from communities.roles import HANDS
from config.kernel import clock
from config.kernel.errors import DomainError, Forbidden
from config.kernel.states import StaleStatus
from orders.access import access_window_bought_in
from orders.models import OrderWindow
from volunteers.calling.calls import TakenByAnother, care_call, end_call, note_call, take_call
from volunteers.desk import homes, selectors
from volunteers.desk.calling import CallForm, access_call, calls_to_return, rounds_for
from volunteers.desk.entry import act, back_to, number_of, page, text_of
from volunteers.desk.writing_down import mode_of
from volunteers.models import PhoneCall

_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@page
def care(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Households that somebody has to ask, and have not ordered. POST takes the call to one, or tells how it went."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=HANDS)
    if request.method == "POST":
        given = request.POST.get("household", "")
        household = homes.access_home(window, request, given=given)
        return _care_call(request, window, household)
    first = max(0, number_of(request.GET.get("page", "1")) - 1) * _PER_PAGE
    rows = selectors.silent_care_homes(window, request, first=min(first, 10**6), most=_PER_PAGE)
    total = rows[0].total if rows else 0  # type: ignore[attr-defined]
    context = {
        "window": window,
        "leads": homes.leads(window, request),
        "zone": window.community.zone,
        "mode": mode_of(window, now=clock.now()),
        "rows": rows,
        "total": total,
        "later": first // _PER_PAGE + 2 if first + len(rows) < total else None,
        "outcomes": PhoneCall.Outcome.choices,
    }
    return render(request, "desk/care_page.html", context)


def _care_call(request: HttpRequest, window: OrderWindow, household: Household) -> HttpResponse:
    user = user_of(request)

    def call() -> PhoneCall:
        return care_call(window=window, household=household, actor=user)

    outcome = text_of(request.POST.get("outcome", ""))
    if outcome:
        act(request, lambda: end_call(call=call(), outcome=outcome, actor=user), done=_("Noted."))
        return back_to("care", window.public_id)
    taken = _take(request, call)
    if taken is None:
        return back_to("care", window.public_id)
    row, number = taken
    context = {
        "call": row,
        "number": number,
        "window": window,
        "household": household,
        "people": household.residents.present().order_by("-is_contact", "-phone_masked", "pk"),
        "outcomes": PhoneCall.Outcome.choices,
    }
    return render(request, "desk/call.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def calls(request: HttpRequest) -> HttpResponse:
    """Calls to be returned, in all of the person's communities; POST notes one more."""
    user = user_of(request)
    if not communities_of(user, HANDS).exists():
        raise Forbidden()
    form = CallForm(request.POST or None, request=request, now=clock.now())
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            with transaction.atomic(durable=True):
                note_call(
                    community=chosen["community"],
                    household=chosen["household"],
                    caller=form.caller,
                    actor=user,
                )
        except DomainError as error:
            for name, sentences in error.fields.items():
                form.add_error(name, sentences)
        else:
            messages.success(request, _("Noted: to be called back."))
            return back_to("calls")
    shown = Paginator(calls_to_return(request), _PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": shown, "now": clock.now()}
    return render(request, "desk/calls.html", context)


@require_POST
@page
def call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Take a call that is to be returned: its number, to be called now; or tell how it went."""
    row = access_call(request, public_id=call_id)
    user = user_of(request)
    outcome = text_of(request.POST.get("outcome", ""))
    if outcome:
        act(request, lambda: end_call(call=row, outcome=outcome, actor=user), done=_("Noted."))
        return back_to("calls")
    taken = _take(request, lambda: row)
    if taken is None:
        return back_to("calls")
    context = {
        "call": row,
        "number": taken[1],
        "household": row.household,
        "rounds": rounds_for(row.household, now=clock.now()),
        "people": row.household.residents.present().order_by("-is_contact", "-phone_masked", "pk")
        if row.household
        else (),
        "outcomes": PhoneCall.Outcome.choices,
    }
    return render(request, "desk/call.html", context)


def _take(request: HttpRequest, find: Callable[[], PhoneCall]) -> tuple[PhoneCall, str] | None:
    """The call and its number; None, and a sentence on the next page, if somebody else is at it."""
    try:
        with transaction.atomic(durable=True):
            row = find()
            return row, take_call(call=row, actor=user_of(request))
    except (TakenByAnother, StaleStatus) as error:
        messages.warning(request, error.sentence)
        return None
