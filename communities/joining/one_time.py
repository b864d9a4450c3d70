"""One-time codes: asked for, compared, sent. Whether a phone number is known here nobody learns before the code is
right: up to then a known and an unknown one take the same statements.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from communities import personal
from communities.models import SignInCode, User
from config.kernel.errors import DomainError, Invalid
from config.kernel.locks import busy_when_locked, require_atomic

# Asked once more so soon, the same code is sent again: two messages on one phone must not contradict each other.
SAME_AGAIN = timedelta(minutes=2)


class WrongCode(DomainError):
    """Wrong, too late, tried too often, used, or never sent: one answer."""

    code = "wrong_code"
    detail = _("This code is wrong or no longer good. Please check it, or ask for a new one.")


def normalised(phone: str) -> str:
    """E.164. Raises Invalid."""
    try:
        return personal.normalise_phone(phone)
    except ValueError as error:
        raise Invalid(fields={"phone": [_("This is not a phone number.")]}) from error


def ask_for_code(
    *, number: str, at: datetime, claim: str = "", user: User | None = None
) -> SignInCode:
    """A code for the number (E.164), good for five minutes, to be sent by the stage communities.send_code. With a
    `claim` it is good for that only: nobody else's tries spend it, nobody else's asking replaces it. With `user`, who
    is signed in, it is sent to any number.
    """
    require_atomic()
    asker = hash_of(claim) if claim else ""
    newest = _newest(number, [asker])
    if newest is not None and _may_be_sent_again(newest, at):
        newest.sends += 1
        newest.phone_encrypted = personal.encrypt(number)
        newest.save(update_fields=["sends", "phone_encrypted"])
        return newest
    return SignInCode.objects.create(
        phone_index=personal.blind_index(number),
        phone_encrypted=personal.encrypt(number),
        nonce=secrets.token_hex(16),
        asked_by=asker,
        user=user,
        asked_at=at,
        expires_at=at + SignInCode.GOOD_FOR,
    )


def _may_be_sent_again(code: SignInCode, at: datetime) -> bool:
    return code.used_at is None and code.tries == 0 and at < code.asked_at + SAME_AGAIN


@busy_when_locked()
def compare_code(
    *, number: str, typed: str, claim: str, at: datetime, own_only: bool = False
) -> SignInCode | None:
    """The code's row, if `typed` is the newest code that this claim asked for, or else (but for `own_only`) that
    nobody in particular did; a wrong one is counted, and that must be committed.

    A code that was used is right once more for the claim that used it: a lost reply costs nothing. Locks the row, so
    that no two tries sent side by side are the same try.
    """
    require_atomic()
    code = _newest(number, [hash_of(claim)] if own_only else ["", hash_of(claim)])
    if (
        code is None
        or code.expires_at <= at
        or code.tries >= SignInCode.MOST_TRIES
        or not code.sent
    ):
        return None
    used_elsewhere = code.used_at is not None and code.claim != hash_of(claim)
    if constant_time_compare(typed, text_of(code)) and not used_elsewhere:
        return code
    code.tries += 1
    code.save(update_fields=["tries"])
    return None


def use_code(*, code: SignInCode, claim: str, at: datetime) -> None:
    """Caller holds the row."""
    code.used_at, code.claim = code.used_at or at, hash_of(claim)
    code.save(update_fields=["used_at", "claim"])


def text_of(code: SignInCode) -> str:
    """Six digits."""
    digest = salted_hmac("communities.sign_in_code", f"{code.pk} {code.nonce}", algorithm="sha256")
    return f"{int(digest.hexdigest(), 16) % 10**6:06}"


def hash_of(claim: str) -> str:
    return personal.blind_index(f"claim {claim}")


def _newest(number: str, askers: list[str]) -> SignInCode | None:
    """The asker's own before nobody's."""
    rows = SignInCode.objects.select_for_update().filter(
        phone_index=personal.blind_index(number), asked_by__in=askers
    )
    return rows.order_by("-asked_by", "-pk").first()
