"""Everybody who may knock at the API: what he sends, and what he is by the names of the world alone.

Nothing here asks the product: expectations that were computed by the rules they test could not fail.
"""

from __future__ import annotations

from enum import StrEnum

from tests.rights.world import OFFICERS, RESIDENTS, STAFF_HERE, STAFF_THERE


class Kind(StrEnum):
    """How far an identity gets before anybody asks whose the object is."""

    UNKNOWN = "sends nothing that the API looks at"
    DEAD_TOKEN = "a token that is not, or no longer, good"
    DEAD_KEY = "a supplier's key that is not, or no longer, good"
    ACCOUNT = "an account"
    KEY = "a supplier"


KINDS: dict[str, Kind] = {
    **dict.fromkeys(("anonymous", "other_scheme", "console_session"), Kind.UNKNOWN),
    **dict.fromkeys(
        (
            *("broken_token", "expired_token", "revoked_token", "inactive", "monitoring"),
            # Without a role, or not any more: their tokens ended with it.
            *("moved_out", "former_organiser", "nobody"),
        ),
        Kind.DEAD_TOKEN,
    ),
    **dict.fromkeys(("broken_key", "revoked_key", "supplier_gone"), Kind.DEAD_KEY),
    **dict.fromkeys(
        (name for name in RESIDENTS if name not in ("inactive", "moved_out")), Kind.ACCOUNT
    ),
    **dict.fromkeys((*STAFF_HERE, *STAFF_THERE, *OFFICERS), Kind.ACCOUNT),
    "admin": Kind.ACCOUNT,
    **dict.fromkeys(("supplier_shop", "supplier_baker", "supplier_shared"), Kind.KEY),
}

# Where nobody signs in, some of each kind ask.
PASSERS_BY = (
    *("anonymous", "console_session", "broken_token", "inactive", "revoked_key", "resident"),
    *("organiser_here", "officer_street", "admin", "supplier_shop", "monitoring"),
)

# Whoever lives somewhere now. Nobody else is a resident: an officer of the committee sees no basket.
LIVES: dict[str, list[str]] = {
    name: homes
    for name, homes in RESIDENTS.items()
    if name not in ("moved_out", "inactive", "empty_flat")
}
