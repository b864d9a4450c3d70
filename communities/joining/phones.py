"""Whose phone it is. Neighbours share one, families do, and one person may live behind two doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from communities.accounts import is_plain_resident_of
from communities.joining.accounts import keep_consent, open_account, require_consent
from communities.joining.one_time import WrongCode, hash_of, use_code
from communities.models import Device, Membership, Resident, SignInCode, User
from communities.people import admit_to_household
from communities.roles import Role
from communities.tokens import SignIn, derive_token, is_alive, issue_token, tell_of_sign_in
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, NotFound
from config.kernel.locks import busy_when_locked, require_atomic


class AccountHasPost(DomainError):
    """A token lends all that its account may do: a number that somebody edited must not get him an officer's."""

    code = "account_has_post"
    detail = _(
        "This phone number belongs to somebody with a post. Please join with your household's slip."
    )


class NumberNotConfirmed(DomainError):
    """The same for an account with homes elsewhere: whoever edits numbers here must not get in there."""

    code = "number_not_confirmed"
    detail = _(
        "Somebody else entered this number for your account, and you order in other compounds too. Please use a device "
        "where you are signed in, or your household's slip."
    )


class NumberClosed(DomainError):
    """Whoever was put out of a household must not come back by a number that still stands there."""

    code = "number_closed"
    detail = _(
        "This number lets nobody into the household any more. Please join with your household's slip."
    )


@dataclass(frozen=True)
class Person:
    """One person behind a number, in one or more households."""

    choice: str
    residents: Sequence[Resident]

    @property
    def name(self) -> str:
        return self.residents[0].name


def is_known(phone_index: str) -> bool:
    return _residents(phone_index).exists()


@busy_when_locked()
def people_behind(code: SignInCode) -> list[Person]:
    """Everybody whom this number lets in: rows of one account, or of one name, are one person. Two statements.

    Locks the residents' rows: whoever is put out at this moment was put out before, or is after. Their accounts are
    looked up when the locks are held: one that was given meanwhile would be missing in a join, and made once more.
    Raises WrongCode (nobody has this number), NumberClosed.
    """
    rows = _residents(code.phone_index).select_for_update(of=("self",), no_key=True)
    places = rows.select_related("household__building", "household__community")
    known = list(places.prefetch_related("user"))
    if not known:
        raise WrongCode()
    opening = [resident for resident in known if resident.phone_closed != resident.phone_index]
    if not opening:
        raise NumberClosed()
    found: dict[str, list[Resident]] = {}
    for resident in opening:
        who = f"user {resident.user_id}" if resident.user_id else f"name {resident.name}"
        found.setdefault(who, []).append(resident)
    return [Person(_choice(code, rows[0]), rows) for rows in found.values()]


def sign_in_by_phone(
    *, code: SignInCode, choice: str, claim: str, device: str, consent: str, at: datetime
) -> str | list[Person]:
    """The token of the person; while it is not clear who of several it is, they are, and the code stays good.

    Opens an account for a resident of the roster who has none, and lets him into his households. The same code and
    claim get the same token. Raises WrongCode (nobody has this number), NotFound (no such choice), NumberClosed,
    AccountHasPost, NumberNotConfirmed, OtherConsent. Caller holds the code's row and has compared the code.
    """
    require_atomic()
    everybody = people_behind(code)
    if code.used_at is not None and code.claim != hash_of(claim):
        raise WrongCode()
    people = [one for one in everybody if not choice or one.choice == choice]
    if not people:
        raise NotFound()
    if len(people) > 1:
        return people
    text = derive_token("phone", code.pk, code.nonce, claim)
    if code.used_at is not None and is_alive(text):
        return text
    known = people[0].residents[0].user
    if known is not None:
        _require_opens(known, people[0].residents)
    user = known or _new_account(people[0], consent, at)
    use_code(code=code, claim=claim, at=at)
    how = SignIn(via=Device.Via.PHONE, device=device, text=text)
    token = issue_token(user=user, actor=Actor("user", user.pk), how=how)
    if known is not None:
        tell_of_sign_in(user=user, text=token)
    return token


def _require_opens(user: User, residents: Sequence[Resident]) -> None:
    """A number opens an account that confirmed it itself. One that somebody else entered opens no more than that
    somebody may open anyway (accounts.may_issue_token). Raises AccountHasPost, NumberNotConfirmed.
    """
    if _has_post(user):
        raise AccountHasPost()
    if any(resident.phone_confirmed == resident.phone_index for resident in residents):
        return
    if not any(is_plain_resident_of(user, [one.household.community_id]) for one in residents):
        raise NumberNotConfirmed()


def _new_account(person: Person, consent: str, at: datetime) -> User:
    """For rows without one. The code that came to the phone confirms the number."""
    require_consent(consent)
    user = open_account(name=person.name, actor=Actor("phone"))
    keep_consent(user=user, version=consent, at=at)
    actor = Actor("user", user.pk)
    for resident in person.residents:
        resident.user, resident.phone_confirmed = user, resident.phone_index
        resident.save(update_fields=["user", "phone_confirmed"])
        _record(resident, actor)
        admit_to_household(user=user, household=resident.household, actor=actor, at=at)
    return user


def _has_post(user: User) -> bool:
    posts = Membership.objects.live().filter(user=user).exclude(role=Role.RESIDENT)
    return user.is_superuser or user.is_staff or posts.exists()


def _record(resident: Resident, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action="resident.edited",
        subject=("resident", resident.pk),
        community_id=resident.household.community_id,
        data={"fields": ["user"]},
    )


def _residents(phone_index: str) -> QuerySet[Resident]:
    rows = Resident.objects.filter(
        phone_index=phone_index, left_at=None, household__is_active=True
    ).exclude(user__is_active=False)
    return rows.order_by("pk")


def _choice(code: SignInCode, resident: Resident) -> str:
    """Opaque, and good for this code only."""
    made = salted_hmac("communities.choice", f"{code.pk} {resident.pk}", algorithm="sha256")
    return made.hexdigest()[:32]
