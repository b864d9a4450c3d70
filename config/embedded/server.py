"""What PostgreSQL and Valkey have in common: a port, a log, a process, a start that is tried again."""

from __future__ import annotations

import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.home import Home, Say
from config.embedded.ports import free_port
from config.embedded.processes import has_ended, kill_group

_ATTEMPTS = 5
_READY_SECONDS = 120.0
_LOG_LIMIT = 10 * 1024 * 1024

# Nothing of the caller's environment reaches the servers (LD_PRELOAD, PGDATA, TZ …).
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


class Server(ABC):
    """A server on loopback whose data lie in `home`. Not started until `start` is called."""

    name: str

    def __init__(self, home: Home, *, say: Say) -> None:
        self.home = home
        self.say = say
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.log_from = 0

    @property
    @abstractmethod
    def url(self) -> str:
        """Address with role and password, for DATABASE_URL or REDIS_URL."""

    @property
    def log(self) -> Path:
        return self.home.folder / "log" / f"{self.name}.log"

    @abstractmethod
    def prepare(self) -> None:
        """Check and make the data folder; end a server of a former run that still holds it."""

    @abstractmethod
    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the process on `self.port` and return at once."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it takes commands by now. Raises EmbeddedError when it never will."""

    @abstractmethod
    def stop(self) -> None:
        """Stop in good order; harmless when it does not run."""

    def start(self, *, port: int) -> None:
        """Start on `port`, or on another one if that is taken (0: any), and wait until it answers."""
        self._turn_log()
        self.log_from = self.log.stat().st_size if self.log.exists() else 0
        self.prepare()
        for _ in range(_ATTEMPTS):
            self.port = free_port(port)
            if port not in (0, self.port):
                self.say(f"Port {port} is taken; {self.name} listens on {self.port} instead.")
            self.process = self.spawn()
            if self._becomes_ready(self.process):
                return
            if not self.may_try_again(self._log_of_start()):
                break
        end = "\n".join(self._log_of_start().splitlines()[-15:])
        raise EmbeddedError(f"{self.name} did not start. The end of {self.log}:\n{end}")

    def may_try_again(self, log: str) -> bool:
        """Whether a start that failed with this log may succeed the next time."""
        return "Address already in use" in log

    def _becomes_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """False when the process ended; it may take long after a crash with much to replay."""
        began = reported = time.monotonic()
        try:
            while True:
                # First of all: what answers on our port after our process ended is a stranger.
                if has_ended(process):
                    return False
                if self.answers():
                    return True
                now = time.monotonic()
                if now - began > _READY_SECONDS:
                    raise EmbeddedError(f"{self.name} does not answer. See {self.log}.")
                if now - reported > 5:
                    reported = now
                    self.say(f"Waiting for {self.name} since {now - began:.0f} s …")
                time.sleep(0.03)
        except BaseException:
            kill_group(process.pid)
            raise

    def _turn_log(self) -> None:
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))

    def _log_of_start(self) -> str:
        return self.log.read_bytes()[self.log_from :].decode(errors="replace")
