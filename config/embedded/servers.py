"""PostgreSQL and Valkey for one clone, from Python and without Django.

    with start_servers(Path("var")) as servers:
        subprocess.run(..., env=os.environ | servers.environment)

Whoever holds the home's lock owns the servers. The lock ends with its process, however that ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from config.embedded import binaries, keyring
from config.embedded.errors import AlreadyRunning
from config.embedded.home import Home, Say, open_home
from config.embedded.postgres import Postgres
from config.embedded.processes import ProcessId, end_leftovers, left_of_group
from config.embedded.server import Server
from config.embedded.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]


def say_on_stderr(text: str) -> None:
    sys.stderr.write(f"{text}\n")


@dataclass
class RunRecord:
    """run.json: who runs the servers now, and what the next start should know.

    `owner` is None when nobody does. `ports` are kept so that addresses stay the same from one
    start to the next. `children` are the programs `up` started. `environment` holds secrets: 0600.
    """

    owner: ProcessId | None = None
    command: str = ""
    ports: dict[str, int] = field(default_factory=dict)
    children: dict[str, ProcessId] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, home: Home) -> RunRecord:
        """An empty record when there is none that can be read: it can be made again at any time."""
        try:
            stored: dict[str, Any] = json.loads(home.run_file.read_text(encoding="utf-8"))
            owner = stored.pop("owner")
            children = stored.pop("children").items()
            return cls(
                owner=ProcessId(**owner) if owner else None,
                children={name: ProcessId(**child) for name, child in children},
                **stored,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, home: Home) -> None:
        keyring.write_private(home.run_file, json.dumps(asdict(self), indent=1))


class Servers:
    """Running servers. `environment` holds every variable that Jidan's processes need."""

    def __init__(self, home: Home, *, lock: int, record: RunRecord, say: Say) -> None:
        self.home = home
        self.record = record
        self.say = say
        self.members: list[Server] = []
        self._lock: int | None = lock

    @property
    def environment(self) -> dict[str, str]:
        return dict(self.record.environment)

    @property
    def database_url(self) -> str:
        return self.record.environment["DATABASE_URL"]

    @property
    def redis_url(self) -> str:
        return self.record.environment["REDIS_URL"]

    def note(
        self,
        *,
        children: Mapping[str, int] | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        """Record pids of children, and variables that other commands in this clone should see."""
        for name, pid in (children or {}).items():
            with contextlib.suppress(ProcessLookupError):
                self.record.children[name] = ProcessId.of(pid)
        self.record.environment |= variables or {}
        self.record.write(self.home)

    def stop(self) -> None:
        """Stop what we started, broker first, and let the next owner in. Harmless when repeated."""
        if self._lock is None:
            return
        for server in reversed(self.members):
            server.stop()
        self.members.clear()
        self.record.owner = None
        self.record.children.clear()
        self.record.environment.clear()
        # On a full disk the old record stays: the next start sees that its owner is gone.
        with contextlib.suppress(OSError):
            self.record.write(self.home)
        os.close(self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start_servers(
    var_dir: Path,
    *,
    say: Say = say_on_stderr,
    command: str = "",
    given: Mapping[str, str] | None = None,
) -> Servers:
    """Start PostgreSQL and Valkey, and wait until they answer.

    `given` is usually os.environ: a server that DATABASE_URL or REDIS_URL (or …_FILE) names there
    is not started, and what it holds of our variables wins over the generated ones.
    Raises AlreadyRunning if another process of this clone has servers, EmbeddedError with
    instructions if they cannot start.
    """
    given = given or {}
    home = open_home(var_dir, say=say)
    lock = hold(home.folder)
    record = RunRecord.read(home)
    servers = Servers(home, lock=lock, record=record, say=say)
    try:
        _end_children_of_former_run(record, say=say)
        record.owner = ProcessId.of(os.getpid())
        record.command = command or " ".join(sys.argv)
        _start_members(servers, var_dir=var_dir, given=given)
        record.write(home)
    except BaseException:
        servers.stop()
        raise
    return servers


def find_running(var_dir: Path) -> RunRecord | None:
    """What runs in this clone now, whoever started it; None when nothing does."""
    folder = var_dir / "embedded"
    record = RunRecord.read(Home(folder, None))
    if record.owner and record.owner.is_alive() and record.environment:
        return record
    return None


def _start_members(servers: Servers, *, var_dir: Path, given: Mapping[str, str]) -> None:
    home, record, say = servers.home, servers.record, servers.say
    secrets = keyring.load_or_make(home)
    programs = binaries.locate(home, say=say)
    variables = {
        "SECRET_KEY": secrets.secret_key,
        "FIELD_KEY": secrets.field_key,
        "BLIND_INDEX_KEY": secrets.blind_index_key,
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    names = [option for name in variables for option in (name, f"{name}_FILE")]
    chosen = {name: given[name] for name in names if given.get(name)}
    for variable, make in (("DATABASE_URL", Postgres), ("REDIS_URL", Valkey)):
        if variable in chosen or f"{variable}_FILE" in chosen:
            continue
        server: Server = make(home, binaries=programs, secrets=secrets, say=say)
        servers.members.append(server)
        server.start(port=record.ports.get(server.name, 0))
        record.ports[server.name] = server.port
        variables[variable] = server.url
    fixed = {"JIDAN_EMBEDDED": "1", "VAR_DIR": str(var_dir.resolve())}
    record.environment = fixed | {name: text for name, text in (variables | chosen).items() if text}


def hold(folder: Path) -> int:
    """The lock as an open file. Raises AlreadyRunning, naming the owner."""
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        record = RunRecord.read(Home(folder, None))
        owner = (
            f"`{record.command}` (process {record.owner.pid})"
            if record.owner
            else "Another command"
        )
        raise AlreadyRunning(
            f"{owner} already runs the servers of {folder}. Use that one, or stop it first."
        ) from error
    return lock


def _end_children_of_former_run(record: RunRecord, *, say: Say) -> None:
    """A killed `up` leaves web's workers for a second or two, and where the kernel does not tie
    children to their parent, all of its programs."""
    left = {name: left_of_group(child, cwd=ROOT) for name, child in record.children.items()}
    if any(left.values()):
        names = ", ".join(sorted(name for name, processes in left.items() if processes))
        say(f"Ending what a former run left behind: {names}.")
        processes = [process for members in left.values() for process in members]
        end_leftovers(processes, ask=(), by=signal.SIGKILL, seconds=0)
    record.children.clear()
