"""Who may hand out tokens and end them, and the one way to see a stored phone number."""

from __future__ import annotations

from collections.abc import Collection

from knox.models import AuthToken

from communities import personal
from communities.access import communities_of
from communities.models import Membership, Resident, User
from communities.roles import COORDINATORS, Role
from communities.tokens import record_tokens
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.locks import require_atomic


def may_issue_token(user: User, account: User) -> bool:
    """A token is a log-in: coordinators give it only to plain residents of their own communities, never to people
    who hold another role anywhere (it would lend that role to whoever holds the token).
    """
    if user.is_superuser:
        return True
    if account.is_superuser or account.is_staff:
        return False
    return is_plain_resident_of(
        account, set(communities_of(user, COORDINATORS).values_list("pk", flat=True))
    )


def is_plain_resident_of(account: User, communities: Collection[int]) -> bool:
    """Whether the account has homes, all of them in these communities, and no other role anywhere: then nobody who may
    do things there gets at more by it.
    """
    live = list(Membership.objects.live().filter(user=account).values_list("role", "community_id"))
    return bool(live) and all(
        role == Role.RESIDENT and community in communities for role, community in live
    )


def revoke_tokens(*, user: User, actor: Actor) -> int:
    """End every token of the account at once; returns how many there were."""
    require_atomic()
    _all, rows = AuthToken.objects.filter(user=user).delete()
    count = int(rows.get("knox.AuthToken", 0))
    record_tokens(user=user, action="token.revoked", actor=actor, data={"count": count})
    return count


def show_phone(*, resident: Resident, actor: Actor) -> str:
    """The whole number in E.164, "" if there is none. Looking is an act: the audit keeps it."""
    require_atomic()
    audit.record(
        actor=actor,
        action="resident.phone_shown",
        subject=("resident", resident.pk),
        community_id=resident.household.community_id,
    )
    return personal.decrypt(bytes(resident.phone_encrypted)) if resident.phone_encrypted else ""
