"""What can go wrong before the servers run. Each message says what to do; nothing was changed."""

from __future__ import annotations


class EmbeddedError(Exception):
    """The embedded servers cannot be used; the text is for the person who typed the command."""


class AlreadyRunning(EmbeddedError):
    """Another process holds the servers of this folder."""


class WrongVersion(EmbeddedError):
    """The data folder was made by another major version of PostgreSQL."""
