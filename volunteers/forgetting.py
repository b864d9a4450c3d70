"""What volunteers' work forgets, and when (config.kernel.forgetting)."""

from __future__ import annotations

from datetime import datetime, timedelta

from config.kernel import forgetting
from config.kernel.forgetting import Rule
from config.kernel.locks import require_atomic
from volunteers.models import PhoneCall
from volunteers.states import CallStatus

KEPT_FOR = timedelta(days=7)


def register() -> None:
    """Called once when the app is ready."""
    forgetting.register(
        Rule(
            "calls",
            "who asked to be called back: name, phone, note",
            "7 days after the call",
            forget_calls,
        )
    )


def forget_calls(now: datetime) -> int:
    """Returns how many. That somebody called, and what came of it, stays."""
    require_atomic()
    done = PhoneCall.objects.filter(
        status=CallStatus.DONE, called_at__lt=now - KEPT_FOR, erased_at=None
    )
    return done.update(name="", note="", phone_encrypted=None, phone_masked="", erased_at=now)
