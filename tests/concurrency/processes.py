"""Real processes beside a test, on its database. Each is stopped when its `with` ends, however it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
    """Several processes that run `work` of one module, begin at once, and answer with one line of JSON each."""

    def __init__(self, process: subprocess.Popen[str], size: int) -> None:
        self._process = process
        self._size = size

    def go(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def answers(self) -> list[Any]:
        return [self.line() for _one in range(self._size)]

    def line(self) -> Any:
        assert self._process.stdout is not None
        text = self._process.stdout.readline()
        assert text, f"the crowd ended with {self._process.wait()} and said nothing"
        return json.loads(text)


@contextmanager
def crowd(module: str, orders: Sequence[Mapping[str, Any]]) -> Iterator[Crowd]:
    """One process for each of `orders`, which it is given as JSON; ready, and waiting for `go`."""
    command = ["-m", "tests.concurrency.child", module, json.dumps(list(orders))]
    # Django's test client calls itself so.
    env, pipe = environment(ALLOWED_HOSTS="testserver"), subprocess.PIPE
    with running(command, env, stdin=pipe, stdout=pipe) as process:
        made = Crowd(process, len(orders))
        assert made.line() == "ready"
        yield made
