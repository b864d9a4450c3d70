"""The secrets of the embedded mode: made once, kept beside the data they protect."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from cryptography.fernet import Fernet

from config.embedded.errors import EmbeddedError
from config.embedded.home import Home


@dataclass(frozen=True)
class Secrets:
    """All text without characters that need quoting in a URL or a configuration line.

    `postgres_admin` is the superuser's password, `postgres_owner` that of the role which owns the
    database; `field_key` is a Fernet key and cannot be replaced without losing encrypted fields.
    """

    postgres_admin: str
    postgres_owner: str
    valkey: str
    secret_key: str
    field_key: str
    blind_index_key: str


def load_or_make(home: Home) -> Secrets:
    """Read secrets.json, or write it (0600) for a new home. The caller holds the home's lock."""
    path = home.folder / "secrets.json"
    if path.exists():
        return _read(path)
    if (home.folder / "postgres").exists():
        raise EmbeddedError(
            f"{path} is missing, but there is data beside it that cannot be read without it. "
            f"Bring the file back from a backup, or move {home.folder} away to begin anew."
        )
    made = Secrets(
        postgres_admin=secrets.token_urlsafe(24),
        postgres_owner=secrets.token_urlsafe(24),
        valkey=secrets.token_urlsafe(24),
        secret_key=secrets.token_urlsafe(48),
        field_key=Fernet.generate_key().decode(),
        blind_index_key=secrets.token_urlsafe(32),
    )
    write_private(path, json.dumps(asdict(made), indent=1))
    return made


def write_private(path: Path, text: str) -> None:
    """Replace a file at once and for its owner's eyes only; a crash leaves the old or the new one."""
    partial = path.with_suffix(".new")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _read(path: Path) -> Secrets:
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Secrets(**{field.name: str(stored[field.name]) for field in fields(Secrets)})
    except (ValueError, KeyError, TypeError) as error:
        raise EmbeddedError(
            f"{path} is damaged ({error!r}). Bring it back from a backup."
        ) from error
