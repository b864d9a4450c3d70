"""Worker and beat beside a measurement, as `manage.py up` starts them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]

from config.embedded.processes import spawn, stop
from config.embedded.up import background

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def workers(folder: Path) -> Iterator[dict[str, psutil.Process]]:
    """Every program of `up` beside web, by name; its lines go to <folder>/background.log. They start at once and are
    ready a few seconds later.
    """
    # The time-outs of production, not those of a measurement.
    environment = {**os.environ, "STATEMENT_TIMEOUT_SECONDS": "15"}
    with ExitStack() as stack:
        log = stack.enter_context((folder / "background.log").open("ab"))
        started = {}
        for program in background():
            process = spawn(program.command, environment=environment, cwd=ROOT, output=log.fileno())
            stack.callback(stop, process, by=signal.SIGTERM, seconds=20)
            started[program.name] = psutil.Process(process.pid)
        yield started


def megabytes(process: psutil.Process) -> float:
    """What a program and its children hold, shared pages counted once (PSS)."""
    members = [process, *process.children(recursive=True)]
    return float(sum(member.memory_full_info().pss for member in members)) / 2**20
