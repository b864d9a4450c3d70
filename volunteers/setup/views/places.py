"""A new community, how far it is set up, whom its residents call."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communities.access import access_community, communities_of, regions_of
from communities.console import actor_of, page, user_of
from communities.models import Building, Community
from communities.places import create_community, set_contact
from communities.roles import COORDINATORS, Role
from communities.roster.checking import check
from config.kernel import idempotency
from config.kernel.errors import DomainError, Forbidden
from config.kernel.idempotency import KeyReused, Stored, request_hash
from volunteers.desk.entry import act
from volunteers.setup.forms import CommunityForm, ContactForm

_SHOWN = 30


@page
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The communities whose register one keeps: none for most."""
    user = user_of(request)
    rows = communities_of(user, COORDINATORS).select_related("region").order_by("name", "pk")
    may_add = regions_of(user, {Role.COMMITTEE}).exists()
    # An empty database: a community needs a region, and only the first account can make one.
    lacks_region = user.is_superuser and not may_add
    context = {"communities": rows, "may_add": may_add, "lacks_region": lacks_region}
    return render(request, "setup/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not regions_of(user, {Role.COMMITTEE}).exists():
        raise Forbidden()
    form = CommunityForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("setup:homes", _create_once(request, form.cleaned_data))
        except KeyReused:
            form.add_error(None, _("This form was sent already: the community is in the list."))
        except DomainError as error:
            form.add_error(None, error.sentence)
        except IntegrityError:
            form.add_error("name", _("The region has a community of this name already."))
    once = request.POST.get("once") or uuid.uuid4().hex
    return render(request, "setup/new.html", {"form": form, "once": once})


def _create_once(request: HttpRequest, cleaned: dict[str, Any]) -> str:
    """Public id of the new community; of the first one if the same page is sent twice."""
    principal, key = f"user:{user_of(request).pk}", f"setup-{request.POST.get('once', '')}"
    digest = request_hash("POST", request.path, {k: str(v) for k, v in cleaned.items()})
    rest = dict(cleaned)
    contact = {name: rest.pop(name) for name in ("service_name", "service_phone")}
    with transaction.atomic(durable=True):
        first = idempotency.begin(principal=principal, key=key, digest=digest)
        if first is not None:
            return first.body.decode()
        actor = actor_of(request)
        community = create_community(actor=actor, **rest)
        set_contact(community=community, actor=actor, **contact)
        answer = Stored(201, str(community.public_id).encode())
        idempotency.store(principal=principal, key=key, digest=digest, answer=answer)
    return str(community.public_id)


@require_GET
@page
def show(request: HttpRequest, community_id: UUID) -> HttpResponse:
    """The steps of the first day, and what is odd in the register."""
    community = kept(request, community_id)
    found = check(community.pk)
    lists = {
        "beyond": found.beyond,
        "empty": found.empty,
        "care_without_phone": found.care_without_phone,
    }
    context = {
        "community": community,
        "found": found,
        "buildings": Building.objects.filter(community=community).order_by("sort_key", "pk"),
        "gaps": found.gaps[:_SHOWN],
        "twins": found.twins[:_SHOWN],
        **{name: doors[:_SHOWN] for name, doors in lists.items()},
        **{f"more_{name}": max(0, len(doors) - _SHOWN) for name, doors in lists.items()},
    }
    return render(request, "setup/community.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def contact(request: HttpRequest, community_id: UUID) -> HttpResponse:
    community = kept(request, community_id)
    initial = {
        "service_name": community.service_name,
        "service_phone": community.service_phone,
    }
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act(
            request,
            lambda: set_contact(community=community, actor=actor_of(request), **given),
            done=_("Saved."),
        )
        return redirect("setup:community", community.public_id)
    return render(request, "setup/contact.html", {"community": community, "form": form})


def kept(request: HttpRequest, community_id: UUID) -> Community:
    """A community whose register the person keeps. Raises NotFound, Forbidden."""
    return access_community(user_of(request), public_id=community_id, roles=COORDINATORS)
