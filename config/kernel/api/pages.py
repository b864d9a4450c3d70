"""Pages by a cursor: newest first, no page shifts when rows are added, the same statements for 1 row or 300."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from config.kernel.api.fields import Digits, Strict

MAX_LIMIT = 200
_ID = re.compile(r"[1-9][0-9]{0,17}")
Row = TypeVar("Row", bound=Model)


class Cursor(serializers.CharField):
    """The id of the last row of the page before, opaque to clients."""

    default_error_messages = {"cursor": _("This is not a cursor that was given out here.")}

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        try:
            text = urlsafe_b64decode(str(data).encode("ascii")).decode("ascii")
        except ValueError:
            text = ""
        if not _ID.fullmatch(text):
            self.fail("cursor")
        return int(text)


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
    last = str(found[limit - 1].pk)
    return Page(found[:limit], urlsafe_b64encode(last.encode()).decode())
