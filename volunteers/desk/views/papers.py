"""Files handed to people of the community. Every download is an export, and the audit keeps it."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.console import actor_of, in_own_homes, user_of
from communities.models import Community
from communities.roles import HANDS, STAFF
from config.kernel import audit, clock
from config.kernel.errors import NotFound
from orders.access import access_window
from orders.models import OrderFile, OrderWindow
from volunteers.desk import picking, selectors
from volunteers.desk.entry import page
from volunteers.models import PickListFile


@require_GET
@page
def order_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of a revision: totals only, no doors."""
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    return _hand_out(request, window, _order_file(window, file_id), "supplier_order")


@require_GET
@page
def text(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """The text for a chat, to be copied."""
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    file = _order_file(window, file_id)
    if file.format != "txt":
        raise NotFound()
    context = {"window": window, "file": file, "text": bytes(file.content).decode("utf-8-sig")}
    return render(request, "desk/text.html", context)


@require_GET
@page
def lists(request: HttpRequest, public_id: UUID, community_id: UUID) -> HttpResponse:
    """The pick lists of one community of a round that has many."""
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    community = Community.objects.filter(joined__window=window, public_id=community_id).first()
    if community is None:
        raise NotFound()
    context = {
        "window": window,
        "community": community,
        "facts": selectors.facts_of(
            window, user=user_of(request), now=clock.now(), with_totals=False
        ),
        "lists": picking.lists_shown(window, request, community=community),
    }
    return render(request, "desk/lists_page.html", context)


@require_GET
@page
def sheet(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A sheet of a pick list: it names doors, so only for hands of that community, a leader for his building."""
    window = access_window(user_of(request), public_id=public_id, roles=HANDS)
    sheets = PickListFile.objects.filter(pick_list__window=window, public_id=file_id)
    if not user_of(request).is_superuser:
        sheets = sheets.filter(in_own_homes(request, HANDS, building="pick_list__building_id"))
    file = sheets.first()
    if file is None:
        raise NotFound()
    return _hand_out(request, window, file, "pick_list")


def _order_file(window: OrderWindow, file_id: UUID) -> OrderFile:
    file = OrderFile.objects.filter(supplier_order__window=window, public_id=file_id).first()
    if file is None:
        raise NotFound()
    return file


def _hand_out(
    request: HttpRequest, window: OrderWindow, file: OrderFile | PickListFile, kind: str
) -> HttpResponse:
    with transaction.atomic(durable=True):
        audit.record(
            actor=actor_of(request),
            action="file.downloaded",
            subject=("window", window.pk),
            community_id=window.community_id,
            data={"kind": kind, "file": file.pk, "name": file.name, "sha256": file.sha256},
        )
    # A phone shows a PDF at once; everything else is saved.
    manner = "inline" if file.format == "pdf" else "attachment"
    return HttpResponse(
        bytes(file.content),
        content_type=file.media_type,
        headers={
            "Content-Disposition": f"{manner}; filename*=UTF-8''{quote(file.name)}",
            "ETag": f'"{file.sha256}"',
        },
    )
