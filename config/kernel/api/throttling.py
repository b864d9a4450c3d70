"""How often somebody may ask: per principal, or per address while nobody is signed in."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from config.kernel.api.command import principal_of
from config.kernel.api.limiting import Rate, limiter

if TYPE_CHECKING:
    # DRF reads its settings, and with them this module, while its views are being imported.
    from rest_framework.views import APIView


class ThrottleByPrincipal(BaseThrottle):
    """Rates in DEFAULT_THROTTLE_RATES: `principal` and `anonymous`. The address is judged by NUM_PROXIES."""

    def __init__(self) -> None:
        self._wait = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        rates = api_settings.DEFAULT_THROTTLE_RATES
        if request.auth is not None:
            name, rate = principal_of(request), rates["principal"]
        else:
            name, rate = f"address:{address_of(request)}", rates["anonymous"]
        self._wait = limiter().take(name, Rate.parse(str(rate)))
        return self._wait == 0

    def wait(self) -> float:
        return self._wait


def address_of(request: HttpRequest | Request) -> str:
    """Where a request comes from, by NUM_PROXIES; a network where one customer has many addresses."""
    return network_of(BaseThrottle().get_ident(request))  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def network_of(address: str | None) -> str:
    """The address, or the /64 of an IPv6 address (one customer has all of it); `unknown` for anything else."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
