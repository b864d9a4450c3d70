"""A device that was let in takes its token."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from communities.joining.requesting import GOOD_FOR
from communities.models import Device, JoinRequest
from communities.states import JoinStatus
from communities.tokens import SignIn, derive_token, is_alive, issue_token
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.locks import require_atomic


class ClaimSpent(DomainError):
    code = "claim_spent"
    detail = _("This device was signed out, or has waited too long. Please ask to join once more.")


def take_token(*, join: JoinRequest, claim: str, at: datetime) -> str:
    """The token of the device whose claim this is; "" while nobody has approved, or for whoever was signed in already.
    The same again each time it is asked for: a lost reply loses nothing, and no token is kept readable for it.

    Raises ClaimSpent. Caller holds the wish's row (requesting.find_by_claim).
    """
    require_atomic()
    if join.status != JoinStatus.APPROVED or join.user is None or join.decided_at is None:
        return ""
    text = derive_token("join", join.public_id, claim)
    if join.decided_at + GOOD_FOR <= at or (join.token_at is not None and not is_alive(text)):
        raise ClaimSpent()
    if join.token_at is None:
        how = SignIn(via=Device.Via.SLIP, device=join.device, text=text)
        issue_token(user=join.user, actor=Actor("user", join.user.pk), how=how)
        join.token_at, join.device = at, ""
        join.save(update_fields=["token_at", "device"])
    return text
