"""What the answers to surveys add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from orders.models import (
    Survey,
    SurveyCommunity,
    SurveyItem,
)


@dataclass(frozen=True)
class ItemTotal:
    """What all households together would take of an item; `by_community` in the order of survey.asked."""

    item: SurveyItem
    pieces: int
    households: int
    by_community: tuple[int, ...]


_TOTALS = """
    SELECT w.item_id, r.community_id, sum(w.quantity), count(*)
    FROM orders_surveywish w JOIN orders_surveyreply r ON r.id = w.reply_id
    WHERE w.survey_id = ANY(%s) GROUP BY w.item_id, r.community_id
"""


def totals(surveys: Sequence[Survey]) -> dict[int, list[ItemTotal]]:
    """By survey id, in the order of the items. Three statements for any number of surveys and answers."""
    ids = [survey.pk for survey in surveys]
    asked: dict[int, list[int]] = {pk: [] for pk in ids}
    rows = SurveyCommunity.objects.filter(survey__in=ids).order_by("pk")
    for survey_id, community_id in rows.values_list("survey_id", "community_id"):
        asked[survey_id].append(community_id)
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [ids])
        found: dict[int, dict[int, tuple[int, int]]] = {}
        for item_id, community_id, pieces, households in cursor.fetchall():
            found.setdefault(item_id, {})[community_id] = (int(pieces), households)
    summed: dict[int, list[ItemTotal]] = {pk: [] for pk in ids}
    items = SurveyItem.objects.filter(survey__in=ids).select_related("product")
    for item in items.order_by("survey", "position"):
        parts = found.get(item.pk, {})
        own = [parts.get(community, (0, 0)) for community in asked[item.survey_id]]
        summed[item.survey_id].append(
            ItemTotal(
                item=item,
                pieces=sum(pieces for pieces, _homes in own),
                households=sum(homes for _pieces, homes in own),
                by_community=tuple(pieces for pieces, _homes in own),
            )
        )
    return summed
