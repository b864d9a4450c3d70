"""The door of the desk: who may come in, one transaction per action, refusals as sentences."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from communities.console import refusal, user_of
from config.kernel.errors import DomainError, Forbidden, NotFound
from config.kernel.states import IllegalTransition, StaleStatus

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page of the desk, for accounts that may enter the console; what they see there the access functions decide.
    NotFound, Forbidden and the like become a page with that status.
    """

    @wraps(view)
    @never_cache
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        try:
            user = user_of(request)
            if not user.is_staff:
                raise Forbidden()
            return view(request, *args, **kwargs)
        except DomainError as error:
            return render(request, "desk/refused.html", {"error": error}, status=error.status)

    return wrapper


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


def back_to(name: str, *args: object) -> HttpResponse:
    """To the page that shows the result, by GET: reloading it repeats nothing."""
    return redirect(reverse(f"desk:{name}", args=args))


def one_of(given: str, allowed: Collection[str]) -> str:
    """A value of a form's choice. Raises NotFound for anything the page never offered."""
    if given not in allowed:
        raise NotFound()
    return given
