"""What a letter says, and whether it is still worth saying."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from communities.mailing.address import code_of
from communities.models import MailMessage
from communities.wording import sentence_of

# Nobody wants to read it after that.
_TOO_OLD = timedelta(days=3)
# Members of a message's data that say until when it is worth saying.
_UNTIL = ("closes_at", "decides_at", "until_at")


def words_of(row: MailMessage) -> tuple[str, str]:
    """Subject and text; no text if nobody knows the sentence."""
    if row.message is None:
        text = _("Your code is %(code)s. Type it on the page where you named this address.")
        why = _("If it was not you, throw this letter away: nothing more will come.")
        return _("[Jidan] Your code"), f"{text % {'code': code_of(row.mailbox)}}\n\n{why}"
    sentence = sentence_of(row.message.kind, row.message.data)
    if not sentence:
        return "", ""
    about = " ".join(str(row.message.data.get("title") or _("News for you")).split())
    why = _("You get this because you asked for messages by e-mail. You can end that on the page.")
    return f"{_('[Jidan]')} {about[:60]}", f"{sentence}\n\n{why}"


def is_useless(row: MailMessage, moment: datetime) -> bool:
    """Nobody is told tomorrow morning that something closes tonight."""
    data: Mapping[str, Any] = row.message.data if row.message else {}
    until = [datetime.fromisoformat(data[name]) for name in _UNTIL if name in data]
    return moment >= min([*until, row.created_at + _TOO_OLD])
