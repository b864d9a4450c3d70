"""What to say in a WeChat group, which has no robot: the text to copy and the picture to send."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.console import user_of
from communities.models import Community
from communities.roles import STAFF
from config.kernel import clock
from config.kernel.errors import NotFound
from orders.access import access_window_bought_in
from orders.files.as_picture import Notice, write_picture
from orders.models import OrderWindow
from orders.notices import announcing
from orders.notices.announcing import AT_A_PLACE, NAMES, Kind
from volunteers.desk import homes
from volunteers.desk.entry import page
from volunteers.desk.forms import PlaceForm
from volunteers.setup.phone_page import Reach, phone_page, reach_of


@require_GET
@page
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=STAFF)
    kinds = announcing.kinds_for(window, now=clock.now())
    leads = homes.leads(window, request)
    places = [] if leads else _places(request, window)
    context: dict[str, object] = {"window": window, "leads": leads}
    if kinds:
        place = _place(request, places)
        kind, form, notice = _asked_for(request, window, kinds, place)
        context |= {
            "places": places,
            "place": place,
            "kind": kind,
            "names": [(one.value, NAMES[one], one == kind) for one in kinds],
            "form": form,
            "text": announcing.as_text(notice),
            "query": urlencode(
                {"kind": kind, **_named(place), **(form.given if form else {})},
            ),
        }
    return render(request, "desk/notices.html", context)


@require_GET
@page
def picture(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same as a PNG. It names nobody, so no audit notes who took it."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=STAFF)
    kinds = announcing.kinds_for(window, now=clock.now())
    if not kinds:
        raise NotFound()
    places = [] if homes.leads(window, request) else _places(request, window)
    kind, _form, notice = _asked_for(request, window, kinds, _place(request, places))
    headers = {"Content-Disposition": f'inline; filename="{kind}.png"'}
    return HttpResponse(write_picture(notice), content_type="image/png", headers=headers)


def _places(request: HttpRequest, window: OrderWindow) -> list[Community]:
    """In whose names one who does not lead the round may speak."""
    return [row.community for row in homes.joined_by_own(window, request, STAFF)]


def _place(request: HttpRequest, places: list[Community]) -> Community | None:
    """The one that was chosen, else the first; None: the round's own notice, for whoever leads it."""
    chosen = request.GET.get("community", "")
    named = (one for one in places if str(one.public_id) == chosen)
    return next(named, places[0] if places else None)


def _named(place: Community | None) -> dict[str, object]:
    return {"community": place.public_id} if place else {}


def _asked_for(
    request: HttpRequest, window: OrderWindow, kinds: list[Kind], place: Community | None
) -> tuple[Kind, PlaceForm | None, Notice]:
    """The kind that was chosen, else the most timely; a wrong place is shown beside its field and left out."""
    chosen = request.GET.get("kind", "")
    kind = next((one for one in kinds if one == chosen), kinds[0])
    form = None
    if kind in AT_A_PLACE:
        form = PlaceForm(request.GET, buildings=announcing.buildings_of(window, place))
    where = form.where if form else None
    site = phone_page(request)
    # Nobody else can open an address of this machine alone.
    page = "" if reach_of(site) == Reach.HERE else site
    notice = announcing.announce(
        window, kind, now=clock.now(), where=where, community=place, page=page
    )
    return kind, form, notice
