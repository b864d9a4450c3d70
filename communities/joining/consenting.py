"""Consents given, noted and withdrawn. Each is a row; nothing is edited (communities.joining.texts has the words)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from communities.joining import texts
from communities.joining.accounts import OtherConsent
from communities.models import Consent, Household, Membership, Resident, User
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, NotFound
from config.kernel.locks import require_atomic


class LeaveInstead(DomainError):
    code = "leave_instead"
    detail = _("Without this consent nobody can order. To withdraw it, leave the household.")


def consents_of(user: User) -> QuerySet[Consent]:
    return Consent.objects.filter(user=user)


def give_consent(*, user: User, purpose: str, version: str, at: datetime) -> Consent:
    """On a device. Given already, it stays as it is. Raises OtherConsent for a version that is not the newest."""
    require_atomic()
    if texts.current(purpose).version != version:
        raise OtherConsent()
    consent, is_new = Consent.objects.get_or_create(
        user=user,
        purpose=purpose,
        version=version,
        withdrawn_at=None,
        defaults={"how": Consent.How.IN_APP, "given_at": at},
    )
    if is_new:
        _record(consent, Actor("user", user.pk), "consent.given")
    return consent


def withdraw_consent(*, user: User, purpose: str, at: datetime) -> None:
    """All versions; with the one to notes on care goes the note. Withdrawn already, it stays withdrawn: a client may
    have an old answer to its consent before it. Raises LeaveInstead for ordering, NotFound where none was ever given.
    """
    require_atomic()
    if purpose == Consent.Purpose.ORDERING:
        raise LeaveInstead()
    actor = Actor("user", user.pk)
    ended = _withdraw(consents_of(user).filter(purpose=purpose), actor, at)
    if ended and purpose == Consent.Purpose.CARE_NOTES:
        live = Membership.objects.live().filter(user=user)
        _forget_care(Household.objects.filter(pk__in=live.values("household")), actor)


def note_consent(*, resident: Resident, purpose: str, actor: Actor, at: datetime) -> Consent:
    """By word of mouth, to the newest text, noted by whoever heard it. Noted already, it stays as it is."""
    require_atomic()
    consent, is_new = Consent.objects.get_or_create(
        resident=resident,
        purpose=purpose,
        version=texts.current(purpose).version,
        withdrawn_at=None,
        defaults={
            "how": Consent.How.ORAL,
            "noted_by_id": actor.id if actor.kind == "user" else None,
            "given_at": at,
        },
    )
    if is_new:
        _record(consent, actor, "consent.noted", resident.household.community_id)
    return consent


def withdraw_noted(*, resident: Resident, purpose: str, actor: Actor, at: datetime) -> None:
    """What a resident agreed to by word of mouth he withdraws the same way; all versions. With the one to notes on care
    goes the note. Withdrawn already, it stays withdrawn. Raises NotFound where none was ever noted.
    """
    require_atomic()
    noted = Consent.objects.filter(resident=resident, purpose=purpose)
    ended = _withdraw(noted, actor, at, resident.household.community_id)
    if ended and purpose == Consent.Purpose.CARE_NOTES:
        _forget_care(Household.objects.filter(pk=resident.household_id), actor)


def _withdraw(
    consents: QuerySet[Consent], actor: Actor, at: datetime, community_id: int | None = None
) -> bool:
    """Whether there was something left to end."""
    if not consents.exists():
        raise NotFound()
    live = list(consents.filter(withdrawn_at=None).order_by("pk"))
    Consent.objects.filter(pk__in=[one.pk for one in live]).update(withdrawn_at=at)
    for one in live:
        _record(one, actor, "consent.withdrawn", community_id)
    return bool(live)


def _forget_care(homes: QuerySet[Household], actor: Actor) -> None:
    """As the text promises. Where somebody else of the household has agreed, the note is his too and stays."""
    agreed = Consent.objects.filter(purpose=Consent.Purpose.CARE_NOTES, withdrawn_at=None)
    of_resident = agreed.filter(resident__household=OuterRef("pk"), resident__left_at=None)
    of_account = agreed.filter(
        user__in=Membership.objects.live().filter(household=OuterRef(OuterRef("pk"))).values("user")
    )
    noted = homes.filter(~Exists(of_resident), ~Exists(of_account), needs_care=True)
    for home in noted.order_by("pk"):
        Household.objects.filter(pk=home.pk).update(needs_care=False)
        audit.record(
            actor=actor,
            action="household.edited",
            subject=("household", home.pk),
            community_id=home.community_id,
            data={"fields": ["needs_care"]},
        )


def _record(consent: Consent, actor: Actor, action: str, community_id: int | None = None) -> None:
    subject = (
        ("user", consent.user_id) if consent.user_id else ("resident", consent.resident_id or 0)
    )
    audit.record(
        actor=actor,
        action=action,
        subject=subject,
        community_id=community_id,
        data={"purpose": consent.purpose, "version": consent.version},
    )
