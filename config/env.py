"""Typed readers of the environment. What is missing or not understood stops the start with one clear sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

_env = Env()


def text(name: str, default: str | None = None) -> str:
    """A text; `NAME_FILE` may name a file that holds it (container secrets). Raises ImproperlyConfigured."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path!r} cannot be read: {error}") from error
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"{name} is not set (or {name}_FILE).")
    return value


def flag(name: str, default: bool) -> bool:
    """true/false, yes/no, on/off, 1/0; anything else raises ImproperlyConfigured."""
    try:
        return bool(_env.bool(name, default))
    except EnvError as error:
        raise ImproperlyConfigured(str(error)) from error


def whole(name: str, default: int) -> int:
    """A whole number; anything else raises ImproperlyConfigured."""
    try:
        return int(_env.int(name, default))
    except EnvError as error:
        raise ImproperlyConfigured(str(error)) from error


def items(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty members."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def address(name: str) -> str:
    """`https://host`, `http://host:port`, no slash behind it; empty if not set. Raises ImproperlyConfigured."""
    value = text(name, "").rstrip("/")
    parts = urlsplit(value)
    is_plain = (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    )
    if value and (not is_plain or value != f"{parts.scheme}://{parts.netloc}"):
        raise ImproperlyConfigured(
            f"{name} must look like https://jidan.example.org (got {value!r})."
        )
    return value


def program() -> str:
    """What this process is: web, worker, beat, or the management command it runs."""
    started, *words = sys.argv
    if "gunicorn" in started:
        return "web"
    known = [word for word in words if word in ("worker", "beat")] if "celery" in started else words
    return known[0][:40] if known else Path(started).name


def database(name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/database?option=value`.

    The query part goes to libpq as it is (host=/a/socket/folder, sslmode=require …).
    """
    url = urlsplit(text(name))
    if url.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql:// (got {url.scheme!r}).")
    options = dict(parse_qsl(url.query))
    host = options.pop("host", url.hostname or "")
    port = options.pop("port", str(url.port or ""))
    if not url.path.lstrip("/"):
        raise ImproperlyConfigured(f"{name} names no database.")
    return {
        "ENGINE": "config.kernel.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(host),
        "PORT": port,
        "OPTIONS": options,
    }
