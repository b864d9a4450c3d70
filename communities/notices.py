"""The inbox: told once per person and event, and read when its owner says so."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from communities.models import Household, InboxMessage, Membership, User
from communities.roles import Role
from config.kernel import clock
from config.kernel.locks import require_atomic

# One statement for a town: thirty thousand rows through the ORM would hold up every other message for seconds. What is
# new in an inbox becomes a letter where its owner has an address: once, as the message itself.
_TELL = """
    WITH new AS (
        INSERT INTO communities_inboxmessage (user_id, event_key, kind, data, created_at)
        SELECT DISTINCT told, %s, %s, %s::jsonb, %s::timestamptz FROM unnest(%s::bigint[]) AS told
        ON CONFLICT (user_id, event_key) DO NOTHING
        RETURNING id, user_id, created_at
    )
    INSERT INTO communities_mailmessage (
        mailbox_id, message_id, status, created_at, available_at, turn, failures, last_error
    )
    SELECT new.user_id, new.id, 'waiting', new.created_at, new.created_at, 0, 0, ''
    FROM new JOIN communities_mailbox m ON m.user_id = new.user_id AND m.confirmed_at IS NOT NULL
"""


def tell(*, user_ids: Iterable[int], event_key: str, kind: str, data: dict[str, Any]) -> None:
    """Put a message into each inbox, in the caller's transaction, and a letter beside it for whoever has confirmed an
    address (communities.mailing sends it). The same event again changes nothing.

    `data` holds what the sentence of `kind` needs (titles, times, numbers), no personal values of others. A member
    whose name ends in `_at` is a time in ISO 8601 with its zone, one in `_fen` an amount.
    """
    require_atomic()
    told = list(user_ids)
    if not told:
        return
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [event_key, kind, json.dumps(data), clock.now(), told])


def people_to_tell(households: QuerySet[Household]) -> QuerySet[Membership, int]:
    """Ids of the accounts that order for the households: everybody who lives there or looks after one of them."""
    members = Membership.objects.live().filter(
        role=Role.RESIDENT,
        household__in=households.filter(is_active=True).values("pk"),
        user__is_active=True,
    )
    return members.values_list("user_id", flat=True)


def receivers_of(households: QuerySet[Household]) -> QuerySet[Membership, int]:
    """Ids of those of them who live there: who hands over a bag or calls wants them, not the child far away."""
    return people_to_tell(households).filter(lives_elsewhere=False)


def staff_to_tell(*, community_id: int, roles: Iterable[Role]) -> QuerySet[Membership, int]:
    """Ids of the accounts that hold one of the roles in the community itself: a region's officer has a hundred."""
    held = Membership.objects.live().filter(
        Q(community_id=community_id), role__in=list(roles), user__is_active=True
    )
    return held.values_list("user_id", flat=True).distinct()


def mark_read(*, user: User, up_to: int, at: datetime) -> int:
    """The messages of the person up to and including that id have been read; returns how many were new to him."""
    require_atomic()
    unread = InboxMessage.objects.filter(user=user, pk__lte=up_to, read_at=None)
    return unread.update(read_at=at)


def count_unread(user: User) -> int:
    """One statement, on an index of what is unread."""
    return InboxMessage.objects.filter(user=user, read_at=None).count()
