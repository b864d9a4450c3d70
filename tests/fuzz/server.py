"""A real gunicorn on the test's database, for clients that nobody slows down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from config.embedded.ports import LOOPBACK, bind
from config.embedded.up import WEB
from tests.concurrency.processes import environment, running

PATIENCE = 60


@contextmanager
def serving(log: Path) -> Iterator[str]:
    """The root address of a server that answers; its output goes to `log`."""
    rates = (
        *("THROTTLE_PRINCIPAL", "THROTTLE_ANONYMOUS", "JOIN_PER_ADDRESS", "JOIN_PER_ACCOUNT"),
        *("JOIN_PER_EVERYBODY", "CODE_PER_PHONE", "CODE_PER_ADDRESS", "CODE_PER_EVERYBODY"),
        *("CODE_PER_PHONE_AND_ADDRESS", "CODE_PER_ACCOUNT"),
        *("CODE_TRIES_PER_PHONE", "CODE_TRIES_PER_ADDRESS", "CODE_TRIES_PER_ACCOUNT"),
        "CODE_TRIES_PER_PHONE_AND_ADDRESS",
        *("CODE_TRIES_PER_EVERYBODY",),
    )
    unhurried = dict.fromkeys(rates, "9999999/minute")
    with bind(LOOPBACK, 0) as listening, log.open("w") as output:
        listening.listen(64)
        handle = listening.fileno()
        command = ["-m", *WEB, "--bind", f"fd://{handle}"]
        options = {"stdout": output, "stderr": output, "pass_fds": [handle]}
        with running(command, environment(**unhurried), **options):
            url = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
            _wait(f"{url}/healthz")
            yield url


def _wait(address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 -- our own address
                answer.read()
                return
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
