"""Where an account is signed in, and signing out."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from knox.models import AuthToken

from communities.models import Device, User
from communities.tokens import record_tokens
from config.kernel.audit import Actor
from config.kernel.errors import NotFound
from config.kernel.locks import require_atomic


def devices_of(user: User) -> QuerySet[Device]:
    """Those whose token still stands, with it."""
    return Device.objects.filter(token__user=user).select_related("token")


def access_device(user: User, *, public_id: UUID) -> Device:
    """Raises NotFound."""
    device = devices_of(user).filter(public_id=public_id).first()
    if device is None:
        raise NotFound()
    return device


def sign_out(*, user: User, token_id: str, actor: Actor) -> None:
    """End one token of the account; its device goes with it. A second time changes nothing."""
    require_atomic()
    count, _rows = AuthToken.objects.filter(user=user, pk=token_id).delete()
    if count:
        record_tokens(user=user, action="token.revoked", actor=actor, data={"count": 1})
