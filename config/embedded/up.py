"""`manage.py up`: servers, web, workers and beat as one thing that starts, logs and stops together."""

from __future__ import annotations

import argparse
import errno
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from config.embedded.catalogues import compile_catalogues
from config.embedded.home import Say
from config.embedded.ports import LOOPBACK, bind
from config.embedded.servers import ROOT, Servers, start_servers
from config.embedded.stream import Stream
from config.embedded.supervisor import Program, Supervisor

DESCRIPTION = (
    "Start PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name others), migrate, then "
    "run web, worker, closer and beat until Ctrl-C."
)

_READY_SECONDS = 60.0
_FAILURES_BEFORE_READY = 3
_PORTS_TRIED = 100
# In use, or not ours to use (below 1024).
_TAKEN = (errno.EADDRINUSE, errno.EACCES)

# docker-compose.yml runs the same programs with the same words.
WEB = ("gunicorn", "--config", "python:config.gunicorn", "config.wsgi:application")
WORKER = ("celery", "--quiet", "-A", "config", "worker", "--queues", "close,jobs,default")
WORKER_OPTIONS = (
    "--concurrency",
    "2",
    "--loglevel",
    "INFO",
    "--without-gossip",
    "--without-mingle",
)
# A worker of its own for what must not stand behind a long file, the cutoff first of all. Threads wait for locks and
# for PostgreSQL as well as processes do, in half the memory.
CLOSER = ("celery", "--quiet", "-A", "config", "worker", "--queues", "close,default")
CLOSER_OPTIONS = (
    "--hostname",
    "closer@%h",
    "--pool",
    "threads",
    "--concurrency",
    "4",
    "--loglevel",
    "INFO",
    "--without-gossip",
    "--without-mingle",
)
# The schedule is kept in memory: every sweep finds its work by state, whenever it last ran.
BEAT = ("celery", "--quiet", "-A", "config", "beat", "--scheduler", "config.doorbell:Doorbell")
# Root runs the embedded mode knowingly, and messages are JSON, which runs nothing when read.
_NO_ROOT_WARNING = ("-W", "ignore:You're running the worker")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    environ = os.environ
    parser.add_argument(
        "--host",
        default=environ.get("WEB_HOST") or LOOPBACK,
        help="address web listens on (WEB_HOST; other machines get in only with 0.0.0.0 or ::)",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=environ.get("WEB_PORT") or "8000",
        help="port web listens on (WEB_PORT, 8000); the next free one if it is taken",
    )
    parser.add_argument(
        "--play-demo",
        action="store_true",
        help="once web answers, run `manage.py demo --if-empty` beside it",
    )


def main(arguments: Sequence[str]) -> int:
    """Run until stopped. Exit code 0 after Ctrl-C or SIGTERM, 1 if it could not start."""
    parser = argparse.ArgumentParser(prog="manage.py up", description=DESCRIPTION)
    add_arguments(parser)
    options = parser.parse_args(arguments)
    return run(host=options.host, port=options.port, play_demo=options.play_demo)


def run(*, host: str, port: int, play_demo: bool) -> int:
    """Raises EmbeddedError with instructions when the servers cannot start."""
    stream = Stream(sys.stdout)
    var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    began = time.monotonic()
    _on_stop_signals(_interrupt)
    try:
        with (
            start_servers(var_dir, say=stream.say, given=os.environ) as servers,
            _listen(host, port, say=stream.say) as listener,
        ):
            supervisor = _supervisor(servers, listener, stream=stream)
            _on_stop_signals(lambda *_: supervisor.request_stop())
            try:
                return _serve(supervisor, listener, play_demo=play_demo, began=began)
            finally:
                stream.say("Stopping.")
                supervisor.stop(["demo", "migrate", "web", "beat", "closer", "worker"])
                servers.stop()
                supervisor.show_logs()
                stream.say("Stopped.")
    except KeyboardInterrupt:
        return 0


def _serve(
    supervisor: Supervisor, listener: socket.socket, *, play_demo: bool, began: float
) -> int:
    compile_catalogues(ROOT / "locale")
    migrated = supervisor.finish(Program("migrate", _manage("migrate", "--no-input")))
    if supervisor.is_stopping():
        return 0
    if migrated != 0:
        return 1
    for program in (web_program(listener), *background()):
        supervisor.start(program)
    host, port = listener.getsockname()[:2]
    if not _becomes_ready(supervisor, host, port):
        return 0 if supervisor.is_stopping() else 1
    supervisor.stream.say(
        f"Jidan 集单 runs after {time.monotonic() - began:.1f} s. Open {_address(host, port)}\n"
        f"Ctrl-C stops everything."
    )
    if play_demo:
        supervisor.start(Program("demo", _manage("demo", "--if-empty"), once=True))
    while not supervisor.is_stopping():
        supervisor.turn()
    return 0


def web_program(listener: socket.socket) -> Program:
    """We keep the listening socket: while web starts again, clients wait instead of failing."""
    handle = listener.fileno()
    command = [sys.executable, "-m", *WEB, "--bind", f"fd://{handle}"]
    return Program("web", command, grace=10, pass_fds=[handle])


def background() -> list[Program]:
    """What runs beside web."""
    python = [sys.executable, "-m"]
    quiet = [sys.executable, *_NO_ROOT_WARNING, "-m"]
    return [
        Program("worker", [*quiet, *WORKER, *WORKER_OPTIONS], grace=8),
        Program("closer", [*quiet, *CLOSER, *CLOSER_OPTIONS], grace=8),
        Program("beat", [*python, *BEAT], grace=3),
    ]


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def _supervisor(servers: Servers, listener: socket.socket, *, stream: Stream) -> Supervisor:
    host, port = listener.getsockname()[:2]
    servers.note(variables={"WEB_HOST": host, "WEB_PORT": str(port)})
    environment = os.environ | servers.environment | {"PYTHONUNBUFFERED": "1"}
    supervisor = Supervisor(
        stream=stream,
        environment=environment,
        cwd=ROOT,
        on_start=lambda name, pid: servers.note(children={name: pid}),
    )
    for server in servers.members:
        supervisor.watch(server)
    return supervisor


def _listen(host: str, port: int, *, say: Say) -> socket.socket:
    """A bound socket on `port` or the next free one above it."""
    for candidate in (*range(port, min(port + _PORTS_TRIED, 65536)), 0):
        try:
            bound = bind(host, candidate)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            continue
        found = bound.getsockname()[1]
        if port not in (0, found):
            say(f"Port {port} is taken; web listens on {found} instead.")
        return bound
    raise AssertionError("the kernel always finds a port for 0")


def _becomes_ready(supervisor: Supervisor, host: str, port: int) -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    while not supervisor.is_stopping():
        supervisor.turn()
        if _is_healthy(host, port):
            return True
        failed = supervisor.ends_of("web") >= _FAILURES_BEFORE_READY
        if failed or time.monotonic() > deadline:
            supervisor.stream.say("web does not answer; its lines above say why.")
            return False
    return False


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=1)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    """Who listens on every address also listens on loopback."""
    return {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 -- a comparison


def _address(host: str, port: int) -> str:
    name = _reachable(host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


def _on_stop_signals(handler: Callable[[int, FrameType | None], object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
