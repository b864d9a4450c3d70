"""Servers for one management command: those that run already, or some for just as long as it takes."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.embedded.errors import AlreadyRunning
from config.embedded.home import Say, open_home
from config.embedded.servers import Servers, find_running, say_on_stderr, start_servers

_PATIENCE = 60.0


def environment(var_dir: Path) -> dict[str, str]:
    """The variables of the servers that run in this clone now; empty when none do."""
    record = find_running(var_dir)
    return dict(record.environment) if record else {}


@contextlib.contextmanager
def servers_for_command(
    var_dir: Path, *, given: Mapping[str, str] | None = None, say: Say = say_on_stderr
) -> Iterator[dict[str, str]]:
    """Yield the variables a command needs beyond `given` (usually os.environ).

    Uses the servers of a running `manage.py up` or of another command; starts and stops its own
    when there are none. If `given` names both a database and a broker, nothing is started or made.
    """
    given = given or {}
    if all(given.get(name) or given.get(f"{name}_FILE") for name in ("DATABASE_URL", "REDIS_URL")):
        yield {}
        return
    guests = open_home(var_dir, say=say).folder / "guests"
    with guests.open("a") as mark:
        guests.chmod(0o600)
        deadline = time.monotonic() + _PATIENCE
        while True:
            # As long as we hold this, a command that lent us its servers does not stop them.
            fcntl.flock(mark, fcntl.LOCK_SH)
            if running := environment(var_dir):
                yield running
                return
            fcntl.flock(mark, fcntl.LOCK_UN)
            try:
                servers = start_servers(var_dir, say=say, given=given)
            except AlreadyRunning:
                # Another command is just starting or stopping them.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
                continue
            yield from _lend(servers, mark.fileno(), say=say)
            return


def _lend(servers: Servers, mark: int, *, say: Say) -> Iterator[dict[str, str]]:
    with servers:
        yield servers.environment
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command uses the database; waiting for it before stopping the servers.")
            fcntl.flock(mark, fcntl.LOCK_EX)
