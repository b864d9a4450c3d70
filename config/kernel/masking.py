"""Phones, secrets and query strings taken out of texts that are kept: log lines, error reports, last errors.

What is known by its form is masked. A name or a room is not, so no log statement of ours carries one.
"""

from __future__ import annotations

import re

HIDDEN = "***"

# Repetitions have an end, so that a long text made to be slow is not.

# 11 digits beginning 13 to 19, however they are grouped, with or without 86; not a part of a longer number.
_PHONE = (
    r"(?<!\d)(?:(?:\+|00)?86[\s-]?)?"
    r"(?P<head>[1１][\s-]?[3-9３-９][\s-]?\d)(?:[\s-]?\d){4}(?P<tail>(?:[\s-]?\d){4})(?!\d)"
)
# Ids of ours: digits in them are nobody's phone.
_ID = r"(?P<id>\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b|\b[0-9A-Fa-f]{32}\b)"
# Hashes too: a token is as long as a SHA-256, and nobody can tell them apart.
_LONG_HEX = r"(?<![0-9A-Za-z])[0-9A-Fa-f]{40,}(?![0-9A-Za-z])"
_FERNET = r"gAAAA[\w-]{20,}={0,2}"
_SCHEME = r"(?P<kept>\b(?:Bearer|Basic|Digest|Token)\s+)[\w.~+/=-]{8,}"
_SUPPLIER_KEY = r"(?P<kept>\bjd_[0-9a-f]{1,12}_)[0-9A-Za-z]+"
_NAMES = (
    r"passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|_key|authorization|cookie"
    r"|session_?id|signature"
)
_NAMED = (
    rf"(?P<kept>\b[\w-]{{0,40}}(?:{_NAMES})[\w-]{{0,40}}(?:\\?[\"'])?\s{{0,9}}(?:[:=]|=>)\s{{0,9}})"
    r"(?:[bru]?\\?\"(?:[^\"\\]|\\.)*\\?\"|[bru]?'(?:[^'\\]|\\.)*'|\[[^\]]*\]|[^\s,;&)}\]]+)"
)
_CREDENTIALS = r"(?P<kept>\b[a-z][a-z0-9+.-]{0,20}://[^\s:/@?#]{0,100}:)[^\s@]{1,200}(?=@)"
_QUERY = r"(?P<kept>/[^\s?\"'<>]{0,300}\?)[^\s\"'<>]+"
# PostgreSQL quotes the row or the key that it refuses.
_ROW = r"(?P<kept>Failing row contains )\(.*\)"
_KEY = r"(?P<kept>Key \([^)\n]{0,200}\)=)\(.{0,500}?\)(?= already| is not| is still| conflicts|\.|\s|$)"
# What gunicorn says of a request that it cannot read.
_PEER = r"(?P<kept>\bip=\d{1,3}\.\d{1,3}\.\d{1,3}\.)\d{1,3}"

_KEEPING_HEAD = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (_SUPPLIER_KEY, _SCHEME, _CREDENTIALS, _QUERY, _NAMED, _ROW, _KEY, _PEER)
)
_WHOLE = re.compile(f"{_LONG_HEX}|{_FERNET}")
_PHONES = re.compile(f"{_ID}|{_PHONE}")
# One cheap look for most lines, which hold none of it.
_SUSPECT = re.compile(
    rf"\d[\s-]?\d(?:[\s-]?\d){{9}}|[0-9a-f]{{40}}|://|\?|jd_|gAAAA|bearer|basic|digest|{_NAMES}|contains \(|Key \(|ip=",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """The text without phones (138****5678), tokens, keys, passwords, query strings and rows that were refused."""
    if not _SUSPECT.search(text):
        return text
    for form in _KEEPING_HEAD:
        text = form.sub(rf"\g<kept>{HIDDEN}", text)
    return _PHONES.sub(_phone, _WHOLE.sub(HIDDEN, text))


def _phone(match: re.Match[str]) -> str:
    if match["id"]:
        return match["id"]
    head, tail = ("".join(filter(str.isdigit, match[part])) for part in ("head", "tail"))
    return f"{head}****{tail}"
