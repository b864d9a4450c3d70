"""A pytest plugin, loaded first: real servers under var/test for the whole run, unless DATABASE_URL names others."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded import Servers, start_servers
from config.embedded.catalogues import compile_catalogues

_ROOT = Path(__file__).resolve().parent.parent
_VAR_DIR = Path(os.environ.get("TEST_VAR_DIR") or _ROOT / "var" / "test")

# Before Django reads them, and before there are workers of xdist that would all write the same file.
compile_catalogues(_ROOT / "locale")

# Workers of xdist inherit the environment, and with it the servers.
_servers: Servers | None = None
if "DATABASE_URL" not in os.environ:
    _servers = start_servers(_VAR_DIR, command="pytest")
    os.environ.update(_servers.environment)
    os.environ["TEST_SERVERS"] = "ours"  # tests/database.py keeps a database there

# A Valkey database for each worker: what one counts or clears is nothing to another.
if _worker := os.environ.get("PYTEST_XDIST_WORKER"):
    _url = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = _url._replace(
        path=f"/{1 + int(_worker.removeprefix('gw')) % 7}"
    ).geturl()


def pytest_unconfigure() -> None:
    if _servers is not None:
        _servers.stop()
