"""Who is asking: the door of the console, and the person behind a request, his roles and communities, read once."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from communities.access import Node, communities_at
from communities.models import Community, Membership, User
from communities.roles import Role
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Forbidden

View = Callable[..., HttpResponse]


def user_of(request: HttpRequest) -> User:
    """The account that is signed in. Raises PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def page(view: View) -> View:
    """A page beside the admin's own, for accounts that may enter the console; what they see there the access functions
    decide. NotFound, Forbidden and the like become a page with that status: the template is the desk's, found by name.
    """

    @wraps(view)
    @never_cache
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        try:
            if not user_of(request).is_staff:
                raise Forbidden()
            return view(request, *args, **kwargs)
        except DomainError as error:
            return render(request, "desk/refused.html", {"error": error}, status=error.status)

    return wrapper


def actor_of(request: HttpRequest) -> Actor:
    return Actor("user", user_of(request).pk)


def roles_of(request: HttpRequest) -> frozenset[Role]:
    """Every role the person holds now, wherever; read once per request. A superuser holds all,
    nobody (the log-in page asks too) none.
    """
    user = request.user
    if not isinstance(user, User):
        return frozenset()
    if user.is_superuser:
        return frozenset(Role)
    return frozenset(role for role, _community, _path in _held(request))


def community_ids(request: HttpRequest, roles: Collection[Role]) -> list[int]:
    """Ids of the communities where the person holds one of the roles; read once per request and set of places, and
    without a statement of its own where no role is held in a region above.
    """
    known: dict[frozenset[Node] | None, list[int]] = getattr(request, "_console_communities", {})
    nodes = _nodes(request, roles)
    if nodes not in known:
        known[nodes] = _communities(nodes)
        request._console_communities = known  # type: ignore[attr-defined]
    return known[nodes]


def _nodes(request: HttpRequest, roles: Collection[Role]) -> frozenset[Node] | None:
    """None: everywhere."""
    if user_of(request).is_superuser:
        return None
    return frozenset((community, path) for role, community, path in _held(request) if role in roles)


def _communities(nodes: frozenset[Node] | None) -> list[int]:
    if nodes is not None and not any(path for _community, path in nodes):
        return sorted({community for community, _path in nodes if community})
    found = Community.objects.all() if nodes is None else communities_at(nodes)
    return list(found.values_list("pk", flat=True))


def _held(request: HttpRequest) -> list[tuple[Role, int | None, str | None]]:
    """The live roles of whoever asks: in which community, or in which region (its path). Read once per request."""
    held: list[tuple[Role, int | None, str | None]] | None
    held = getattr(request, "_console_held", None)
    if held is None:
        live = Membership.objects.live().filter(user=user_of(request))
        rows = live.values_list("role", "community_id", "region__path")
        held = [(Role(role), community, path) for role, community, path in rows]
        request._console_held = held  # type: ignore[attr-defined]
    return held


def in_own_homes(
    request: HttpRequest, roles: Collection[Role], *, building: str = "building_id"
) -> Q:
    """A rule for rows below buildings: a role in the community, or leading the very building. `building` is the
    path to the building's id; its community's lies beside it.
    """
    community = building.removesuffix("building_id") + "community_id"
    rule = Q(
        **{f"{community}__in": community_ids(request, frozenset(roles) - {Role.BUILDING_LEADER})}
    )
    if Role.BUILDING_LEADER in roles:
        led = Membership.objects.live().filter(user=user_of(request), role=Role.BUILDING_LEADER)
        rule |= Q(**{f"{building}__in": led.values("building_id")})
    return rule


def number_of(given: str) -> int:
    """A row's number as a page sends it; 0, which no row has, for anything else. Python reads no 5000 digits."""
    return int(given) if given.isdecimal() and len(given) <= 18 else 0


def refusal(error: DomainError) -> str:
    """What a person reads: the sentences about single fields, or else the error's own."""
    details = [
        str(text) for texts in error.fields.values() if isinstance(texts, list) for text in texts
    ]
    return " ".join(details) or error.sentence
