"""Web without one guard, for the controls: `UNGUARDED` says which, of repeats (key, hash, bytes) or of the roads
(tests.faults.roads.unguarded).
"""

from __future__ import annotations

import os
import uuid
from importlib import import_module
from typing import Any

from config.wsgi import application

__all__ = ["application"]

# Models need Django set up, which the line above did.
idempotency: Any = import_module("config.kernel.idempotency")


def _without_keys() -> None:
    def begin(**_given: object) -> None:
        return None

    def store(**_given: object) -> None:
        return None

    idempotency.begin, idempotency.store = begin, store


def _without_hashes() -> None:
    def same(*_request: object) -> str:
        return "0" * 64

    idempotency.request_hash = same


def _with_other_bytes() -> None:
    """A repeat is answered out of the stored answer, in other bytes."""
    find = idempotency.begin

    def begin(**given: str) -> Any:
        stored = find(**given)
        if stored is None:
            return None
        return idempotency.Stored(stored.status, stored.body + b" " * (uuid.uuid4().int % 2 + 1))

    idempotency.begin = begin


def _take_away(guard: str) -> None:
    own = {"key": _without_keys, "hash": _without_hashes, "bytes": _with_other_bytes}
    if guard in own:
        own[guard]()
    else:
        import_module("tests.faults.roads.unguarded").take_away()


_take_away(os.environ["UNGUARDED"])
