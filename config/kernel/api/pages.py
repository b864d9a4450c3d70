"""Pages by a cursor: newest first, no page shifts when rows are added, the same statements for 1 row or 300."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.kernel.api.fields import Digits, Strict

MAX_LIMIT = 200
_CURSOR = "c[0-9a-z]{1,11}"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
Row = TypeVar("Row", bound=Model)


@extend_schema_field({"type": "string", "pattern": f"^{_CURSOR}$"})
class Cursor(serializers.CharField):
    """The id of the last row of the page before, to base 36: opaque to clients, and always one of a bigint."""

    default_error_messages = {"cursor": _("This is not a cursor that was given out here.")}

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        if not re.fullmatch(_CURSOR, str(data)):
            self.fail("cursor")
        return int(str(data)[1:], 36)


def cursor_of(pk: int) -> str:
    """How the row of that id is named to clients."""
    digits = ""
    while pk:
        pk, digit = divmod(pk, 36)
        digits = _DIGITS[digit] + digits
    return f"c{digits}"


class PageQuery(Strict):
    """`?cursor=&limit=`"""

    cursor = Cursor(required=False, help_text="next_cursor of the page before.")
    limit = Digits(default=50, min_value=1, max_value=MAX_LIMIT, help_text="Rows of a page.")


class Page(NamedTuple):
    """`next_cursor` is None on the last page."""

    rows: list[Any]
    next_cursor: str | None


def newest_first(rows: QuerySet[Row], *, limit: int, cursor: int | None = None) -> Page:
    """One page in descending id. One statement (and one for each prefetch)."""
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor)
    found = list(rows.order_by("-pk")[: limit + 1])
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], cursor_of(found[limit - 1].pk))
