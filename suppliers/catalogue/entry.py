"""The door of the catalogue pages: signed in, one transaction per action, refusals as sentences.

The frame around our pages (desk/base.html) belongs to the desk, an app above this one: templates
find each other by name, code does not import it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from config.kernel.errors import DomainError, Forbidden, NotFound

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Signed-in people only; a DomainError the view raises becomes a page with its status."""

    @wraps(view)
    @never_cache
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return render(request, "desk/refused.html", {"error": error}, status=error.status)

    return wrapper


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
