"""The goods are there: whose, and where they can be fetched."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.console import actor_of, user_of
from communities.roles import HANDS
from config.kernel.errors import NotFound
from orders.access import access_window_bought_in
from orders.notices.arriving import is_expected, tell_arrivals
from volunteers.desk import homes
from volunteers.desk.arriving import ArrivalForm, gate_of
from volunteers.desk.entry import act, page


@require_http_methods(["GET", "HEAD", "POST"])
@page
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Buildings to which goods go, those that were told with the time; POST tells the ticked ones."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=HANDS)
    ticked = request.POST.getlist("building")
    gate = gate_of(window, request, given=request.GET.get("community", ""), ticked=ticked)
    posted = request.POST if request.method == "POST" else None
    form = ArrivalForm(posted, last=gate.last_place if gate else "")
    if ticked and gate is None:
        raise NotFound()
    if request.method == "POST" and gate is not None:
        waves = gate.waves(ticked)
        if not waves:
            form.add_error(None, _("Please tick buildings to which goods go."))
        if form.is_valid():
            act(
                request,
                lambda: tell_arrivals(
                    window=window,
                    community=gate.community,
                    waves=waves,
                    place=form.said,
                    actor=actor_of(request),
                ),
                done=_("Told: whoever ordered there has a message now."),
            )
            return redirect(request.get_full_path())
    context = {
        "window": window,
        "zone": window.community.zone,
        "leads": homes.leads(window, request),
        "is_expected": is_expected(window),
        "gate": gate,
        "form": form,
        "ticked": ticked,
        "again": gate is not None and any(house.value in ticked for house in gate.told),
    }
    return render(request, "desk/arriving.html", context)
