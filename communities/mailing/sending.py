"""Letters are sent: found by state, a batch over one connection, each between two short transactions.

At least once: who dies after the letter and before the second transaction sends it again. One job at a time for all
letters, so that a slow server holds up one worker and not all of them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import translation

from communities import personal
from communities.mailing.quiet import may_go_at
from communities.mailing.words import is_useless, words_of
from communities.models import MailMessage
from config.kernel import clock
from config.kernel.checkpoints import reach
from config.kernel.jobs import Job, Stage, Subject, register
from config.kernel.states import advance

logger = logging.getLogger(__name__)

STAGE = "communities.mail"
BATCH = 50
MAX_FAILURES = 8
# Longer than EMAIL_TIMEOUT: who holds a letter so long is dead.
_LEASE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)
_S = MailMessage.S
# The letter's own fault, and not the server's: nobody there, or an address that cannot be written down for a server
# (UnicodeError is a ValueError, as is a line break in a header).
_REFUSED = (SMTPRecipientsRefused, ValueError, MessageError)


def register_stage() -> None:
    """Called once when the app is ready."""
    register(Stage(STAGE, lambda _job: send_due(), due, then=(STAGE,)))


def due() -> list[Subject]:
    """The first letter that may go, in the name of all of them. One statement."""
    waiting = MailMessage.objects.filter(
        status=_S.WAITING, available_at__lte=clock.database_clock()
    )
    heads = waiting.order_by("available_at", "pk").values_list("pk", "turn")[:1]
    return [Subject("letter", pk, turn + 1) for pk, turn in heads]


@dataclass(frozen=True)
class _Letter:
    """What is sent once the first transaction has ended."""

    id: int
    turn: int
    to: str
    subject: str
    text: str


def send_due() -> None:
    """A batch of whatever is due by now."""
    server = get_connection()
    try:
        server.open()
    except (SMTPException, OSError) as error:
        logger.warning("no mail server: letters wait for five minutes (%s)", type(error).__name__)
        _put_off_all()
        return
    try:
        _send_batch(server)
    finally:
        server.close()


def _send_batch(server: BaseEmailBackend) -> None:
    for _turn in range(BATCH):
        with transaction.atomic(durable=True):
            found, letter = begin()
        if not found:
            return
        if letter is None:
            continue
        error = _send(server, letter)
        reach("letter sent")
        with transaction.atomic(durable=True):
            finish(letter_id=letter.id, turn=letter.turn, error=error)
        if error is not None and not isinstance(error, _REFUSED):
            # The connection may be gone: the next job opens another.
            return


def _send(server: BaseEmailBackend, letter: _Letter) -> Exception | None:
    mail = EmailMessage(letter.subject, letter.text, None, [letter.to], connection=server)
    try:
        mail.send()
    except (SMTPException, OSError, ValueError, MessageError) as error:
        return error
    return None


def begin() -> tuple[bool, _Letter | None]:
    """Whether a letter was due, and the letter if it is to go now: in the quiet hours of its reader it waits for the
    morning, and what would be useless by now is not sent. Takes the letter's row; others take the next one.
    """
    moment = clock.database_now()
    waiting = MailMessage.objects.filter(status=_S.WAITING, available_at__lte=moment)
    rows = waiting.select_for_update(of=("self",), skip_locked=True)
    row = rows.select_related("mailbox", "message").order_by("available_at", "pk").first()
    if row is None:
        return False, None
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = words_of(row)
    if not text or is_useless(row, moment):
        advance(row, to=_S.EXPIRED)
        return True, None
    free = may_go_at(row, moment)
    if free > moment:
        _wait(row, until=free)
        return True, None
    _wait(row, until=moment + _LEASE)
    to = personal.decrypt(bytes(row.mailbox.address_encrypted))
    return True, _Letter(row.pk, row.turn + 1, to, subject, text)


def finish(*, letter_id: int, turn: int, error: Exception | None) -> None:
    """Write down what became of it, unless another worker has taken it meanwhile."""
    rows = MailMessage.objects.select_for_update(of=("self",))
    row = rows.filter(pk=letter_id, turn=turn, status=_S.WAITING).first()
    if row is None:
        return
    if error is None:
        advance(row, to=_S.SENT, sent_at=clock.database_now(), last_error="")
        return
    # Only its kind: what a server says repeats the address.
    said, failures = type(error).__name__, row.failures + 1
    if isinstance(error, _REFUSED) or failures >= MAX_FAILURES:
        advance(row, to=_S.FAILED, last_error=said, failures=failures)
        return
    pause = timedelta(seconds=min(3600, 15 * 2**row.failures))
    _wait(row, until=clock.database_now() + pause, last_error=said, failures=failures)


def _put_off_all() -> None:
    """The server's fault counts against no letter."""
    moment = clock.database_now()
    with transaction.atomic(durable=True):
        MailMessage.objects.filter(status=_S.WAITING, available_at__lte=moment).update(
            available_at=moment + _LEASE, turn=F("turn") + 1
        )


def forget_letters(now: datetime) -> int:
    """Letters of last week, and the jobs that sent them; returns how many letters."""
    before = now - KEPT_FOR
    Job.objects.filter(stage=STAGE, created_at__lt=before).exclude(done_at=None).delete()
    old = MailMessage.objects.filter(created_at__lt=before).exclude(status=_S.WAITING)
    return old.delete()[0]


def _wait(row: MailMessage, *, until: datetime, **changes: object) -> None:
    """Another turn, another job."""
    MailMessage.objects.filter(pk=row.pk).update(available_at=until, turn=F("turn") + 1, **changes)
