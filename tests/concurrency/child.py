"""The processes of a Crowd: `python -m tests.concurrency.child MODULE JSON` sets Django up once and forks a process for
each order of the list. It says "ready", waits for a line, and answers with a line for each: what `MODULE.work(**order)`
returned there.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any

import django


def main(module: str, given: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    work = import_module(module).work
    fork = multiprocessing.get_context("fork")  # there is no thread and no connection yet
    gate, pipes = fork.Event(), []
    for order in json.loads(given):
        ours, theirs = fork.Pipe(duplex=False)
        fork.Process(target=_answer, args=(work, order, gate, theirs), daemon=True).start()
        theirs.close()
        pipes.append(ours)
    _say("ready")
    sys.stdin.readline()
    gate.set()
    for pipe in pipes:
        _say(pipe.recv())


def _answer(
    work: Callable[..., Any], order: Mapping[str, Any], gate: Event, pipe: Connection
) -> None:
    gate.wait()
    pipe.send(work(**order))


def _say(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
