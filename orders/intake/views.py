"""Order lists in the console: the form for a new one, and those of before."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.access import communities_of
from communities.console import actor_of, page, user_of
from communities.importing.views import store_posted
from communities.models import Building, Community
from communities.roles import COORDINATORS
from config.kernel import clock
from config.kernel.errors import DomainError
from config.kernel.intake.models import Import
from config.kernel.intake.selectors import imports_of
from config.kernel.intake.uploads import store_upload
from orders.intake.access import access_joined
from orders.intake.chat import with_group
from orders.intake.desk import DESK
from orders.intake.world import KIND, SUBJECT
from orders.models import WindowCommunity


@require_http_methods(["GET", "HEAD", "POST"])
@page
def index(request: HttpRequest, window_id: UUID, community_id: UUID) -> HttpResponse:
    """Paste a list or upload a file; the earlier ones below."""
    joined = access_joined(user_of(request), window_id=window_id, community_id=community_id)
    buildings = Building.objects.filter(community=joined.community).order_by("sort_key")
    labels = list(buildings.values_list("label", flat=True))
    if request.method == "POST":
        upload = _store(request, joined, labels)
        if upload is not None:
            return redirect("intake:import", upload.public_id)
    context = {
        "joined": joined,
        "window": joined.window,
        "labels": labels,
        "others": _others(request, joined),
        "imports": imports_of(KIND, (SUBJECT, joined.pk))[:20],
        "text": request.POST.get("text", ""),
    }
    return render(request, "intake/index.html", context)


def _others(request: HttpRequest, joined: WindowCommunity) -> list[Community]:
    """Other communities of the group buy whose lists the person may bring in too."""
    mine = communities_of(user_of(request), COORDINATORS).filter(joined__window=joined.window_id)
    return list(mine.exclude(pk=joined.community_id).order_by("name"))


def _store(request: HttpRequest, joined: WindowCommunity, labels: list[str]) -> Import | None:
    """The import of what was pasted, else of the posted file; None, with a message, if there is nothing to read."""
    text = request.POST.get("text", "")
    if not text.strip():
        return store_posted(request, DESK, joined.pk)
    label = request.POST.get("group", "")
    content = with_group(text, label if label in labels else "").encode("utf-8", "replace")
    now = clock.now()
    try:
        with transaction.atomic(durable=True):
            return store_upload(
                kind=KIND,
                subject=(SUBJECT, joined.pk),
                filename=_("Chat list %(time)s")
                % {"time": f"{now.astimezone(ZoneInfo(joined.community.zone)):%m-%d %H:%M}"},
                content=content,
                actor=actor_of(request),
                at=now,
            )
    except DomainError as error:
        messages.error(request, error.sentence)
        return None
