"""Web and workers without one guard, for the controls: `UNGUARDED` names it. Each child takes its own away."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from config.kernel.intake.models import ImportRow
from orders.models import Offer
from orders.placing.statements import Standing

# Whatever is put in the place of something here, mypy need not know of it.
_module: Callable[[str], Any] = import_module
notices, tokens = _module("communities.notices"), _module("communities.tokens")
deciding, confirming = (
    _module("communities.joining.deciding"),
    _module("config.kernel.intake.confirming"),
)
idempotency, outbox = _module("config.kernel.idempotency"), _module("config.kernel.outbox")
statements, serving = _module("orders.placing.statements"), _module("orders.waiting.serving")


def _without_keys() -> None:
    def begin(**_given: object) -> None:
        return None

    def store(**_given: object) -> None:
        return None

    idempotency.begin, idempotency.store = begin, store


def _without_rows_locks() -> None:
    """Nor does the status swap see who was faster; between look and write a moment goes by."""

    def look(join: Any) -> None:
        time.sleep(0.3)
        seen(join)

    def write(row: Any, *, to: str, **changes: Any) -> None:
        type(row).objects.filter(pk=row.pk).update(status=to, **changes)

    seen = deciding._require_waiting
    deciding._require_waiting, deciding.advance = look, write
    QuerySet.select_for_update = lambda rows, **_how: rows.all()  # type: ignore[method-assign]


def _without_tokens_end() -> None:
    """Whoever was let in once is known for ever."""
    known: dict[str, Any] = {}
    find = tokens._find

    def remembered(digest: str) -> Any:
        if digest not in known and (found := find(digest)):
            known[digest] = found
        return known.get(digest)

    tokens._find = remembered


def _without_pieces() -> None:
    """Neither the look at what is left, nor its lock, nor the condition of the UPDATE; the CHECK is gone too."""
    look = statements.read_standing

    def everything_left(**asked: Any) -> Standing:
        standing: Standing = look(**asked)
        offers = [row._replace(left=None) for row in standing.offers]
        return replace(standing, offers=offers)

    def take(wanted: Mapping[int, int]) -> bool:
        for offer_id, pieces in wanted.items():
            capped = Offer.objects.filter(pk=offer_id, cap__isnull=False)
            capped.update(taken=F("taken") + pieces)
        return True

    statements.read_standing = everything_left
    statements.lock_capped = lambda ids: dict.fromkeys(ids, 99)
    statements.take_pieces = take


def _without_status_of_wishes() -> None:
    """Whoever was served stays in the line."""

    def nothing(*_given: object, **_changes: object) -> None:
        return None

    serving.advance, serving.take_out = nothing, nothing


def _without_results_of_rows() -> None:
    """As if every row's worker died between its effect and its result."""
    apply = confirming._apply_row

    def twice(upload: Any, kind: Any, row_id: int) -> None:
        row = ImportRow.objects.filter(pk=row_id)
        before = row.values().get()
        apply(upload, kind, row_id)
        row.update(**before)
        apply(upload, kind, row_id)

    confirming._apply_row = twice


def _without_keys_of_events() -> None:
    """Each message is delivered twice, and an inbox takes it twice: its unique index is gone too."""
    deliver = outbox._deliver

    def twice(message: Any) -> int:
        with transaction.atomic():
            deliver(message)
        return int(deliver(message))

    notices._TELL = notices._TELL.replace("ON CONFLICT (user_id, event_key) DO NOTHING", "")
    outbox._deliver = twice


_GUARDS: dict[str, Callable[[], None]] = {
    "key": _without_keys,
    "rows": _without_rows_locks,
    "token": _without_tokens_end,
    "pieces": _without_pieces,
    "wish": _without_status_of_wishes,
    "result": _without_results_of_rows,
    "event": _without_keys_of_events,
}


def take_away() -> None:
    _GUARDS[os.environ["UNGUARDED"]]()
