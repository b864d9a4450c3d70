"""Moving out of a household, for oneself (communities.people.end_membership does it), and what is left of a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from communities.models import Membership, Resident, User
from config.kernel.errors import NotFound
from config.kernel.locks import require_atomic

# What is on its way to him, and what is owed back, still needs a name and a number for so long (个保法 Art. 19, 47).
KEPT_FOR = timedelta(days=30)


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
        name="",
        phone_encrypted=None,
        phone_index="",
        phone_masked="",
        phone_confirmed="",
        phone_closed="",
        user=None,
        is_contact=False,
    )
