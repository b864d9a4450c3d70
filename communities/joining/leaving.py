"""Moving out: of a household, for oneself."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from communities.models import Consent, Membership, Resident, User
from communities.people import end_membership
from config.kernel.audit import Actor
from config.kernel.errors import NotFound
from config.kernel.locks import require_atomic

# What is on its way to him, and what is owed back, still needs a name and a number for so long (个保法 Art. 19, 47).
KEPT_FOR = timedelta(days=30)


def move_out(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """He orders for the household no more, at once. His orders stand; his name and phone stay for 30 days. With the
    last role his tokens end, with the last household his consents. Raises NotFound, AlreadyEnded.
    """
    require_atomic()
    if membership.household_id is None:
        raise NotFound()
    end_membership(membership=membership, actor=actor, at=at)
    live = Membership.objects.live().filter(user=membership.user_id, household__isnull=False)
    if not live.exists():
        Consent.objects.filter(user=membership.user_id, withdrawn_at=None).update(withdrawn_at=at)


def household_to_leave(user: User, *, public_id: UUID) -> Membership:
    """The own membership there. Raises NotFound."""
    live = Membership.objects.live().filter(user=user, household__public_id=public_id)
    membership = live.first()
    if membership is None:
        raise NotFound()
    return membership


def erase_residents(at: datetime) -> int:
    """Names and phones of those who moved out long ago; returns how many. Their rows stay, for what refers to them."""
    require_atomic()
    gone = Resident.objects.filter(left_at__lt=at - KEPT_FOR).exclude(name="")
    return gone.update(
        name="", phone_encrypted=None, phone_index="", phone_masked="", user=None, is_contact=False
    )
