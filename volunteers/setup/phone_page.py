"""Where residents' phones go: the address on slips and posters."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

# On a slip the code follows behind a #.
_PATH = "/m/"
_NEAR = (".local", ".lan", ".home", ".internal", ".localhost", ".home.arpa")


class Reach(StrEnum):
    """From where an address can be opened, by its look."""

    EVERYWHERE = "everywhere"
    NEAR = "near"  # phones in the same network
    HERE = "here"  # this machine alone


def phone_page(request: HttpRequest) -> str:
    """PUBLIC_URL's page; without that setting the one of the host that the request named."""
    root = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    return f"{root}{_PATH}"


def reach_of(address: str) -> Reach:
    host = (urlsplit(address).hostname or "").rstrip(".")
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        if host == "localhost" or host.endswith(".localhost"):
            return Reach.HERE
        return Reach.NEAR if "." not in host or host.endswith(_NEAR) else Reach.EVERYWHERE
    if number.is_loopback or number.is_unspecified:
        return Reach.HERE
    return Reach.EVERYWHERE if number.is_global else Reach.NEAR
