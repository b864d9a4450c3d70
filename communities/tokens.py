"""Residents' and volunteers' tokens: one per device, stored as a hash, expiring, revocable."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.utils.crypto import salted_hmac
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS, knox_settings
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from communities.models import Device, Membership, User
from communities.notices import tell
from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.locks import require_atomic

_TOKEN = re.compile(rb"[0-9a-f]{64}")
# A device's last use is known to the day: noted once, then not again for so long.
USE_NOTED_EVERY = timedelta(days=1)
_SAFE = ("GET", "HEAD")
# By hand, for every request of a resident begins here. Values instead of a join, which takes twice as long to plan.
# Without a role there is nothing to sign in for: who was thrown out a moment ago is nobody now.
_ACCOUNT = [field.attname for field in User._meta.concrete_fields]
_FIND = f"""
    SELECT (SELECT expiry FROM knox_authtoken WHERE digest = %s),
        (SELECT used_at FROM communities_device WHERE token_id = %s), {", ".join(f'"{name}"' for name in _ACCOUNT)}
    FROM communities_user u WHERE id = (SELECT user_id FROM knox_authtoken WHERE digest = %s)
        AND (is_superuser OR EXISTS (
            SELECT FROM communities_membership m WHERE m.user_id = u.id AND m.ended_at IS NULL
        ))
"""  # noqa: S608 -- names of our own columns


class SignIn(NamedTuple):
    """How and on what: `text`, if the token must be the same again after a lost reply (see derive_token)."""

    via: str = Device.Via.CONSOLE
    device: str = ""
    text: str = ""


BY_HAND = SignIn()


def issue_token(*, user: User, actor: Actor, how: SignIn = BY_HAND) -> str:
    """A new token for one device, good for REST_KNOX's TOKEN_TTL; its text cannot be had again."""
    require_atomic()
    text = how.text or secrets.token_hex(32)
    moment = clock.now()
    token = AuthToken(
        digest=hash_token(text),
        token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH],
        user=user,
        expiry=moment + knox_settings.TOKEN_TTL,
    )
    token.save(force_insert=True)
    Device.objects.create(token=token, name=how.device, via=how.via, used_at=moment)
    record_tokens(user=user, action="token.issued", actor=actor)
    return text


def tell_of_sign_in(*, user: User, text: str) -> None:
    """Each device after the first: whoever did not do it himself hears of it on those he has."""
    tell(
        user_ids=[user.pk],
        event_key=f"device.signed_in:{hash_token(text)[:64]}",
        kind="device.signed_in",
        data={},
    )


def derive_token(*parts: object) -> str:
    """The text of a token, made of what only the device knows and a key that only we know: after a lost reply the
    same question gets the same token, and nobody has to keep it readable for that.
    """
    return salted_hmac(
        "communities.tokens", " ".join(map(str, parts)), algorithm="sha256"
    ).hexdigest()


def is_alive(text: str) -> bool:
    """Whether a derived token was issued and nobody has ended it."""
    return bool(AuthToken.objects.filter(digest=hash_token(text)).exists())


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

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | None:
        found: tuple[User, AuthToken] | None = super().authenticate(request)
        if found is not None and request.method in _SAFE:
            _note_use(found[1])
        return found

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
        cursor.execute(_FIND, [digest, digest, digest])
        row = cursor.fetchone()
    if row is None:
        return None
    expiry, used_at, *values = row
    user = User.from_db(connection.alias, _ACCOUNT, values)
    if not user.is_active or (expiry is not None and expiry <= clock.now()):
        return None
    token = AuthToken(digest=digest, user=user, expiry=expiry)
    token.used_at = used_at
    return user, token


def _note_use(token: AuthToken) -> None:
    """Once a day, by a request that only reads: placing an order has no statement to spare."""
    moment = clock.now()
    if token.used_at is not None and token.used_at < moment - USE_NOTED_EVERY:
        Device.objects.filter(token_id=token.digest).update(used_at=moment)
