"""Codes that people read off paper and type: `ABCD-EFGH-JK`. Knows no Django."""

from __future__ import annotations

import secrets
import unicodedata

# Crockford's base 32: I, L, O and U are left out, and whoever types one meant 1, 1, 0 or V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
BITS = 5 * LENGTH
_MEANT = str.maketrans("ILOU", "110V")
_PARTS = ((0, 4), (4, 8), (8, 10))


def make_code() -> str:
    """A new code of 50 random bits, as it is printed."""
    signs = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
    return "-".join(signs[start:end] for start, end in _PARTS)


def read_code(typed: str) -> str:
    """The code as it is printed, from whatever was typed (small, full-width, blanks, other hyphens); "" for no code."""
    folded = unicodedata.normalize("NFKC", typed[:100]).upper()
    signs = "".join(sign for sign in folded if sign.isalnum()).translate(_MEANT)
    if len(signs) != LENGTH or not set(signs) <= set(ALPHABET):
        return ""
    return "-".join(signs[start:end] for start, end in _PARTS)
