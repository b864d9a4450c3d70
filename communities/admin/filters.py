"""Filters beside a list that stay readable in a town: a thousand houses are no list to choose from."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.filters import AllValuesFieldListFilter, RelatedFieldListFilter
from django.db import connection
from django.http import HttpRequest

from communities.admin.scoped import page_of
from communities.console import number_of

_COMMUNITY = "community__id__exact"
# One look into the index for each kind, instead of one at every entry.
_KINDS = """
    WITH RECURSIVE kinds AS (
        (SELECT subject_kind FROM kernel_auditentry ORDER BY subject_kind LIMIT 1)
        UNION ALL
        SELECT (SELECT e.subject_kind FROM kernel_auditentry e WHERE e.subject_kind > kinds.subject_kind
                ORDER BY e.subject_kind LIMIT 1)
        FROM kinds WHERE kinds.subject_kind IS NOT NULL
    )
    SELECT subject_kind FROM kinds WHERE subject_kind IS NOT NULL
"""


class OwnRelatedFilter(RelatedFieldListFilter):
    """The stock filter would list the names of everybody's rows. This one lists the person's, of the community that is
    chosen beside it if there is one, and none at all where they are more than a person would read.
    """

    most = 200

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> Any:
        related = page_of(field.remote_field.model)
        rows = related.get_queryset(request).select_related(*related.label_related)
        chosen = number_of(request.GET.get(_COMMUNITY, ""))
        if chosen and any(column.name == "community" for column in related.opts.fields):
            rows = rows.filter(community=chosen)
        found = list(rows.order_by(*related.get_ordering(request))[: self.most + 1])
        return [(str(row.pk), related.label(row)) for row in self.readable(found)]

    def readable(self, rows: list[Any]) -> list[Any]:
        """What is shown of the first 201."""
        return rows if len(rows) <= self.most else []


class NewestRelatedFilter(OwnRelatedFilter):
    """For rows that are listed newest first: the last sixty."""

    most = 60

    def readable(self, rows: list[Any]) -> list[Any]:
        return rows[: self.most]


class SubjectKindFilter(AllValuesFieldListFilter):
    """Every kind of subject that the audit knows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute(_KINDS)
            self.lookup_choices: Any = [kind for (kind,) in cursor.fetchall()]
