"""Pick lists on the desk: a town has fourteen hundred, so they are shown community by community."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q, Value
from django.http import HttpRequest

from communities.console import community_ids, in_own_homes, user_of
from communities.models import Community
from communities.roles import HANDS
from orders.models import OrderWindow
from volunteers.desk.board import Facts
from volunteers.desk.files import papers, sort_papers
from volunteers.models import PickList
from volunteers.states import PickListStatus

# More than these are folded by community, if there are several.
_MANY = 60


@dataclass(frozen=True)
class Group:
    """The lists of one community; `outdated` ones are not to be printed."""

    community: Community
    lists: int
    filed: int
    packed: int
    outdated: int
    bags: int
    pieces: int
    fen: int


def lists_of(window: OrderWindow) -> list[PickList]:
    """All that are not superseded, without names and sheets. One statement."""
    rows = PickList.objects.filter(window=window).exclude(status=PickListStatus.SUPERSEDED)
    return list(rows.order_by("community_id", "building_id", "wave"))


def is_folded(facts: Facts) -> bool:
    return len(facts.lists) > _MANY and len({row.community_id for row in facts.lists}) > 1


def grouped(facts: Facts, request: HttpRequest) -> tuple[list[Group], list[Group]]:
    """By community: those where the person hands out, and the others, by name. One statement beside the scope's."""
    rows: dict[int, list[PickList]] = {}
    for row in facts.lists:
        rows.setdefault(row.community_id, []).append(row)
    outdated, own = facts.outdated, set(community_ids(request, HANDS))
    communities = Community.objects.filter(pk__in=rows).order_by("name", "pk")
    groups = [_group(community, rows[community.pk], outdated) for community in communities]
    return (
        [group for group in groups if group.community.pk in own],
        [group for group in groups if group.community.pk not in own],
    )


def _group(community: Community, rows: Sequence[PickList], outdated: Collection[int]) -> Group:
    return Group(
        community,
        lists=len(rows),
        filed=sum(row.filed_at is not None for row in rows),
        packed=sum(row.status == PickListStatus.PACKED for row in rows),
        outdated=sum(row.pk in outdated for row in rows),
        bags=sum(row.bag_count for row in rows),
        pieces=sum(row.pieces for row in rows),
        fen=sum(row.total_fen for row in rows),
    )


def lists_shown(
    window: OrderWindow, request: HttpRequest, *, communities: Collection[int] | None = None
) -> list[PickList]:
    """In natural order, each with `papers`, its sheets, and `is_own`: whether the person may open them; of all
    communities, or of these. One statement beside those of the scope.
    """
    rows = PickList.objects.filter(window=window).exclude(status=PickListStatus.SUPERSEDED)
    if communities is not None:
        rows = rows.filter(community__in=communities)
    is_own: Q | Value = Value(True)
    if not user_of(request).is_superuser:
        is_own = in_own_homes(request, HANDS)
    rows = rows.annotate(
        papers=papers(), is_own=ExpressionWrapper(is_own, output_field=BooleanField())
    )
    ordered = rows.order_by("community_id", "building__sort_key", "building_id", "wave")
    return sort_papers(list(ordered.select_related("building", "community")))
