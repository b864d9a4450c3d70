"""Slips with codes, and posters. Made when asked for, kept nowhere."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.console import actor_of, number_of, page
from communities.joining.codes import with_code, without_code
from communities.models import Building, Community, Household
from config.kernel import audit, clock
from config.kernel.errors import NotFound
from orders.models import OrderWindow
from volunteers.desk.entry import act
from volunteers.setup.phone_page import phone_page, reach_of
from volunteers.setup.posters import open_windows, poster_of
from volunteers.setup.slips import print_slips
from volunteers.setup.views.places import kept
from volunteers.sheets.door_slips import DoorSlips, write_door_slips
from volunteers.sheets.poster import write_poster_pdf, write_poster_png


@require_http_methods(["GET", "HEAD", "POST"])
@page
def slips(request: HttpRequest, community_id: UUID) -> HttpResponse:
    """Choose households; POST renews their codes and answers with the paper, once."""
    community = kept(request, community_id)
    if request.method == "POST":
        chosen = _chosen(request, community)
        printed: list[DoorSlips] = []

        def verb() -> None:
            printed.append(
                print_slips(
                    community=community,
                    households=chosen,
                    page=phone_page(request),
                    actor=actor_of(request),
                    at=clock.now(),
                )
            )

        if not act(request, verb, done=""):
            return redirect("setup:slips", community.public_id)
        name = _("%(name)s codes.pdf") % {"name": community.name}
        return _paper(write_door_slips(printed[0], _language()), name, "application/pdf")
    homes = Household.objects.filter(is_active=True).order_by("sort_key", "pk")
    shown = Prefetch("households", homes, to_attr="shown")
    lived_in = Household.objects.filter(community=community, is_active=True)
    context = {
        "community": community,
        "buildings": _buildings(community).prefetch_related(shown),
        "good": with_code(lived_in).count(),
        "missing": without_code(lived_in).count(),
        **_address(request),
    }
    return render(request, "setup/slips.html", context)


def _chosen(request: HttpRequest, community: Community) -> QuerySet[Household]:
    """The households the form names: `what` is all, new, a building's id or a household's. Raises NotFound."""
    homes = Household.objects.filter(community=community)
    what, _dash, number = request.POST.get("what", "").partition("-")
    if what == "all":
        return homes
    if what == "new":
        return without_code(homes)
    if what == "building":
        return homes.filter(building=_building(community, number))
    if what == "household" and homes.filter(pk=number_of(number)).exists():
        return homes.filter(pk=number_of(number))
    raise NotFound()


@require_http_methods(["GET", "HEAD", "POST"])
@page
def poster(request: HttpRequest, community_id: UUID) -> HttpResponse:
    """Choose building, group buy and medium; POST answers with the poster."""
    community = kept(request, community_id)
    windows = list(open_windows(community).select_related("supplier"))
    if request.method != "POST":
        context = {
            "community": community,
            "windows": windows,
            "buildings": _buildings(community),
            **_address(request),
        }
        return render(request, "setup/poster.html", context)
    number = request.POST.get("building", "")
    sheet = poster_of(
        community,
        page=phone_page(request),
        at=clock.now(),
        building=_building(community, number) if number else None,
        window=_window(windows, request.POST.get("window", "")),
    )
    with transaction.atomic(durable=True):
        audit.record(
            actor=actor_of(request),
            action="poster.printed",
            subject=("community", community.pk),
            community_id=community.pk,
        )
    name = _("%(name)s poster") % {"name": f"{community.name} {sheet.building}".strip()}
    if request.POST.get("medium") == "png":
        return _paper(write_poster_png(sheet, _language()), f"{name}.png", "image/png")
    return _paper(write_poster_pdf(sheet, _language()), f"{name}.pdf", "application/pdf")


def _address(request: HttpRequest) -> dict[str, str]:
    """What stands on the paper, and whether residents' phones can open it."""
    address = phone_page(request)
    return {"address": address.split("://")[-1], "reach": reach_of(address)}


def _window(windows: list[OrderWindow], given: str) -> OrderWindow | None:
    """None for a poster without a menu. Raises NotFound for one that is not open here."""
    if not given:
        return None
    for window in windows:
        if str(window.public_id) == given:
            return window
    raise NotFound()


def _buildings(community: Community) -> QuerySet[Building]:
    return Building.objects.filter(community=community).order_by("sort_key", "pk")


def _building(community: Community, number: str) -> Building:
    building = Building.objects.filter(community=community, pk=number_of(number)).first()
    if building is None:
        raise NotFound()
    return building


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


def _paper(content: bytes, name: str, media_type: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": disposition, "Cache-Control": "no-store"},
    )
