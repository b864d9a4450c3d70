"""Whether accounts with known passwords may exist here."""

from __future__ import annotations

import os
from ipaddress import ip_address

from django.conf import settings


def may_have_demo_log_ins() -> bool:
    """In the embedded mode, while only this machine can reach it."""
    return bool(settings.EMBEDDED) and is_loopback(os.environ.get("WEB_HOST") or "127.0.0.1")


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
