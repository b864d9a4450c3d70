"""Personal values: encrypted at rest, found by a keyed blind index, shown masked.

Keys come from FIELD_KEY (comma-separated, newest first: rotation) and BLIND_INDEX_KEY.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from communities.phones import mask_phone, normalise_phone

__all__ = ["blind_index", "decrypt", "encrypt", "mask_phone", "normalise_phone"]


@cache
def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])


def encrypt(value: str) -> bytes:
    return _fernet().encrypt(value.encode())


def decrypt(token: bytes) -> str:
    """Raises cryptography.fernet.InvalidToken if no key fits."""
    return _fernet().decrypt(bytes(token)).decode()


def blind_index(value: str) -> str:
    """HMAC-SHA256 in hex: equal values can be found without being readable."""
    return hmac.new(settings.BLIND_INDEX_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()
