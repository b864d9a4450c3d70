"""What can be told only once: tokens, the supplier's key, the password of the demo log-ins."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from config.embedded.keyring import write_private

FILE_NAME = "wanping.json"
# Without 0, 1, l, o, so that it can be read aloud.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


@dataclass
class Credentials:
    """`tokens` by household: `1-101`. `password` is empty where there are no demo log-ins."""

    supplier_key: str = ""
    password: str = ""
    tokens: dict[str, str] = field(default_factory=dict)


def make_password() -> str:
    """Another one in each clone: 60 bits, three times four letters."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def save(path: Path, credentials: Credentials) -> None:
    """For the owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, json.dumps(asdict(credentials), ensure_ascii=False, indent=1))


def load(path: Path) -> Credentials | None:
    """None if there is no such file (any more): then nothing in it can be had again."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Credentials(**stored)
