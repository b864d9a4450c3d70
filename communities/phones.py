"""Phone numbers as written in China. Pure."""

from __future__ import annotations

import phonenumbers


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
