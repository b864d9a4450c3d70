"""Messages as sentences: an app tells how its kinds read, the inbox puts the numbers in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

_sentences: dict[str, Promise] = {}


def name_kinds(sentences: Mapping[str, Promise]) -> None:
    """Kind of message → lazy sentence with named placeholders for its data; once, when the app's API is loaded."""
    _sentences.update(sentences)


def sentence_of(kind: str, data: Mapping[str, Any]) -> str:
    """In the reader's language; "" for a kind nobody named or data that does not fill it (an old message)."""
    template = _sentences.get(kind)
    try:
        return str(template) % dict(data) if template is not None else ""
    except (KeyError, TypeError, ValueError):
        return ""
