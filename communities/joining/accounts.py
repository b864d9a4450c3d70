"""What every way in has in common: an account without a password, and the consent it rests on."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from communities import people
from communities.joining import texts
from communities.models import Consent, User
from config.kernel.audit import Actor
from config.kernel.errors import DomainError


class OtherConsent(DomainError):
    code = "consent_outdated"
    detail = _("The text of the consent is another by now. Please read it and agree once more.")


def require_consent(version: str) -> None:
    """To what is asked for today, for ordering. Raises OtherConsent."""
    if version != texts.current(Consent.Purpose.ORDERING).version:
        raise OtherConsent()


def keep_consent(*, user: User, version: str, at: datetime) -> None:
    """Given in the app, for ordering. Once."""
    Consent.objects.bulk_create(
        [
            Consent(
                user=user,
                purpose=Consent.Purpose.ORDERING,
                version=version,
                how=Consent.How.IN_APP,
                given_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def open_account(*, name: str, actor: Actor) -> User:
    """Without a password, under a user name that nobody types and that tells nothing."""
    return people.create_user(
        username=f"home-{secrets.token_hex(6)}", password=None, display_name=name, actor=actor
    )
