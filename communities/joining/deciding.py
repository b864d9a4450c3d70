"""Let somebody in, or not. Who may decide is asked at the edge; here it happens once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from communities import people
from communities.accounts import revoke_tokens
from communities.joining.accounts import keep_consent, open_account
from communities.joining.requesting import FORGOTTEN, LET_IN
from communities.models import Household, JoinRequest, Membership, Resident, User
from communities.notices import people_to_tell, tell
from communities.roles import Role
from communities.states import JoinStatus
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.locks import busy_when_locked, require_atomic
from config.kernel.states import IllegalTransition, StaleStatus, advance


class NotTheSame(DomainError):
    """Whoever may let somebody into this household must not hand out what else an account opens."""

    code = "not_the_same"
    detail = _(
        "This account cannot be taken over: it has other households or a post, or it ended. Let the person in as "
        "somebody new, or have the account’s role ended first."
    )


class NobodyLivesThere(DomainError):
    code = "household_given_up"
    detail = _("Nobody lives in this household any more, so nobody can join it.")


@busy_when_locked()
def approve_join(*, join: JoinRequest, actor: Actor, at: datetime) -> Membership:
    """An account (a new one, unless somebody signed in asked), his membership, his place among the residents, his
    consent. Those who order for the household already are told.

    Raises StaleStatus (somebody was faster), IllegalTransition, NobodyLivesThere, AlreadyGranted. Locks the
    household's row, then the wish's.
    """
    require_atomic()
    home = Household.objects.select_for_update(no_key=True).get(pk=join.household_id)
    join.refresh_from_db()
    _require_waiting(join)
    if not home.is_active:
        raise NobodyLivesThere()
    others = list(people_to_tell(Household.objects.filter(pk=home.pk)))
    user = join.user or open_account(name=join.name, actor=actor)
    membership = people.admit_to_household(
        user=user,
        household=home,
        lives_elsewhere=join.lives_elsewhere,
        actor=actor,
        at=at,
    )
    _place_resident(join, home, user, actor)
    _let_in(join, user, actor, at=at, action="join.approved")
    tell(user_ids=others, event_key=f"join.approved:{join.pk}", kind="join.approved", data={})
    return membership


@busy_when_locked()
def approve_new_phone(*, join: JoinRequest, resident_id: int, actor: Actor, at: datetime) -> None:
    """Whoever asks is this resident, with another phone: he gets the account he has, and is signed out everywhere else.
    So nobody stands there twice, and a phone that was lost orders no more.

    Raises NotTheSame for an account that opens more than this household, StaleStatus, IllegalTransition. Locks the
    household's row, then the wish's.
    """
    require_atomic()
    home = Household.objects.select_for_update(no_key=True).get(pk=join.household_id)
    join.refresh_from_db()
    _require_waiting(join)
    user = _account_there(home, resident_id)
    if join.user is not None or user is None:
        raise NotTheSame()
    revoke_tokens(user=user, actor=actor)
    _let_in(join, user, actor, at=at, action="join.new_phone")
    tell(
        user_ids=[user.pk],
        event_key=f"join.new_phone:{join.pk}",
        kind="device.signed_in",
        data={},
    )


def refuse_join(*, join: JoinRequest, actor: Actor, reason: str, at: datetime) -> None:
    """The reason is shown to who asked. Raises Invalid without one, StaleStatus, IllegalTransition."""
    require_atomic()
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Please write a reason: it is shown to who asked.")]})
    by = actor.id if actor.kind == "user" else None
    advance(
        join,
        to=JoinStatus.REFUSED,
        decided_at=at,
        decided_by_id=by,
        reason=reason.strip()[:200],
        **FORGOTTEN,
    )
    _record(join, actor, "join.refused")


def _require_waiting(join: JoinRequest) -> None:
    """Before anything is made for it: the CAS below would find out, but after a new account."""
    if join.status == JoinStatus.APPROVED:
        raise StaleStatus()
    if join.status != JoinStatus.WAITING:
        raise IllegalTransition(source=join.status, target=str(JoinStatus.APPROVED))


def _let_in(join: JoinRequest, user: User, actor: Actor, *, at: datetime, action: str) -> None:
    keep_consent(user=user, version=join.consent, at=join.asked_at)
    advance(
        join,
        to=JoinStatus.APPROVED,
        decided_at=at,
        decided_by_id=actor.id if actor.kind == "user" else None,
        user=user,
        **LET_IN,
    )
    _record(join, actor, action)


def _account_there(home: Household, resident_id: int) -> User | None:
    """The account of one who lives there, if it opens this household and nothing else."""
    resident = home.residents.present().filter(pk=resident_id, user__is_active=True).first()
    user = resident.user if resident is not None else None
    if user is None or user.is_superuser or user.is_staff:
        return None
    live = Membership.objects.live().filter(user=user).values_list("role", "household_id")
    return user if [*live] == [(Role.RESIDENT, home.pk)] else None


def _place_resident(join: JoinRequest, home: Household, user: User, actor: Actor) -> None:
    """The resident of this name who has no account yet, or else a new one. A phone number on the roster stays, but only
    one that he gave himself is confirmed.
    """
    free = home.residents.present().filter(user=None, name=join.name)
    resident: Resident | None = free.order_by("pk").first()
    if resident is None:
        resident = people.add_resident(household=home, name=join.name, user=user, actor=actor)
    resident.user, changed = user, ["user"]
    if join.phone_index and not resident.phone_index:
        for column in ("phone_encrypted", "phone_index", "phone_masked"):
            setattr(resident, column, getattr(join, column))
            changed.append(column)
    resident.phone_confirmed = join.phone_index if join.phone_index == resident.phone_index else ""
    resident.phone_closed = ""
    resident.save(update_fields=[*changed, "phone_confirmed", "phone_closed"])
    audit.record(
        actor=actor,
        action="resident.edited",
        subject=("resident", resident.pk),
        community_id=home.community_id,
        data={"fields": sorted(changed)},
    )


def _record(join: JoinRequest, actor: Actor, action: str) -> None:
    audit.record(
        actor=actor, action=action, subject=("join", join.pk), community_id=join.community_id
    )
