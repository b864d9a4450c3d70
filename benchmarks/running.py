"""Web, workers and beat beside a measurement, as `manage.py up` starts them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import psutil  # type: ignore[import-untyped,unused-ignore]

from config.embedded.ports import LOOPBACK, bind
from config.embedded.processes import spawn, stop
from config.embedded.up import background, web_program

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


@contextmanager
def web(folder: Path) -> Iterator[int]:
    """The server as `manage.py up` runs it; its port, once it answers. Its lines go to <folder>/web.log."""
    with bind(LOOPBACK, 0) as listener, (folder / "web.log").open("ab") as log:
        process = spawn(
            web_program(listener).command,
            environment={**os.environ, "STATEMENT_TIMEOUT_SECONDS": "15"},
            cwd=ROOT,
            output=log.fileno(),
            pass_fds=[listener.fileno()],
        )
        try:
            port = int(listener.getsockname()[1])
            _wait_until_healthy(port)
            yield port
        finally:
            stop(process, by=signal.SIGTERM, seconds=15)


def _wait_until_healthy(port: int) -> None:
    deadline = monotonic() + 60
    while True:
        connection = HTTPConnection(LOOPBACK, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            if monotonic() > deadline:
                raise
            sleep(0.1)
        finally:
            connection.close()
