"""Files handed to people of the community. Every download is an export, and the audit keeps it."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.console import actor_of, community_ids, in_own_homes, user_of
from communities.models import Community
from communities.roles import HANDS, STAFF
from config.kernel import audit, clock
from config.kernel.errors import NotFound
from orders.access import access_window, access_window_bought_in
from orders.models import OrderFile, OrderWindow
from volunteers.desk import homes, picking, selectors
from volunteers.desk.entry import page
from volunteers.models import PickListFile


@require_GET
@page
def order_file(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A file of a revision: totals only, no doors."""
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    file = _order_file(window, file_id)
    return _hand_out(request, window, file, "supplier_order", community_id=window.community_id)


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
    """The pick lists of one community of a round that has many; who does not lead it sees those of his own."""
    user = user_of(request)
    window = access_window_bought_in(user, public_id=public_id, roles=STAFF)
    leads = homes.leads(window, request)
    buying = Community.objects.filter(joined__window=window)
    if not leads:
        buying = buying.filter(pk__in=community_ids(request, STAFF))
    community = buying.filter(public_id=community_id).first()
    if community is None:
        raise NotFound()
    own, now = [community.pk], clock.now()
    if leads:
        facts = selectors.facts_of(window, user=user, now=now, with_totals=False)
    else:
        facts = selectors.facts_joined(window, request, communities=own, now=now)
    context = {
        "window": window,
        "leads": leads,
        "community": community,
        "facts": facts,
        "lists": picking.lists_shown(window, request, communities=own),
    }
    return render(request, "desk/lists_page.html", context)


@require_GET
@page
def sheet(request: HttpRequest, public_id: UUID, file_id: UUID) -> HttpResponse:
    """A sheet of a pick list: it names doors, so only for hands of that community, a leader for his building."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=HANDS)
    sheets = PickListFile.objects.filter(pick_list__window=window, public_id=file_id)
    if not user_of(request).is_superuser:
        sheets = sheets.filter(in_own_homes(request, HANDS, building="pick_list__building_id"))
    file = sheets.select_related("pick_list").first()
    if file is None:
        raise NotFound()
    at = file.pick_list.community_id
    return _hand_out(request, window, file, "pick_list", community_id=at)


def _order_file(window: OrderWindow, file_id: UUID) -> OrderFile:
    file = OrderFile.objects.filter(supplier_order__window=window, public_id=file_id).first()
    if file is None:
        raise NotFound()
    return file


def _hand_out(
    request: HttpRequest,
    window: OrderWindow,
    file: OrderFile | PickListFile,
    kind: str,
    *,
    community_id: int,
) -> HttpResponse:
    """`community_id`: in whose audit it stands, that of the doors on it."""
    with transaction.atomic(durable=True):
        audit.record(
            actor=actor_of(request),
            action="file.downloaded",
            subject=("window", window.pk),
            community_id=community_id,
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
