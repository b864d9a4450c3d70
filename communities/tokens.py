"""Residents' and volunteers' tokens: one per device, stored as a hash, expiring, revocable."""

from __future__ import annotations

from knox.auth import TokenAuthentication as KnoxAuthentication


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer <token>`."""
