"""`python -m tests.faults.skewed SECONDS celery …`: the same program on a machine whose clock is wrong by so much.

Only the program's own clock moves; PostgreSQL's stays right.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import time_machine


def main(seconds: str, *arguments: str) -> None:
    wrong = datetime.now(UTC) + timedelta(seconds=float(seconds))
    time_machine.travel(wrong, tick=True).start()
    sys.argv = list(arguments)
    from celery.__main__ import main as celery  # noqa: PLC0415 -- it reads the clock when it is loaded

    celery()


if __name__ == "__main__":
    main(*sys.argv[1:])
