"""A pytest plugin, loaded first: real servers for the whole run, unless DATABASE_URL names others."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded import Servers, start_servers
from config.embedded.catalogues import compile_catalogues

_ROOT = Path(__file__).resolve().parent.parent
_MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3


def _var_dir() -> Path:
    """`make test` asks for memory: the whole run writes nine gigabytes. On the disk where there is no room in it, and
    for a single test, whose template of a database stays there for the next one.
    """
    if named := os.environ.get("TEST_VAR_DIR"):
        return Path(named)
    if not os.environ.get("TEST_IN_MEMORY") or not os.access(_MEMORY, os.W_OK):
        return _ROOT / "var" / "test"
    if shutil.disk_usage(_MEMORY).free < _ROOM:
        return _ROOT / "var" / "test"
    # Under the same name again, so that a run that was killed leaves nothing for ever.
    folder = _MEMORY / f"jidan-test-{hashlib.sha256(bytes(_ROOT)).hexdigest()[:12]}"
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} is somebody else's")
    return folder


# Before Django reads them, and before there are workers of xdist that would all write the same file.
compile_catalogues(_ROOT / "locale")

# Workers of xdist inherit the environment, and with it the servers.
_servers: Servers | None = None
if "DATABASE_URL" not in os.environ:
    _folder = _var_dir()
    _servers = start_servers(_folder, command="pytest")
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
        if _folder.parent == _MEMORY:
            shutil.rmtree(_folder, ignore_errors=True)
