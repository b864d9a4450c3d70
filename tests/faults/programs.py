"""Web, workers and beat as children, by the words of `manage.py up`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import psutil

from config.embedded.processes import has_ended, kill_group, spawn, stop
from config.embedded.servers import ROOT
from config.embedded.up import BEAT, CLOSER, CLOSER_OPTIONS, WEB, WORKER, WORKER_OPTIONS

Result = TypeVar("Result")
_QUIET = ("-W", "ignore:You're running the worker")


class Keeper:
    """One thread that starts every child: the kernel ends a child with the thread that started it."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")

    def run(self, work: Callable[[], Result]) -> Result:
        return self._pool.submit(work).result()

    def end(self) -> None:
        self._pool.shutdown()


class Program:
    """A running child. `kind` is web, worker, beat …; `reached` exists once it stands at its checkpoint."""

    def __init__(
        self, kind: str, process: subprocess.Popen[bytes], *, log: Path, reached: Path | None
    ) -> None:
        self.kind = kind
        self.process = process
        self.log = log
        self.reached = reached

    def is_alive(self) -> bool:
        return not has_ended(self.process)

    def stands_at_checkpoint(self) -> bool:
        return self.reached is not None and self.reached.exists()

    def children(self) -> list[psutil.Process]:
        """The pool of a worker, gunicorn's workers."""
        try:
            return list(psutil.Process(self.process.pid).children())
        except psutil.Error:
            return []

    def kill(self, *, only_leader: bool = False) -> None:
        """kill -9. `only_leader` leaves its children to notice by themselves (the last of them are ended later)."""
        if only_leader:
            self.process.kill()
            self.process.wait()
        else:
            kill_group(self.process.pid)
            has_ended(self.process)
            self.process.wait()

    def end(self) -> None:
        """SIGTERM, then what is left of its group."""
        stop(self.process, by=signal.SIGTERM, seconds=8)
        kill_group(self.process.pid)


def web_command(handle: int) -> list[str]:
    return [sys.executable, "-m", *WEB, "--bind", f"fd://{handle}"]


def worker_command(concurrency: int, more: Sequence[str]) -> list[str]:
    options = [*WORKER_OPTIONS, "--concurrency", str(concurrency), *more]
    return [sys.executable, *_QUIET, "-m", *WORKER, *options]


def closer_command() -> list[str]:
    return [sys.executable, *_QUIET, "-m", *CLOSER, *CLOSER_OPTIONS]


def beat_command() -> list[str]:
    return [sys.executable, "-m", *BEAT]


def begin(
    kind: str,
    command: Sequence[str],
    environment: dict[str, str],
    *,
    folder: Path,
    pass_fds: Sequence[int] = (),
    checkpoint: str = "",
    number: int = 0,
) -> Program:
    """Start a child whose output goes to <folder>/<kind>-<number>.log. Call it in the keeper's thread."""
    reached = folder / f"reached-{number}" if checkpoint else None
    if reached is not None:
        reached.unlink(missing_ok=True)
        environment = {**environment, "CHECKPOINT": f"{checkpoint}@{reached}"}
    log = folder / f"{kind}-{number}.log"
    with log.open("wb") as output:
        process = spawn(
            command,
            environment={**environment, "PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            output=output,
            pass_fds=pass_fds,
        )
    return Program(kind, process, log=log, reached=reached)


def inherited() -> dict[str, str]:
    """This process's environment without what would point a child elsewhere."""
    return {name: text for name, text in os.environ.items() if name != "CHECKPOINT"}
