"""Accounts, residents and memberships."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from communities import personal
from communities.models import (
    Building,
    Community,
    Consent,
    Household,
    JoinRequest,
    Mailbox,
    Membership,
    Region,
    Resident,
    User,
)
from communities.notices import tell
from communities.roles import Role
from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.locks import require_atomic

PHONE_COLUMNS = (
    "phone_encrypted",
    "phone_index",
    "phone_masked",
    "phone_confirmed",
    "phone_closed",
)


class AlreadyGranted(DomainError):
    code = "already_granted"
    detail = _("The account holds this role there already.")


class AlreadyEnded(DomainError):
    code = "already_ended"
    detail = _("This membership has ended already.")


def create_user(
    *,
    username: str,
    password: str | None,
    actor: Actor,
    display_name: str = "",
    is_staff: bool = False,
) -> User:
    """An account; without a password it cannot sign in at the console. Raises IntegrityError for a taken name."""
    require_atomic()
    user = User(username=username, display_name=display_name, is_staff=is_staff)
    user.set_password(password)
    user.save(force_insert=True)
    audit.record(actor=actor, action="user.created", subject=("user", user.pk))
    return user


def grant_membership(
    *,
    user: User,
    role: Role,
    actor: Actor,
    at: datetime,
    node: Region | Community,
    building: Building | None = None,
    household: Household | None = None,
) -> Membership:
    """A role at a region or a community; a leader's names the building, a resident's the household, nobody else's.

    Raises Invalid for a place that does not fit role and node, and AlreadyGranted.
    """
    require_atomic()
    community = node if isinstance(node, Community) else None
    _require_place(role, community, building=building, household=household)
    membership = Membership(
        user=user,
        role=role,
        region=node if isinstance(node, Region) else None,
        community=community,
        building=building,
        household=household,
        started_at=at,
    )
    _grant(membership, actor)
    return membership


def admit_to_household(
    *, user: User, household: Household, actor: Actor, at: datetime, lives_elsewhere: bool = False
) -> Membership:
    """He orders for the household from now on; `lives_elsewhere`: a child who does it for its parents.

    Raises AlreadyGranted.
    """
    require_atomic()
    membership = Membership(
        user=user,
        role=Role.RESIDENT,
        community_id=household.community_id,
        household=household,
        lives_elsewhere=lives_elsewhere,
        started_at=at,
    )
    _grant(membership, actor)
    return membership


def _grant(membership: Membership, actor: Actor) -> None:
    """Raises AlreadyGranted."""
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyGranted() from error
    audit.record(
        actor=actor,
        action="membership.granted",
        subject=("membership", membership.pk),
        community_id=membership.community_id,
        data={"role": str(membership.role), "user": membership.user_id},
    )


def _require_place(
    role: Role,
    community: Community | None,
    *,
    building: Building | None,
    household: Household | None,
) -> None:
    wrong = [_("This is not the place where the role is held.")]
    for name, place, needed in (
        ("building", building, role == Role.BUILDING_LEADER),
        ("household", household, role == Role.RESIDENT),
    ):
        if needed != (place is not None):
            raise Invalid(fields={name: wrong})
        if place is not None and (community is None or place.community_id != community.pk):
            raise Invalid(fields={name: wrong})


def has_left(*, user: str) -> Q:
    """A condition on rows with a `household`: the account in their field `user` was of it once and is no more.
    Volunteers and whoever else never was of it have not left.
    """
    own = Membership.objects.filter(user=OuterRef(user), household=OuterRef("household"))
    return Q(Exists(own)) & ~Q(Exists(own.live()))


def end_membership(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """Raises AlreadyEnded. Whoever ordered for a household has moved out of it (Resident.left_at): his orders stand,
    name and phone stay for 30 days. With the last household his consents end, with the last role his tokens and his
    mailbox, at once (communities.tokens looks too). If it was not he who ended it, the household's phone numbers let
    nobody new in: he may have one of them, under whatever name. The slip does.
    """
    require_atomic()
    if not Membership.objects.live().filter(pk=membership.pk).update(ended_at=at):
        raise AlreadyEnded()
    membership.ended_at = at
    audit.record(
        actor=actor,
        action="membership.ended",
        subject=("membership", membership.pk),
        community_id=membership.community_id,
    )
    if membership.household_id is not None:
        is_own = actor.kind == "user" and actor.id == membership.user_id
        _move_out(membership, membership.household_id, at, is_own=is_own)
    if not Membership.objects.live().filter(user_id=membership.user_id).exists():
        AuthToken.objects.filter(user_id=membership.user_id, user__is_superuser=False).delete()
        Mailbox.objects.filter(user_id=membership.user_id, user__is_superuser=False).delete()


def _move_out(membership: Membership, household_id: int, at: datetime, *, is_own: bool) -> None:
    people = Resident.objects.present().filter(household_id=household_id)
    rows = people.filter(user_id=membership.user_id).values_list("pk", "phone_index")
    numbers = dict(rows)
    gone = list(numbers)
    Resident.objects.filter(pk__in=gone).update(left_at=at)
    if not is_own:
        may_be_his = people.filter(Q(user=None) | Q(phone_index__in=numbers.values()))
        may_be_his.exclude(phone_index="").update(phone_closed=F("phone_index"))
    ended = Q(resident__in=gone)
    live = Membership.objects.live().filter(user_id=membership.user_id, household__isnull=False)
    if not live.exists():
        ended |= Q(user_id=membership.user_id)
    Consent.objects.filter(ended, withdrawn_at=None).update(withdrawn_at=at)


def add_resident(
    *,
    household: Household,
    name: str,
    actor: Actor,
    phone: str = "",
    user: User | None = None,
    is_contact: bool = False,
) -> Resident:
    """Raises Invalid for something that is no phone number; the phone is stored encrypted."""
    require_atomic()
    resident = Resident(household=household, name=name, user=user, is_contact=is_contact)
    set_phone(resident, phone)
    resident.save(force_insert=True)
    audit.record(
        actor=actor,
        action="resident.added",
        subject=("resident", resident.pk),
        community_id=household.community_id,
    )
    return resident


def set_phone(resident: Resident | JoinRequest, phone: str) -> None:
    """Fill the phone columns of a row, which is not saved (PHONE_COLUMNS). Empty text removes the number; another one
    is nobody's until he confirms it. Raises Invalid.
    """
    was = resident.phone_index
    _fill_phone(resident, phone)
    if isinstance(resident, Resident) and resident.phone_index != was:
        resident.phone_confirmed = resident.phone_closed = ""


def _fill_phone(resident: Resident | JoinRequest, phone: str) -> None:
    if not phone.strip():
        resident.phone_encrypted, resident.phone_index, resident.phone_masked = None, "", ""
        return
    try:
        number = personal.normalise_phone(phone)
    except ValueError as error:
        raise Invalid(fields={"phone": [_("This is not a phone number.")]}) from error
    resident.phone_encrypted = personal.encrypt(number)
    resident.phone_index = personal.blind_index(number)
    resident.phone_masked = personal.mask_phone(number)


def tell_of_phone(resident: Resident) -> None:
    """Somebody else changed the number of a person with an account, who could be signed in by it: he hears of it."""
    tell(
        user_ids=[] if resident.user_id is None else [resident.user_id],
        event_key=f"phone.changed:{resident.pk}:{clock.now().isoformat()}",
        kind="phone.changed",
        data={},
    )
