"""Why a played round is not what it should be."""

from __future__ import annotations


class DemoFailed(Exception):
    """The text is for the person who started the demo."""
