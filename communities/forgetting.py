"""What the communities forget, and when (config.kernel.forgetting)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from knox.models import AuthToken

from communities.address_questions import erase_closed_questions
from communities.joining.leaving import erase_residents
from communities.joining.requesting import lapse_joins
from communities.joining.sending import forget_codes
from communities.mailing.sending import forget_letters
from config.kernel import forgetting
from config.kernel.forgetting import Rule


def register() -> None:
    """Called once when the app is ready."""
    forgetting.register(
        Rule("tokens", "tokens of devices", "once they have expired", _tokens),
        Rule("sessions", "sessions of the console", "once they have expired", _sessions),
        Rule("codes", "one-time codes and their phone numbers", "after a day", forget_codes),
        Rule(
            "joins",
            "wishes to join: name, phone, device",
            "with the decision, the device of who was let in with his token; 14 days after they were made, if "
            "nobody decides",
            lapse_joins,
        ),
        Rule(
            "residents",
            "name, phone and account of a resident",
            "30 days after he moved out",
            erase_residents,
        ),
        Rule(
            "address questions",
            "words and phone of an address that was not sure",
            "30 days after it was answered or dropped",
            erase_closed_questions,
        ),
        Rule(
            "letters", "letters by e-mail that went out, or did not", "after 7 days", forget_letters
        ),
    )


def _tokens(now: datetime) -> int:
    """They were refused already."""
    return int(AuthToken.objects.filter(expiry__lt=now).delete()[0])


def _sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0]
