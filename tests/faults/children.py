"""Processes with Django set up, forked from one that has no thread and no connection."""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing.context import ForkServerContext
from typing import Any

from django.db import connection, connections


def context() -> ForkServerContext:
    """Of the fork server, which has imported `tests.faults.warm` (Django is set up there)."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.faults.warm"])
    return found


def database() -> dict[str, Any]:
    """Where this process's connections go."""
    return {
        name: connection.settings_dict[name]
        for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")
    }


def look_at(where: dict[str, Any]) -> None:
    """This process's connections go there from now on."""
    connections.close_all()
    connection.settings_dict.update(where)


def pool(count: int, *, prepare: Callable[[], None] | None = None) -> ProcessPoolExecutor:
    """Processes that look at this one's database; each calls `prepare` first. They are there when this returns."""
    made = ProcessPoolExecutor(
        count, mp_context=context(), initializer=_begin, initargs=(database(), prepare)
    )
    # One is forked for each piece of work that finds nobody idle.
    wait([made.submit(time.sleep, 0.05) for _child in range(count)])
    return made


def _begin(where: dict[str, Any], prepare: Callable[[], None] | None) -> None:
    # What goes wrong here is meant to; who plays counts it.
    logging.disable(logging.CRITICAL)
    look_at(where)
    if prepare is not None:
        prepare()
