"""The inbox: told once per person and event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from communities.models import InboxMessage
from config.kernel import clock
from config.kernel.locks import require_atomic


def tell(*, user_ids: Iterable[int], event_key: str, kind: str, data: dict[str, Any]) -> None:
    """Put a message into each inbox, in the caller's transaction. The same event again changes nothing.

    `data` holds what the sentence of `kind` needs (titles, times, numbers), no personal values of others.
    """
    require_atomic()
    moment = clock.now()
    InboxMessage.objects.bulk_create(
        [
            InboxMessage(
                user_id=user_id, event_key=event_key, kind=kind, data=data, created_at=moment
            )
            for user_id in user_ids
        ],
        ignore_conflicts=True,
    )
