"""What clients asked and what they heard, whoever they are: the outside view that the database is held against."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Refusals that ask for the same request again.
_AGAIN = ("busy", "idempotency_key_in_flight")


def is_final(status: int, body: bytes) -> bool:
    """Whether a client knows by this answer what became of its command."""
    if status == 409:
        return json.loads(body).get("code") not in _AGAIN
    return status < 500 and status != 429


@dataclass
class Entry:
    """One command under one Idempotency-Key: every answer it got, in order; None for a reply that never came."""

    principal: str
    method: str
    path: str
    body: Mapping[str, Any]
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)

    @property
    def success(self) -> bytes | None:
        """The body of the first 2xx answer."""
        return next((each[1] for each in self.answers if each and 200 <= each[0] < 300), None)

    @property
    def is_open(self) -> bool:
        """No success was heard, and the last word was not a refusal: the database may hold it or not. Whose token ended
        after a lost reply learns nothing of it any more.
        """
        last = self.answers[-1] if self.answers else None
        is_shut_out = last is not None and last[0] == 401 and None in self.answers
        return self.success is None and (last is None or is_shut_out or not is_final(*last))

    @property
    def may_come_late(self) -> bool:
        """A reply was lost: that copy may have stood in a line while a repeat was refused (sold out, say), and be
        carried out after it.
        """
        return self.success is None and None in self.answers


class Book:
    """Safe for threads. Keys are unique over all clients of a book."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.entries: dict[str, Entry] = {}

    def ask(
        self, key: str, *, principal: str, method: str, path: str, body: Mapping[str, Any]
    ) -> None:
        """Before each sending; a repeat under the same key is the same entry. `principal`: `user:<id>`."""
        with self._lock:
            self.entries.setdefault(key, Entry(principal, method, path, body))

    def hear(self, key: str, answer: tuple[int, bytes] | None) -> None:
        """Status and body, or None if the line broke."""
        with self._lock:
            self.entries[key].answers.append(answer)

    def count(self, *, lost: bool = False) -> int:
        """Entries with a success; `lost`: those with a reply that never came."""
        with self._lock:
            entries = list(self.entries.values())
        if lost:
            return sum(None in entry.answers for entry in entries)
        return sum(entry.success is not None for entry in entries)
