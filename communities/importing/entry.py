"""What every page of an import does alike: one transaction per action, refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from config.kernel.errors import DomainError, Forbidden, NotFound


def act(request: HttpRequest, verb: Callable[[], object], *, done: str = "") -> bool:
    """Run one verb in a transaction of its own and tell the person how it went; True if it was done.

    NotFound and Forbidden are raised on, for the whole page to become a refusal.
    """
    try:
        with transaction.atomic(durable=True):
            verb()
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
        return False
    if done:
        messages.success(request, done)
    return True
