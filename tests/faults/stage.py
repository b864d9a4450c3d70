"""Real PostgreSQL, Valkey, web, workers and beat that may be broken at will."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import redis
from django.db import InterfaceError, OperationalError, connection, connections

from config.embedded.ports import LOOPBACK, bind
from config.embedded.postgres import Postgres
from config.embedded.server import Server
from config.embedded.servers import Servers
from tests.faults import programs
from tests.faults.programs import Keeper, Program

Result = TypeVar("Result")
# Seconds: a worker needs three to start on a busy machine.
PATIENCE = 60.0
_TEMPLATE = "faults_template"
# A database is made and dropped with a checkpoint, which may take long on a busy disk.
_NO_HURRY = "SET statement_timeout = 0"


class Stage:
    """What a family plays on. `environment` is that of children; `address` that of web (http://127.0.0.1:port).

    `faults` counts what was broken since `take_faults`. Safe for threads.
    """

    def __init__(self, servers: Servers, keeper: Keeper, *, folder: Path) -> None:
        self.faults: Counter[str] = Counter()
        self.programs: list[Program] = []
        self.environment = {
            **programs.inherited(),
            **servers.environment,
            "THROTTLE_PRINCIPAL": "1000000/minute",
            "THROTTLE_ANONYMOUS": "1000000/minute",
        }
        self.folder = folder
        self._servers = {server.name: server for server in servers.members}
        self._keeper = keeper
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None

    # Databases.

    def make_template(self) -> None:
        """Migrate once; every fresh database is a copy."""
        from django.core.management import call_command  # noqa: PLC0415 -- settings come first

        self._look_at("jidan")
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {_TEMPLATE} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {_TEMPLATE}")
        self._look_at(_TEMPLATE)
        call_command("migrate", verbosity=0)
        connections.close_all()

    def fresh_database(self) -> None:
        """End all programs; empty tables under a new name, an empty broker. Children started later use them."""
        self.end_programs()
        former = str(connection.settings_dict["NAME"])
        name = f"faults_{next(self._numbers)}"
        self._look_at("jidan")
        with connection.cursor() as cursor:
            cursor.execute(_NO_HURRY)
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            if former.startswith("faults_") and former != _TEMPLATE:
                cursor.execute(f"DROP DATABASE IF EXISTS {former} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
        self._look_at(name)
        self.valkey().flushdb()

    def _look_at(self, name: str) -> None:
        connections.close_all()
        connection.settings_dict["NAME"] = name
        url = urlsplit(self.environment["DATABASE_URL"])
        self.environment["DATABASE_URL"] = url._replace(path=f"/{name}").geturl()

    @contextmanager
    def scratch_copy(self) -> Iterator[None]:
        """A copy of the present database to do anything to; afterwards it is gone. No program may run."""
        kept, name = str(connection.settings_dict["NAME"]), f"faults_{next(self._numbers)}"
        self._look_at("jidan")
        with connection.cursor() as cursor:
            cursor.execute(_NO_HURRY)
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {kept} STRATEGY FILE_COPY")
        self._look_at(name)
        try:
            yield
        finally:
            self._look_at(kept)
            with connection.cursor() as cursor:
                cursor.execute(_NO_HURRY)
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def patiently(self, work: Callable[[], Result], *, seconds: float = PATIENCE) -> Result:
        """Its result; where the database is away, with a new connection and again. `work` must bear repetition."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return work()
            except (OperationalError, InterfaceError):
                if time.monotonic() > deadline:
                    raise
                connection.close()
                time.sleep(0.05)

    def wait_until(self, what: Callable[[], object], *, seconds: float = PATIENCE) -> float | None:
        """The seconds until it was true, or None if it never was."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.patiently(what):
                return time.monotonic() - began
            time.sleep(0.05)
        return None

    def wait_until_ready(self) -> None:
        """Until web answers and a worker has swept what beat rang for. Raises TimeoutError."""
        from config.kernel import heartbeats  # noqa: PLC0415 -- settings come first

        seconds = 5 * PATIENCE
        answers = self.wait_until(self.answers, seconds=seconds)
        if answers is None or self.wait_until(heartbeats.ages, seconds=seconds) is None:
            raise TimeoutError(f"the programs do not start; see {self.folder}")

    def answers(self) -> bool:
        """Whether web takes requests."""
        line = http.client.HTTPConnection(str(urlsplit(self.address).netloc), timeout=2)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            line.close()

    # Programs.

    @property
    def address(self) -> str:
        host, port = self._listen().getsockname()[:2]
        return f"http://{host}:{port}"

    def _listen(self) -> socket.socket:
        """Held by us, as `up` does: while web starts again, clients wait instead of failing."""
        if self._listener is None:
            self._listener = bind(LOOPBACK, 0)
            self._listener.listen(512)
        return self._listener

    def start_web(
        self,
        *,
        workers: int = 2,
        threads: int = 8,
        checkpoint: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> Program:
        handle = self._listen().fileno()
        more = {"WEB_WORKERS": str(workers), "WEB_THREADS": str(threads), **(environment or {})}
        return self._start(
            "web", programs.web_command(handle), more, pass_fds=[handle], checkpoint=checkpoint
        )

    def start_worker(
        self,
        *,
        concurrency: int = 2,
        checkpoint: str = "",
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Program:
        command = programs.worker_command(concurrency, options)
        return self._start("worker", command, environment or {}, checkpoint=checkpoint)

    def start_closer(self, *, environment: Mapping[str, str] | None = None) -> Program:
        """The worker of threads that takes cutoffs before all else; killed, it counts as a worker."""
        return self._start("worker", programs.closer_command(), environment or {})

    def start_beat(self, *, environment: Mapping[str, str] | None = None) -> Program:
        return self._start("beat", programs.beat_command(), environment or {})

    def start_command(
        self,
        kind: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> Program:
        """Any other child, for instance `[sys.executable, "-m", "tests.faults.closer"]`."""
        return self._start(kind, command, environment or {}, pass_fds=pass_fds)

    @property
    def handle(self) -> int:
        """Of the socket at `address`, for a web of another kind."""
        return self._listen().fileno()

    def _start(
        self, kind: str, command: Sequence[str], more: Mapping[str, str], **options: Any
    ) -> Program:
        environment, number = {**self.environment, **more}, next(self._numbers)
        program = self._keeper.run(
            lambda: programs.begin(
                kind, command, environment, folder=self.folder, number=number, **options
            )
        )
        with self._lock:
            self.programs.append(program)
        return program

    def kill(self, program: Program, *, only_leader: bool = False) -> None:
        """kill -9 of the program and its children (or of itself alone). One that is dead already does not count."""
        if program.is_alive():
            program.kill(only_leader=only_leader)
            self._count(f"{program.kind}_kills")

    def kill_child(self, program: Program, rng: random.Random) -> bool:
        """kill -9 of one of its children: a worker's pool process, one of gunicorn's workers."""
        children = program.children()
        if not children:
            return False
        os.kill(rng.choice(children).pid, signal.SIGKILL)
        self._count(f"{program.kind}_kills")
        return True

    def end_programs(self) -> None:
        """Stop everything that was started; what would not stop is killed."""
        with self._lock:
            ending, self.programs = self.programs, []
        for program in ending:
            if program.is_alive():
                program.process.send_signal(signal.SIGTERM)
        for program in ending:
            program.end()

    def _count(self, kind: str) -> None:
        with self._lock:
            self.faults[kind] += 1

    def take_faults(self) -> Counter[str]:
        with self._lock:
            taken, self.faults = self.faults, Counter()
        return taken

    # PostgreSQL.

    def postgres(self) -> Postgres:
        server = self._servers["postgres"]
        assert isinstance(server, Postgres)
        return server

    def restart_database(self, *, by: signal.Signals = signal.SIGQUIT) -> float:
        """`pg_ctl restart -m immediate` (SIGQUIT), or kill -9 of the first process (SIGKILL): no checkpoint, every
        transaction cut, recovery from the log. Returns the seconds until it answered again.
        """
        began = time.monotonic()
        self._end_server("postgres", by)
        self._begin_server("postgres")
        connection.close()
        self._count("database_restarts")
        return time.monotonic() - began

    # The broker.

    @property
    def broker_url(self) -> str:
        return self.environment["REDIS_URL"]

    def valkey(self) -> redis.Redis:
        """A client of the broker that gives up after two seconds."""
        return redis.Redis.from_url(self.broker_url, socket_timeout=2, socket_connect_timeout=2)

    def kill_broker(self) -> None:
        self._end_server("valkey", signal.SIGKILL)
        self._count("broker_kills")

    def start_broker(self) -> None:
        """After kill_broker, on the same port; returns when it answers."""
        self._begin_server("valkey")
        self._count("broker_restarts")

    def restart_broker(self) -> None:
        """In good order."""
        self._end_server("valkey", signal.SIGTERM)
        self.start_broker()

    @contextmanager
    def frozen_broker(self) -> Iterator[None]:
        """SIGSTOP: connections stay open and nobody answers."""
        process = self._servers["valkey"].process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        self._count("broker_freezes")
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def freeze_broker(self, seconds: float) -> None:
        with self.frozen_broker():
            time.sleep(seconds)

    def flush_broker(self) -> None:
        """FLUSHDB: every message and every limit is gone."""
        self.valkey().flushdb()
        self._count("broker_flushes")

    # Servers.

    def _end_server(self, name: str, by: signal.Signals) -> None:
        process = self._servers[name].process
        assert process is not None
        process.send_signal(by)
        process.wait(timeout=PATIENCE)

    def _begin_server(self, name: str) -> None:
        server = self._servers[name]
        self._keeper.run(lambda: _begin_again(server))

    def end(self) -> None:
        self.end_programs()
        if self._listener is not None:
            self._listener.close()
        connections.close_all()


def _begin_again(server: Server) -> None:
    """On the same port, which everybody has been told."""
    server.prepare()
    server.process = server.spawn()
    deadline = time.monotonic() + PATIENCE
    while not server.answers():
        if server.process.poll() is not None:
            server.process = server.spawn()
        if time.monotonic() > deadline:
            raise TimeoutError(f"{server.name} does not come back; see {server.log}")
        time.sleep(0.02)
