"""Real processes beside a test, on its database. Each is stopped when its `with` ends, however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment(**more: str) -> dict[str, str]:
    """That of this process, with the test's own database."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = quote(str(connection.settings_dict["NAME"]))
    return {**os.environ, "DATABASE_URL": url._replace(path=f"/{name}").geturl(), **more}


@contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str], **options: Any
) -> Iterator[subprocess.Popen[str]]:
    """A child that leads its own process group; what is left of the group at the end is killed."""
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=dict(env),
        text=True,
        start_new_session=True,
        **options,
    )
    with process:
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9, for the child and its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class Crowd:
    """Several processes that run `work` of one module, begin at once, and answer with one line of JSON."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def go(self) -> None:
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()

    def answers(self) -> list[Any]:
        return [_line(process) for process in self._processes]


def _line(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    text = process.stdout.readline()
    assert text, f"process {process.pid} ended with {process.wait()} and said nothing"
    return json.loads(text)


@contextmanager
def crowd(module: str, orders: Sequence[Mapping[str, Any]]) -> Iterator[Crowd]:
    """One process for each of `orders`, which it is given as JSON; ready, and waiting for `go`."""
    child, pipe = "tests.concurrency.child", subprocess.PIPE
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                running(
                    ["-m", child, module, json.dumps(order)],
                    # Django's test client calls itself so.
                    environment(ALLOWED_HOSTS="testserver"),
                    stdin=pipe,
                    stdout=pipe,
                )
            )
            for order in orders
        ]
        made = Crowd(started)
        assert made.answers() == ["ready"] * len(orders)
        yield made
