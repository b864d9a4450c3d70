"""How a one-time code gets to a phone: the log of this machine, e-mail to an SMS gateway, or a gateway's web hook."""

from __future__ import annotations

import json
import logging
import smtplib
from collections.abc import Callable
from typing import Protocol

import requests
from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# Seconds to connect and to answer: a gateway that hangs must not hold a worker.
PATIENCE = (3.05, 5)


class CodeSender(Protocol):
    """Sends at least once; raises whatever keeps the message from being taken."""

    def send(self, *, number: str, code: str) -> None:
        """`number`: E.164."""


class NotTaken(Exception):
    """The gateway answered, but did not take the message. Never says what it answered: it may repeat the number."""


def text_of(code: str) -> str:
    return _("[Jidan] Your code is %(code)s, good for 5 minutes. Do not tell it to anybody.") % {
        "code": code
    }


class ConsoleSender:
    """Into the log of this machine: for the embedded mode and for development only (config.settings sees to it)."""

    def send(self, *, number: str, code: str) -> None:
        logger.warning("one-time code for the phone ending in %s: %s", number[-4:], code)


class EmailSender:
    """A mail to CODE_EMAIL_TO, where `{phone}` stands for the digits: what many SMS gateways take."""

    def send(self, *, number: str, code: str) -> None:
        to = settings.CODE_EMAIL_TO.replace("{phone}", number.removeprefix("+"))
        try:
            send_mail(_("Your code"), text_of(code), None, [to])
        except smtplib.SMTPException as error:
            raise NotTaken(f"the mail server refused: {type(error).__name__}") from None


class WebhookSender:
    """POST to CODE_WEBHOOK_URL: JSON made of CODE_WEBHOOK_BODY, in whose texts `{phone}`, `{code}` and `{text}` are
    filled in. Any 2xx is taken for a yes; no redirect is followed.
    """

    def send(self, *, number: str, code: str) -> None:
        filled = {"{phone}": number, "{code}": code, "{text}": text_of(code)}
        token = settings.CODE_WEBHOOK_TOKEN
        answer = requests.post(
            settings.CODE_WEBHOOK_URL,
            json=_fill(json.loads(settings.CODE_WEBHOOK_BODY), filled),
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=PATIENCE,
            allow_redirects=False,
        )
        if not 200 <= answer.status_code < 300:
            raise NotTaken(f"the SMS gateway answered {answer.status_code}")


def _fill(template: object, filled: dict[str, str]) -> object:
    """After parsing, so that no value can break out of its text."""
    if isinstance(template, dict):
        return {name: _fill(member, filled) for name, member in template.items()}
    if isinstance(template, list):
        return [_fill(member, filled) for member in template]
    if isinstance(template, str):
        for name, value in filled.items():
            template = template.replace(name, value)
    return template


_SENDERS: dict[str, Callable[[], CodeSender]] = {
    "console": ConsoleSender,
    "email": EmailSender,
    "webhook": WebhookSender,
}


def sender() -> CodeSender | None:
    """By CODE_SENDER; None where nobody set one up."""
    return _SENDERS[settings.CODE_SENDER]() if settings.CODE_SENDER else None
