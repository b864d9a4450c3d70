"""Whose phone it is. Neighbours share one, families do, and one person may live behind two doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from communities.joining.accounts import keep_consent, open_account, require_consent
from communities.joining.one_time import WrongCode, hash_of, use_code
from communities.models import Device, Membership, Resident, SignInCode, User
from communities.people import admit_to_household
from communities.roles import Role
from communities.tokens import SignIn, derive_token, is_alive, issue_token
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, NotFound
from config.kernel.locks import require_atomic


class AccountHasPost(DomainError):
    """A token lends all that its account may do: a number that somebody edited must not get him an officer's."""

    code = "account_has_post"
    detail = _(
        "This phone number belongs to somebody with a post. Please join with your household's slip."
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


def people_behind(code: SignInCode) -> list[Person]:
    """Everybody who has this number: rows of one account, or of one name, are one person. One statement."""
    found: dict[str, list[Resident]] = {}
    for resident in _residents(code.phone_index).select_related(
        "household__building", "household__community", "user"
    ):
        who = f"user {resident.user_id}" if resident.user_id else f"name {resident.name}"
        found.setdefault(who, []).append(resident)
    return [Person(_choice(code, rows[0]), rows) for rows in found.values()]


def sign_in_by_phone(
    *, code: SignInCode, choice: str, claim: str, device: str, consent: str, at: datetime
) -> str | list[Person]:
    """The token of the person; while it is not clear who of several it is, they are, and the code stays good.

    Opens an account for a resident of the roster who has none, and lets him into his households. The same code and
    claim get the same token. Raises WrongCode (nobody has this number), NotFound (no such choice), AccountHasPost,
    OtherConsent. Caller holds the code's row and has compared the code.
    """
    require_atomic()
    everybody = people_behind(code)
    if not everybody or (code.used_at is not None and code.claim != hash_of(claim)):
        raise WrongCode()
    people = [one for one in everybody if not choice or one.choice == choice]
    if not people:
        raise NotFound()
    if len(people) > 1:
        return people
    text = derive_token("phone", code.pk, code.nonce, claim)
    if code.used_at is not None and is_alive(text):
        return text
    user = _account(people[0], consent, at)
    use_code(code=code, claim=claim, at=at)
    how = SignIn(via=Device.Via.PHONE, device=device, text=text)
    return issue_token(user=user, actor=Actor("user", user.pk), how=how)


def _account(person: Person, consent: str, at: datetime) -> User:
    user = person.residents[0].user
    if user is not None and _has_post(user):
        raise AccountHasPost()
    if user is None:
        require_consent(consent)
        user = open_account(name=person.name, actor=Actor("phone"))
        keep_consent(user=user, version=consent, at=at)
    actor = Actor("user", user.pk)
    for resident in person.residents:
        if resident.user_id is None:
            resident.user = user
            resident.save(update_fields=["user"])
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
