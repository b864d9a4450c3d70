"""Personal values: encrypted at rest, found by a keyed blind index, shown masked.

Keys come from FIELD_KEY (comma-separated, newest first: rotation) and BLIND_INDEX_KEY.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache

import phonenumbers
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


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


def normalise_phone(text: str) -> str:
    """E.164 of a number written as in China (`138 0013 8000`, `021-64380000`). ValueError if it is none."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("not a phone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def mask_phone(e164: str) -> str:
    """`+8613812345678` → `138****5678`; other numbers keep their last four digits."""
    national = e164.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) == 11 else f"****{national[-4:]}"
