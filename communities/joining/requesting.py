"""Ask to join a household with the code of its slip; take the wish back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities import people, personal
from communities.joining import codes
from communities.joining.accounts import require_consent
from communities.joining.codes import find_code
from communities.models import Household, HouseholdCode, JoinRequest, Membership, User
from communities.states import JoinStatus
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.locks import busy_when_locked, require_atomic
from config.kernel.states import advance, advance_all

MAX_WAITING = 6
# A family behind one address; whoever found a slip must not take every place.
MAX_WAITING_FROM_PLACE = 3
WAITS_FOR = timedelta(days=14)
# A token, from the decision. A claim lying about must not open a household for ever.
GOOD_FOR = timedelta(days=30)
CLAIM = r"[A-Za-z0-9_-]{43,128}"
# What a decision leaves of the person in the wish itself. The name of a device that was let in goes with its token.
LET_IN = {"name": "", "phone_encrypted": None, "phone_index": "", "phone_masked": "", "place": ""}
FORGOTTEN = {**LET_IN, "device": ""}


class UnknownCode(DomainError):
    """Never given out, renewed meanwhile, of a flat where nobody lives, or no code at all: one answer."""

    code = "unknown_code"
    detail = _(
        "This code is not good, or not any more. Please look at the slip again, or ask for a new one."
    )


class TooManyWaiting(DomainError):
    code = "too_many_waiting"
    detail = _("Several people wait already to join this household. Please speak to a volunteer.")


@dataclass(frozen=True)
class Asked:
    """What a person says of himself. `consent`: the version of the text on ordering that he read."""

    name: str
    consent: str
    phone: str = ""
    device: str = ""
    lives_elsewhere: bool = False


@busy_when_locked()
def request_join(
    *,
    code: str,
    asked: Asked,
    at: datetime,
    claim: str = "",
    user: User | None = None,
    place: str = "",
) -> JoinRequest:
    """A wish that waits for somebody to approve it. The same claim again is the same wish, whatever else is said: a
    lost reply costs nothing. `claim`: a secret of the device's making, or `user`: who is signed in. `place`: a hash of
    where the request came from.

    Raises UnknownCode, OtherConsent, Invalid (phone, claim), AlreadyGranted, TooManyWaiting. Locks the household's row.
    """
    require_atomic()
    digest = _digest(claim) if user is None else None
    known = JoinRequest.objects.filter(claim=digest).first() if digest else None
    if known is not None:
        return known
    found = find_code(code)
    if found is None:
        raise UnknownCode()
    require_consent(asked.consent)
    home = Household.objects.select_for_update(no_key=True).get(pk=found.household_id)
    known = _asked_before(home, digest, user, place)
    if known is not None:
        return known
    join = JoinRequest(
        community_id=home.community_id,
        household=home,
        user=user,
        name=asked.name,
        lives_elsewhere=asked.lives_elsewhere,
        device=asked.device,
        consent=asked.consent,
        claim=digest,
        place=place,
        asked_at=at,
    )
    people.set_phone(join, asked.phone)
    join.save(force_insert=True)
    codes.count_use(found)
    _record(join, _actor(found, user), "join.asked")
    return join


def withdraw_join(*, join: JoinRequest, actor: Actor, at: datetime) -> None:
    """Raises StaleStatus, IllegalTransition."""
    require_atomic()
    advance(join, to=JoinStatus.WITHDRAWN, decided_at=at, **FORGOTTEN)
    _record(join, actor, "join.withdrawn")


def lapse_joins(at: datetime) -> int:
    """Wishes that nobody decided for so long are withdrawn, and what they say of a person is gone; so is the name of a
    device that never took its token. Returns how many.
    """
    require_atomic()
    old = JoinRequest.objects.filter(asked_at__lt=at - WAITS_FOR)
    lapsed = advance_all(
        old, source=JoinStatus.WAITING, to=JoinStatus.WITHDRAWN, decided_at=at, **FORGOTTEN
    )
    decided = JoinRequest.objects.exclude(status=JoinStatus.WAITING).exclude(device="")
    taken = Q(token_at__isnull=False) | ~Q(status=JoinStatus.APPROVED)
    return lapsed + decided.filter(taken | Q(decided_at__lt=at - GOOD_FOR)).update(device="")


def find_by_claim(*, public_id: UUID, claim: str) -> JoinRequest | None:
    """The wish of a device, locked until the end of the transaction.

    Its account is not joined: whoever waited for the row while somebody approved would see the row anew, and with it
    the account of before, which is none.
    """
    require_atomic()
    rows = JoinRequest.objects.select_for_update()
    return rows.filter(public_id=public_id, claim=_hash(claim)).first()


def _asked_before(
    home: Household, digest: str | None, user: User | None, place: str
) -> JoinRequest | None:
    """What came while we waited for the lock. Caller holds the household's row. Raises AlreadyGranted,
    TooManyWaiting.
    """
    waiting = list(home.join_requests.filter(status=JoinStatus.WAITING))
    same = [
        join
        for join in waiting
        if (digest and join.claim == digest) or (user is not None and join.user_id == user.pk)
    ]
    if same:
        return same[0]
    if user is not None and Membership.objects.live().filter(user=user, household=home).exists():
        raise people.AlreadyGranted()
    from_here = [join for join in waiting if place and join.place == place]
    if len(waiting) >= MAX_WAITING or len(from_here) >= MAX_WAITING_FROM_PLACE:
        raise TooManyWaiting()
    return None


def _digest(claim: str) -> str:
    if not re.fullmatch(CLAIM, claim):
        raise Invalid(fields={"claim": [_("This must be 43 to 128 random letters and digits.")]})
    return _hash(claim)


def _hash(claim: str) -> str:
    return personal.blind_index(f"claim {claim}")


def _actor(code: HouseholdCode, user: User | None) -> Actor:
    return Actor("user", user.pk) if user is not None else Actor("slip", code.pk)


def _record(join: JoinRequest, actor: Actor, action: str) -> None:
    audit.record(
        actor=actor, action=action, subject=("join", join.pk), community_id=join.community_id
    )
