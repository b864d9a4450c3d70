"""For machines that watch: does the process live, can it serve, and the figures."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.health.checks import Check, Verdict, run_checks
from config.health.exposition import exposition


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process lives. No statement, nothing asked of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 while this process can serve (`ready`, or `warning` when a person should look), else 503 (`not ready`)."""
    checks = run_checks()
    status = _status(checks)
    body = {
        "status": status,
        "checks": {
            check.name: {"status": check.verdict, **_rounded(check.figures)} for check in checks
        },
    }
    return JsonResponse(body, status=503 if status == "not ready" else 200)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The same figures in Prometheus' text format; for strangers there is no such page."""
    if not _may_read_metrics(request):
        raise Http404
    return HttpResponse(
        exposition(run_checks()), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def _status(checks: list[Check]) -> str:
    verdicts = {check.verdict for check in checks}
    if Verdict.FAILING in verdicts:
        return "not ready"
    return "ready" if verdicts == {Verdict.OK} else "warning"


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in figures.items()}


def _may_read_metrics(request: HttpRequest) -> bool:
    """With METRICS_TOKEN as bearer token; in the embedded mode also from this machine, unless through a proxy."""
    wanted = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if wanted and hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return True
    forwarded = {"X-Forwarded-For", "Forwarded", "Via"} & {*request.headers}
    return (
        bool(settings.EMBEDDED)
        and not forwarded
        and _is_loopback(request.META.get("REMOTE_ADDR", ""))
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
