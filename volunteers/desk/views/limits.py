"""How much of a kind of goods a household may have."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.console import actor_of, user_of
from communities.roles import COORDINATORS
from orders.access import access_window
from orders.models import OrderWindow
from orders.states import UNPUBLISHED, WindowStatus
from orders.windows.limits import categories_of, limits_of, set_category_limit
from volunteers.desk.entry import act, back_to, page
from volunteers.desk.forms import LimitsForm

_SETTABLE = {*UNPUBLISHED, WindowStatus.OPEN}


@require_http_methods(["GET", "HEAD", "POST"])
@page
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The kinds of goods on offer, each with its limit; POST sets them all."""
    window = access_window(user_of(request), public_id=public_id, roles=COORDINATORS)
    form = LimitsForm(
        request.POST or None,
        categories=categories_of(window),
        limits=limits_of(window),
        is_open=window.status == WindowStatus.OPEN,
    )
    if request.method == "POST" and form.is_valid():
        act(request, lambda: _set(request, window, form), done=_("Saved."))
        return back_to("offers", public_id)
    context = {"window": window, "form": form, "may_edit": window.status in _SETTABLE}
    return render(request, "desk/limits.html", context)


def _set(request: HttpRequest, window: OrderWindow, form: LimitsForm) -> None:
    was = limits_of(window)
    for category, pieces in form.limits.items():
        if pieces == was.get(category):
            continue
        set_category_limit(
            window=window,
            category=category,
            household_limit=pieces,
            actor=actor_of(request),
            reason=form.cleaned_data.get("reason", ""),
        )
