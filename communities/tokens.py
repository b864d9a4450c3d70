"""Residents' and volunteers' tokens: one per device, stored as a hash, expiring, revocable."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.db import connection
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import knox_settings
from rest_framework.exceptions import AuthenticationFailed

from communities.models import Membership, User
from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.locks import require_atomic

_TOKEN = re.compile(rb"[0-9a-f]{64}")
# By hand, for every request of a resident begins here. Values instead of a join, which takes twice as long to plan.
_ACCOUNT = [field.attname for field in User._meta.concrete_fields]
_FIND = f"""
    SELECT (SELECT expiry FROM knox_authtoken WHERE digest = %s), {", ".join(f'"{name}"' for name in _ACCOUNT)}
    FROM communities_user WHERE id = (SELECT user_id FROM knox_authtoken WHERE digest = %s)
"""  # noqa: S608 -- names of our own columns


def issue_token(*, user: User, actor: Actor) -> str:
    """A new token for one device, good for REST_KNOX's TOKEN_TTL; its text cannot be had again."""
    require_atomic()
    lifetime = knox_settings.TOKEN_TTL + timedelta(seconds=clock.offset())
    _row, text = AuthToken.objects.create(user=user, expiry=lifetime)
    record_tokens(user=user, action="token.issued", actor=actor)
    return str(text)


def record_tokens(
    *, user: User, action: str, actor: Actor, data: dict[str, Any] | None = None
) -> None:
    """Once for each community where the account has a role: those who supervise it see only its own entries."""
    live = Membership.objects.live().filter(user=user, community__isnull=False)
    places = live.order_by("community_id").values_list("community_id", flat=True).distinct()
    concerned: list[int | None] = [*places]
    for community_id in concerned or [None]:
        audit.record(
            actor=actor,
            action=action,
            subject=("user", user.pk),
            community_id=community_id,
            data=data,
        )


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]  # knox has no types
    """`Authorization: Bearer <token>`."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        """One statement, found by the hash. Knox itself reads and deletes the user's other tokens each time."""
        found = _find(hash_token(token.decode())) if _TOKEN.fullmatch(token) else None
        # One answer for unknown, expired and locked: it tells a guesser nothing.
        if found is None:
            raise AuthenticationFailed()
        return found


def _find(digest: str) -> tuple[User, AuthToken] | None:
    """The account and its token, both good now."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [digest, digest])
        row = cursor.fetchone()
    if row is None:
        return None
    expiry, *values = row
    user = User.from_db(connection.alias, _ACCOUNT, values)
    if not user.is_active or (expiry is not None and expiry <= clock.now()):
        return None
    return user, AuthToken(digest=digest, user=user, expiry=expiry)
