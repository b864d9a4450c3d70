"""Rooms that do not exist: shown, chosen, shown again, taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from communities.console import actor_of, page
from communities.models import Building, Household
from communities.roster.cells import floor_and_door
from communities.roster.unmaking import take_back_homes, unused_homes
from volunteers.desk.entry import act
from volunteers.setup.views.places import kept


@dataclass
class Storey:
    """Rooms of one floor that could be taken back; `key` as the form names them. Floor None: numbers without one."""

    key: str
    floor: int | None
    homes: list[Household] = field(default_factory=list)


@dataclass
class Block:
    building: Building
    storeys: dict[int | None, Storey] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def unused(request: HttpRequest, community_id: UUID) -> HttpResponse:
    community = kept(request, community_id)
    wanted = set(request.POST.getlist("rooms"))
    homes = list(unused_homes(community.pk))
    chosen = [home for home in homes if wanted & {_key(home), f"home-{home.pk}"}]
    # As many as were shown: somebody may have moved in meanwhile.
    is_agreed = request.POST.get("count") == str(len(chosen))
    if chosen and is_agreed:
        count = len(chosen)
        act(
            request,
            lambda: take_back_homes(
                community=community, homes=[home.pk for home in chosen], actor=actor_of(request)
            ),
            done=ngettext("%(n)s room taken back.", "%(n)s rooms taken back.", count)
            % {"n": count},
        )
        return redirect("setup:community", community.public_id)
    context = {
        "community": community,
        "blocks": _blocks(homes),
        "chosen": _blocks(chosen),
        "wanted": wanted,
        "count": len(chosen),
    }
    return render(request, "setup/unused.html", context)


def _key(home: Household) -> str:
    place = floor_and_door(home.room)
    return f"floor-{home.building_id}-{place[0] if place else ''}"


def _blocks(homes: list[Household]) -> list[Block]:
    blocks: dict[int, Block] = {}
    for home in homes:
        place = floor_and_door(home.room)
        floor = place[0] if place else None
        block = blocks.setdefault(home.building_id, Block(home.building))
        block.storeys.setdefault(floor, Storey(_key(home), floor)).homes.append(home)
    return list(blocks.values())
