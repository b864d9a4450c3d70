"""The page itself says nothing about anybody: whoever opens it gets the same; all else comes over the API."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from orders.states import RequestStatus

_A_YEAR = 365 * 24 * 3600


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """`?language=` is remembered in a cookie, and the address is clean again. What stands behind the # stays."""
    chosen = request.GET.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return render(request, "phone/page.html", {"states": RequestStatus.choices})
    answer = redirect("phone:page")
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=_A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return answer
