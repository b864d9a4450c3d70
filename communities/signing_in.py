"""Signing in with a password: a few tries at once, then one a minute."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from communities.models import User
from config.kernel.api.limiting import Rate, limiter
from config.kernel.api.throttling import address_of

logger = logging.getLogger(__name__)

# Seconds: thirty days.
_REMEMBERED = 30 * 24 * 3600


class LogInForm(AdminAuthenticationForm):
    """The console's log-in. A try is counted before the password is looked at, or tries sent side by side would all
    pass; the right password empties the account's bucket. An unknown name is counted alike.

    LOG_IN_RATES. `account` counts account and address together: whoever guesses from elsewhere locks nobody out.
    `address` is all that one address may try with accounts that never signed in from there: a neighbour behind the same
    address who tries hundreds of names stops strangers only.
    """

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "too_many": _("Too many tries. Please wait a minute, then try again."),
    }

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        if self.request is None or not name or not self.cleaned_data.get("password"):
            return super().clean()
        address = address_of(self.request)
        account = f"log-in:{address}:{name}"
        # A locked account takes no place of the address: tries on it hold nobody else up.
        if _is_over("account", account) or (
            not _was_here(account) and _is_over("address", f"log-in:{address}")
        ):
            _note(name, "had to wait")
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        try:
            cleaned = super().clean()
        except ValidationError:
            _note(name, "failed")
            raise
        limiter().empty(account)
        _remember(account)
        _note(name, "succeeded")
        return cleaned


def _was_here(account: str) -> bool:
    """The account has signed in from this address of late. While Valkey is away nobody has."""
    try:
        return cache.get(_key(account)) is not None
    except RedisError:
        return False


def _remember(account: str) -> None:
    with suppress(RedisError):
        cache.set(_key(account), 1, timeout=_REMEMBERED)


def _key(account: str) -> str:
    """Names are of any length and letters; neither name nor address is kept in clear."""
    return (
        f"was-here:{salted_hmac('communities.signing_in', account, algorithm='sha256').hexdigest()}"
    )


def _note(name: str, outcome: str) -> None:
    """Never the name itself: people type their passwords there too. The line of the request has the address."""
    known = User.objects.filter(username=name).values_list("pk", flat=True).first()
    logger.info("log-in of %s %s", f"user:{known}" if known else "an unknown name", outcome)


def _is_over(rate: str, bucket: str) -> bool:
    return limiter().take(bucket, Rate.parse(settings.LOG_IN_RATES[rate])) > 0
