"""What to say in a WeChat group, which has no robot: the text to copy and the picture to send."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.console import user_of
from communities.roles import STAFF
from config.kernel import clock
from config.kernel.errors import NotFound
from orders.access import access_window
from orders.files.as_picture import Notice, write_picture
from orders.models import OrderWindow
from orders.notices import announcing
from orders.notices.announcing import AT_A_PLACE, NAMES, Kind
from volunteers.desk.entry import page
from volunteers.desk.forms import PlaceForm
from volunteers.setup.phone_page import Reach, phone_page, reach_of


@require_GET
@page
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    kinds = announcing.kinds_for(window, now=clock.now())
    context: dict[str, object] = {"window": window}
    if kinds:
        kind, form, notice = _asked_for(request, window, kinds)
        context |= {
            "kind": kind,
            "names": [(one.value, NAMES[one], one == kind) for one in kinds],
            "form": form,
            "text": announcing.as_text(notice),
            "query": urlencode({"kind": kind, **(form.given if form else {})}),
        }
    return render(request, "desk/notices.html", context)


@require_GET
@page
def picture(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same as a PNG. It names nobody, so no audit notes who took it."""
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    kinds = announcing.kinds_for(window, now=clock.now())
    if not kinds:
        raise NotFound()
    kind, _form, notice = _asked_for(request, window, kinds)
    headers = {"Content-Disposition": f'inline; filename="{kind}.png"'}
    return HttpResponse(write_picture(notice), content_type="image/png", headers=headers)


def _asked_for(
    request: HttpRequest, window: OrderWindow, kinds: list[Kind]
) -> tuple[Kind, PlaceForm | None, Notice]:
    """The kind that was chosen, else the most timely; a wrong place is shown beside its field and left out."""
    chosen = request.GET.get("kind", "")
    kind = next((one for one in kinds if one == chosen), kinds[0])
    form = None
    if kind in AT_A_PLACE:
        form = PlaceForm(request.GET, buildings=announcing.buildings_of(window))
    where = form.where if form else None
    site = phone_page(request)
    # Nobody else can open an address of this machine alone.
    page = "" if reach_of(site) == Reach.HERE else site
    notice = announcing.announce(window, kind, now=clock.now(), where=where, page=page)
    return kind, form, notice
