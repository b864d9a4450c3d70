"""What every page of the desk does alike: one transaction per action, refusals as sentences, input made safe."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.console import number_of, page, refusal, user_of
from config.kernel import idempotency
from config.kernel.errors import DomainError, Forbidden, NotFound
from config.kernel.idempotency import Stored, request_hash
from config.kernel.intake.parsing.text import clean
from config.kernel.states import IllegalTransition, StaleStatus

__all__ = ["act", "back_to", "number_of", "once", "one_of", "page", "text_of"]


def act(request: HttpRequest, verb: Callable[[], object], *, done: str) -> bool:
    """Run one verb in its own transaction and tell the person how it went; True if it was done.

    A second click finds the state moved on: that is no error, the page just shows how things stand. NotFound and
    Forbidden are raised on.
    """
    try:
        with transaction.atomic(durable=True):
            verb()
    except (NotFound, Forbidden):
        raise
    except (StaleStatus, IllegalTransition):
        messages.info(
            request, _("This was done already, or somebody else was faster. Here is how it stands.")
        )
    except DomainError as error:
        messages.error(request, refusal(error))
    else:
        messages.success(request, done)
        return True
    return False


def once(request: HttpRequest, cleaned: Mapping[str, object], make: Callable[[], str]) -> str:
    """What `make` returns, in its own transaction; the first answer if the same page is sent twice, told by its hidden
    field `once`. Raises KeyReused if it was sent with other values meanwhile.
    """
    principal, key = f"user:{user_of(request).pk}", f"desk-{request.POST.get('once', '')}"
    digest = request_hash("POST", request.path, {k: str(v) for k, v in cleaned.items()})
    with transaction.atomic(durable=True):
        first = idempotency.begin(principal=principal, key=key, digest=digest)
        if first is not None:
            return first.body.decode()
        made = make()
        answer = Stored(201, made.encode())
        idempotency.store(principal=principal, key=key, digest=digest, answer=answer)
    return made


def back_to(name: str, *args: object) -> HttpResponse:
    """To the page that shows the result, by GET: reloading it repeats nothing."""
    return redirect(reverse(f"desk:{name}", args=args))


def one_of(given: str, allowed: Collection[str]) -> str:
    """A value of a form's choice. Raises NotFound for anything the page never offered."""
    if given not in allowed:
        raise NotFound()
    return given


def text_of(given: str) -> str:
    """What a person typed, trimmed and without control characters: no text column takes a NUL."""
    return clean(given)
