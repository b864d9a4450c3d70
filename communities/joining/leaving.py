"""Moving out of a household: for oneself (communities.people.end_membership does it), as somebody notes who heard of
it, and what is left of a person.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from communities.models import Consent, Membership, Resident, User
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, NotFound
from config.kernel.locks import require_atomic

# What is on its way to him, and what is owed back, still needs a name and a number for so long (个保法 Art. 19, 47).
KEPT_FOR = timedelta(days=30)


class OrdersHimself(DomainError):
    code = "orders_himself"
    detail = _(
        "This person orders with an account of his own. End the account's role at the household, and he has moved out."
    )


class GoneAlready(DomainError):
    code = "gone_already"
    detail = _("This person has moved out already.")


def note_moved_out(*, resident: Resident, actor: Actor, at: datetime) -> None:
    """Of somebody without an account, by whoever heard of it: nobody calls him any more, his consents end, name and
    phone stay for 30 days. Raises OrdersHimself for whoever orders for the household, GoneAlready.
    """
    require_atomic()
    home = resident.household_id
    if Membership.objects.live().filter(user=resident.user_id, household=home).exists():
        raise OrdersHimself()
    if not Resident.objects.present().filter(pk=resident.pk).update(left_at=at):
        raise GoneAlready()
    Consent.objects.filter(resident=resident, withdrawn_at=None).update(withdrawn_at=at)
    audit.record(
        actor=actor,
        action="resident.moved_out",
        subject=("resident", resident.pk),
        community_id=resident.household.community_id,
    )


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
