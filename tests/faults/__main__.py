"""`python -m tests.faults`: servers of our own under var/faults, one family after the other, a table, results.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from config.embedded.home import open_home
from config.embedded.ports import LOOPBACK, bind
from config.embedded.servers import ROOT, RunRecord, find_running, start_servers
from tests.faults.programs import Keeper
from tests.faults.stage import Stage
from tests.faults.tally import Tally, table, whole

# In the order of running.
FAMILIES = (
    "races",
    "retries",
    "roads",
    "closing",
    "kills",
    "away",
    "events",
    "clocks",
    "disk",
    "damage",
    "demo",
)
_NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEY", "BLIND_INDEX_KEY")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument(
        "--only",
        help="families, with commas; the others stay in results.json as they were: "
        + ", ".join(FAMILIES),
    )
    parser.add_argument("--small", action="store_true", help="seconds instead of minutes")
    options = parser.parse_args(arguments)
    names = options.only.split(",") if options.only else FAMILIES
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve() / "faults"
    began = time.monotonic()
    kept = _earlier(folder / "results.json") if options.only else {}
    tallies = kept | play(folder, names, seed=options.seed, small=options.small)
    results = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "seed": options.seed,
        "small": options.small,
        "seconds": round(time.monotonic() - began, 1),
        **whole(tallies),
    }
    text = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
    (folder / "results.json").write_text(text, encoding="utf-8")
    sys.stdout.write(f"\nseed {options.seed}, {results['seconds']} s\n{table(tallies)}\n")
    for tally in tallies.values():
        for sentence in tally.violations:
            sys.stdout.write(f"VIOLATED: {sentence}\n")
        for name, failed in tally.controls.items():
            if not failed:
                sys.stdout.write(f"CONTROL PASSED, so it proves nothing: {name}\n")
    return 0 if all(tally.passed for tally in tallies.values()) else 1


def _earlier(path: Path) -> dict[str, Tally]:
    """What the other families found last time: `--only` repeats some of them."""
    if not path.exists():
        return {}
    families = json.loads(path.read_text(encoding="utf-8"))["families"]
    return {
        name: Tally(**{**found, "faults": Counter(found["faults"])})
        for name, found in families.items()
    }


def play(folder: Path, names: Sequence[str], *, seed: int, small: bool) -> dict[str, Tally]:
    """Every family's tally, by name. Raises EmbeddedError when the servers cannot start."""
    for name in _NOT_INHERITED:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    _wipe(folder)
    keeper = Keeper()
    tallies: dict[str, Tally] = {}
    try:
        with _servers(folder, keeper) as stage:
            for name in names:
                rng, began = random.Random(f"{seed} {name}"), time.monotonic()
                try:
                    tally = import_module(f"tests.faults.{name}").run(stage, rng, small=small)
                except Exception as error:
                    traceback.print_exc()
                    tally = Tally(violations=[f"ended by {type(error).__name__}: {error}"])
                stage.end_programs()
                tally.faults += stage.take_faults()
                tally.seconds = round(time.monotonic() - began, 1)
                tallies[name] = tally
    finally:
        keeper.end()
    return tallies


@contextmanager
def _servers(folder: Path, keeper: Keeper) -> Iterator[Stage]:
    home = open_home(folder, say=_say)
    RunRecord(ports={"postgres": _low_port(), "valkey": _low_port()}).write(home)
    servers = keeper.run(lambda: start_servers(folder, say=_say, command="faults"))
    try:
        os.environ |= servers.environment
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ["LOG_LEVEL"] = "WARNING"
        import django  # noqa: PLC0415 -- settings need the servers' addresses

        django.setup()
        logs = folder / "log"
        logs.mkdir(exist_ok=True)
        stage = Stage(servers, keeper, folder=logs)
        try:
            stage.make_template()
            yield stage
        finally:
            stage.end()
    finally:
        keeper.run(servers.stop)


def _wipe(folder: Path) -> None:
    """An empty folder, the data that root keeps elsewhere included."""
    if find_running(folder) is not None:
        raise SystemExit(f"Servers run in {folder}; stop them first.")
    home = folder / "embedded"
    if home.is_symlink():
        shutil.rmtree(home.resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _low_port() -> int:
    """Below those that the kernel gives to clients: while a server is away nobody else can take its port, nor can a
    client that tries again and again connect to itself.
    """
    while True:
        port = random.SystemRandom().randrange(15_000, 30_000)
        try:
            bind(LOOPBACK, port).close()
        except OSError:
            continue
        return port


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
