"""The address of a person: named, confirmed by a code that was sent there, given up."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from email.errors import MessageError

from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from communities import personal
from communities.models import Mailbox, MailMessage, User
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, NotFound
from config.kernel.locks import require_atomic

GOOD_FOR = timedelta(minutes=30)
# Codes that go to whatever address one account names, in a day.
MOST_CODES = 5


class TooManyCodes(DomainError):
    code = "too_many_codes"
    status = 429
    detail = _("Too many codes were sent today. Please try again tomorrow.")


class NotAnAddress(DomainError):
    """Of the right shape, and still nobody's."""

    code = "not_an_address"
    status = 422
    detail = _("This is not an e-mail address.")


def set_mailbox(
    *, user: User, address: str | None, quiet: tuple[time, time] | None, at: datetime
) -> Mailbox:
    """Where to (None: as before) and when not (None: as the community has it). A new address is sent a code, and
    nothing else before that is typed; named again while it is not confirmed, it is sent another.

    Raises NotAnAddress, TooManyCodes. Locks the account's row.
    """
    require_atomic()
    # So that two taps are one code after the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    box = Mailbox.objects.filter(user=user).first()
    if address is not None or box is None:
        wanted = _checked(address or "")
        if box is None or box.confirmed_at is None or _address_of(box) != wanted:
            box = _name(user, wanted, at)
    box.quiet_from, box.quiet_until = quiet or (None, None)
    box.save(update_fields=["quiet_from", "quiet_until"])
    return box


def _name(user: User, wanted: str, at: datetime) -> Mailbox:
    """What waits for the address before goes nowhere any more. Caller holds the account's row."""
    _require_patience(user, at)
    Mailbox.objects.filter(user=user).delete()
    box = Mailbox.objects.create(
        user=user,
        address_encrypted=personal.encrypt(wanted),
        address_masked=mask_address(wanted),
        nonce=secrets.token_hex(16),
        asked_at=at,
    )
    MailMessage.objects.create(mailbox=box, created_at=at, available_at=at)
    _record(user, "mailbox.named")
    return box


def confirm_mailbox(*, user: User, typed: str, at: datetime) -> Mailbox:
    """The mailbox, confirmed if `typed` is its code. A wrong one is counted, so nothing is raised for it: that must be
    committed. Raises NotFound where there is none. Locks the row.
    """
    require_atomic()
    box = Mailbox.objects.select_for_update().filter(user=user).first()
    if box is None:
        raise NotFound()
    is_over = box.tries >= Mailbox.MOST_TRIES or at >= box.asked_at + GOOD_FOR
    if box.confirmed_at is not None or is_over:
        return box
    if not constant_time_compare(typed, code_of(box)):
        box.tries += 1
        box.save(update_fields=["tries"])
        return box
    box.confirmed_at = at
    box.save(update_fields=["confirmed_at"])
    _record(user, "mailbox.confirmed")
    return box


def forget_mailbox(*, user: User) -> None:
    """No letters any more; what waited is gone too. Again, or without one, nothing happens."""
    require_atomic()
    if Mailbox.objects.filter(user=user).delete()[0]:
        _record(user, "mailbox.forgotten")


def code_of(box: Mailbox) -> str:
    """Six digits."""
    digest = salted_hmac("communities.mailbox", f"{box.pk} {box.nonce}", algorithm="sha256")
    return f"{int(digest.hexdigest(), 16) % 10**6:06}"


def mask_address(address: str) -> str:
    """`w***@example.org`."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"[:80]


def _address_of(box: Mailbox) -> str:
    return personal.decrypt(bytes(box.address_encrypted))


def _checked(address: str) -> str:
    wanted = address.strip()
    try:
        validate_email(wanted)
        # As the letter will be written: what no server can be told is nobody's address.
        sanitize_address(wanted, "utf-8")
    except (ValidationError, ValueError, MessageError) as error:
        raise NotAnAddress() from error
    return wanted


def _require_patience(user: User, at: datetime) -> None:
    """Counted in the audit, which nobody can empty by naming another address. Caller holds the account's row."""
    named = audit.AuditEntry.objects.filter(
        subject_kind="user",
        subject_id=user.pk,
        action="mailbox.named",
        at__gt=at - timedelta(days=1),
    )
    if named.count() >= MOST_CODES:
        raise TooManyCodes()


def _record(user: User, action: str) -> None:
    audit.record(actor=Actor("user", user.pk), action=action, subject=("user", user.pk))
