"""The demo's own servers under var/demo, with a clock of their own. Imports no Django.

    python -m seeds.demo --seconds 60

The round closes at a fixed moment of April 2022, whatever the date is: CLOCK_OFFSET_SECONDS of all
processes is chosen so that this moment is about `seconds` away. So the same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import http.client
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from config.embedded import EmbeddedError, start_servers
from config.embedded.processes import has_ended, spawn, stop
from config.embedded.servers import ROOT, find_running
from seeds.demo.baskets import SEED

# 2022-04-21 12:00 in Shanghai, in seconds since the epoch.
CUTOFF = 1_650_513_600
DEFAULT_SECONDS = 60
# What `up` and the first steps at the desk take before anybody orders: not more than migrating and seeding did, twice.
_START_SECONDS = 8.0
_READY_SECONDS = 90.0
# Of the person who types the command: neither his servers nor his secrets are ours.
_NOT_INHERITED = (
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "FIELD_KEY",
    "BLIND_INDEX_KEY",
    "WEB_HOST",
    "WEB_PORT",
    "ALLOWED_HOSTS",
    "JIDAN_EMBEDDED",
    "CLOCK_OFFSET_SECONDS",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds", type=int, default=DEFAULT_SECONDS, help="for ordering, about (60)"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="decides who orders what")
    parser.add_argument(
        "--twice", action="store_true", help="play it twice and compare the files byte for byte"
    )


def main() -> int:
    """`python -m seeds.demo`."""
    parser = argparse.ArgumentParser(prog="python -m seeds.demo", description=__doc__)
    add_arguments(parser)
    options = parser.parse_args()
    return run(seconds=options.seconds, seed=options.seed, twice=options.twice)


def run(*, seconds: int, seed: int, twice: bool) -> int:
    """Exit code 0 if the round was played and everything was the same everywhere."""
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve() / "demo"
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _alone(folder):
            code = _play(folder, seconds, seed)
            if not twice or code:
                return code
            first = _hashes(folder)
            return _play(folder, seconds, seed) or _compare(first, _hashes(folder))
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _play(folder: Path, seconds: int, seed: int) -> int:
    _wipe(folder)
    names = [option for name in _NOT_INHERITED for option in (name, f"{name}_FILE")]
    environment = {name: text for name, text in os.environ.items() if name not in names}
    environment["VAR_DIR"] = str(folder)
    with (folder / "processes.log").open("ab", buffering=0) as log:
        began = time.monotonic()
        _prepare(folder, environment, log)
        start_seconds = max(_START_SECONDS, 2 * (time.monotonic() - began))
        offset = round(CUTOFF - seconds - start_seconds - time.time())
        environment |= {"CLOCK_OFFSET_SECONDS": str(offset), "PYTHONUNBUFFERED": "1"}
        with _running(folder, environment, log):
            return _manage(
                environment, sys.stdout.fileno(), "demo", "--inside", "--seed", str(seed)
            )


def _prepare(folder: Path, environment: Mapping[str, str], log: IO[bytes]) -> None:
    """Migrate and seed before the clock is set, so that this takes nothing of the time for ordering."""

    def say(text: str) -> None:
        log.write(f"{text}\n".encode())

    with start_servers(folder, say=say, given=environment) as servers:
        for command in (("migrate", "--no-input"), ("seed", "wanping")):
            if _manage({**environment, **servers.environment}, log.fileno(), *command):
                raise EmbeddedError(f"manage.py {command[0]} failed; see {log.name}.")


@contextlib.contextmanager
def _running(folder: Path, environment: Mapping[str, str], log: IO[bytes]) -> Iterator[None]:
    """`manage.py up` as everybody starts it, until the block ends."""
    command = [sys.executable, str(ROOT / "manage.py"), "up", "--host", "127.0.0.1", "--port", "0"]
    process = spawn(
        command, environment=environment, cwd=ROOT, dies_by=signal.SIGTERM, output=log.fileno()
    )
    try:
        deadline = time.monotonic() + _READY_SECONDS
        while not _answers(folder):
            if has_ended(process) or time.monotonic() > deadline:
                raise EmbeddedError(f"The servers did not start; see {log.name}.")
            time.sleep(0.05)
        yield
    finally:
        stop(process, by=signal.SIGTERM, seconds=40)


def _answers(folder: Path) -> bool:
    record = find_running(folder)
    port = record.environment.get("WEB_PORT") if record else None
    if port is None:
        return False
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=1)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _manage(environment: Mapping[str, str], output: int, *arguments: str) -> int:
    process = spawn(
        [sys.executable, ROOT / "manage.py", *arguments],
        environment=environment,
        cwd=ROOT,
        dies_by=signal.SIGTERM,
        output=output,
    )
    try:
        while not has_ended(process):
            time.sleep(0.05)
    except BaseException:
        stop(process, by=signal.SIGTERM, seconds=5)
        raise
    return int(process.returncode)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One demo at a time in a clone."""
    folder.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EmbeddedError("Another demo is being played in this clone.") from error
        yield


def _wipe(folder: Path) -> None:
    """An empty folder, the data that root keeps elsewhere included."""
    if find_running(folder) is not None:
        raise EmbeddedError(f"Servers run in {folder}; stop them first.")
    home = folder / "embedded"
    if home.is_symlink():
        shutil.rmtree(home.resolve(), ignore_errors=True)
    shutil.rmtree(folder)
    folder.mkdir()


def _hashes(folder: Path) -> dict[str, str]:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return {file["name"]: file["sha256"] for file in summary["files"]}


def _compare(first: Mapping[str, str], second: Mapping[str, str]) -> int:
    different = [name for name in {*first, *second} if first.get(name) != second.get(name)]
    if different:
        sys.stderr.write(f"Not the same bytes the second time: {sorted(different)}\n")
        return 1
    sys.stdout.write(f"Twice the same bytes: {len(first)} files.\n")
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
