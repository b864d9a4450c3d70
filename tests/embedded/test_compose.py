"""docker-compose.yml without Docker: its shape against the compose specification (compose-spec.json
is that project's schema, Apache-2.0), and its commands run as they stand on servers out of wheels."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped,unused-ignore]
import psycopg2  # type: ignore[import-untyped,unused-ignore]
import pytest
import redis
import yaml

from config.embedded import Servers, up
from config.embedded.binaries import Binaries, packages_folder
from config.embedded.postgres import INITDB_ARGUMENTS
from tests.concurrency.processes import environment
from tests.embedded.conftest import ROOT

APP = ("migrate", "web", "worker", "closer", "beat")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return loaded


def filled(text: str, variables: dict[str, str] | None = None) -> str:
    """What compose makes of a text: ${NAME:-default} and $$."""

    def value(match: re.Match[str]) -> str:
        return (variables or {}).get(match["name"]) or match["default"]

    text = re.sub(r"(?<!\$)\$\{(?P<name>\w+):-(?P<default>[^}]*)\}", value, text)
    return text.replace("$$", "$")


def test_compose_file_fits_the_specification(compose: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "tests/embedded/compose-spec.json").read_text("utf-8"))
    check = jsonschema.Draft202012Validator(schema)

    assert [error.message for error in check.iter_errors(compose)] == []

    compose["services"]["web"]["commando"] = "x"
    assert len(list(check.iter_errors(compose))) == 1
    del compose["services"]["web"]["commando"]


def test_compose_starts_in_order_and_checks_everything(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert list(services) == ["postgres", "valkey", *APP]
    waits = {name: dict(services[name].get("depends_on", {})) for name in services}
    ready = {"condition": "service_healthy"}
    assert waits["migrate"] == {"postgres": ready, "valkey": ready}
    for name in ("web", "worker", "closer", "beat"):
        done = {"migrate": {"condition": "service_completed_successfully"}}
        assert waits[name] == waits["migrate"] | done
    assert [name for name in services if "healthcheck" not in services[name]] == ["migrate"]
    assert {services[name]["image"] for name in APP} == {"jidan"}
    kept = [volume.split(":") for name in services for volume in services[name].get("volumes", [])]
    assert kept == [["postgres", "/var/lib/postgresql"], ["valkey", "/data"]]
    assert set(compose["volumes"]) == {"postgres", "valkey"}


def test_compose_gives_nobody_more_than_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert re.search(r"^USER jidan$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert (services["postgres"]["user"], services["valkey"]["user"]) == ("postgres", "valkey")
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service
    published = {name: services[name]["ports"] for name in services if "ports" in services[name]}
    assert [filled(port) for port in published.pop("web")] == ["127.0.0.1:8000:8000"]
    assert published == {}
    for service in services.values():
        for name, text in service["environment"].items() if "environment" in service else ():
            secret = re.search(r"(PASSWORD|KEY|(?<!PUBLIC)_URL)", name)
            assert not secret or (name.endswith("_FILE") and text.startswith("/run/secrets/"))
        assert {Path(s).name for s in service["secrets"]} <= set(compose["secrets"])


def test_compose_gives_our_programs_the_file_of_settings(compose: dict[str, Any]) -> None:
    """And only to ours: PostgreSQL and Valkey have theirs here."""
    files = {name: service.get("env_file") for name, service in compose["services"].items()}

    own = [{"path": "var/settings.env", "required": False}]
    assert files == {"postgres": None, "valkey": None, **dict.fromkeys(APP, own)}


def test_compose_and_up_run_the_same_programs(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert tuple(services["web"]["command"]) == (*up.WEB, "--bind", "0.0.0.0:8000")
    assert tuple(services["worker"]["command"]) == (*up.WORKER, *up.WORKER_OPTIONS)
    assert tuple(services["closer"]["command"]) == (*up.CLOSER, *up.CLOSER_OPTIONS)
    assert tuple(services["beat"]["command"]) == (*up.BEAT, "--enable-remote-control")
    arguments = services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert tuple(arguments) == (*INITDB_ARGUMENTS, "--auth=scram-sha-256")


class Container:
    """Runs what a service's container would run: its command, environment and health check.

    Only what the machine differs in is replaced: the folder of the secrets, addresses, patience.
    """

    def __init__(self, service: dict[str, Any], *, replace: dict[str, str]) -> None:
        self.service = service
        self.replace = replace
        path = f"{Path(sys.executable).parent}:{replace['bin']}:{os.environ['PATH']}"
        keep = {"PATH": path, "HOSTNAME": socket.gethostname(), "PYTHONPATH": str(ROOT)}
        given = service.get("environment", {})
        self.environment = keep | {name: self._here(text) for name, text in given.items()}

    def _here(self, text: str) -> str:
        text = filled(text)
        for old, new in self.replace.items():
            text = text.replace(old, new) if old != "bin" else text
        return text

    @contextlib.contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        with self.start() as process:
            try:
                yield process
            finally:
                process.terminate()
                process.wait(20)

    def start(self) -> subprocess.Popen[bytes]:
        command = [self._here(word) for word in self.service["command"]]
        return subprocess.Popen(command, env=self.environment, cwd=ROOT, stdin=subprocess.DEVNULL)

    def is_healthy(self) -> bool:
        kind, *words = [self._here(word) for word in self.service["healthcheck"]["test"]]
        command = ["/bin/sh", "-c", *words] if kind == "CMD-SHELL" else words
        output = subprocess.DEVNULL
        ended = subprocess.run(
            command, env=self.environment, cwd=ROOT, stdout=output, stderr=output, check=False
        )
        return ended.returncode == 0

    def becomes_healthy(self, seconds: float = 60) -> bool:
        deadline = time.monotonic() + seconds
        while not (healthy := self.is_healthy()) and time.monotonic() < deadline:
            time.sleep(1)  # each check of a worker is a process
        return healthy


@pytest.fixture
def here(running: Servers, tmp_path: Path) -> dict[str, str]:
    """Texts of the compose file and what stands for them on this machine; secrets in files."""
    for name in ("secret_key", "field_key", "blind_index_key"):
        (tmp_path / name).write_text(running.environment[name.upper()])
    (tmp_path / "database_url").write_text(running.database_url)
    (tmp_path / "redis_url").write_text(running.redis_url)
    (tmp_path / "valkey_password").write_text("broker")
    (tmp_path / "postgres_password").write_text("owner's")
    programs = Binaries.under(packages_folder())
    return {
        "/run/secrets": str(tmp_path),
        "bin": f"{programs.postgres.parent}:{programs.valkey.parent}",
    }


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.journey
def test_compose_command_of_valkey_starts_one_with_password_and_log(
    compose: dict[str, Any], here: dict[str, str], tmp_path: Path
) -> None:
    port = unused_port()
    here |= {"dir /data": f"dir {tmp_path}\nport {port}"}
    container = Container(compose["services"]["valkey"], replace=here)

    with container.running() as process:
        client = redis.Redis(port=port, password="broker")
        assert client.ping() is True
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert (
            Path(f"/proc/{process.pid}/exe").readlink() == Binaries.under(packages_folder()).valkey
        )
    assert process.returncode == 0
    assert (tmp_path / "appendonlydir").is_dir()


@pytest.mark.journey
def test_compose_script_of_postgres_makes_an_owner_without_power(
    compose: dict[str, Any], here: dict[str, str], running: Servers
) -> None:
    [server] = [server for server in running.members if server.name == "postgres"]
    admin = json.loads((running.home.folder / "secrets.json").read_text())["postgres_admin"]
    login: dict[str, Any] = {"host": "127.0.0.1", "port": server.port}
    with contextlib.closing(psycopg2.connect(**login, user="postgres", password=admin)) as made:
        made.autocommit = True
        # The script's names are ours already: it makes its own under other ones.
        script = filled(compose["configs"]["owner"]["content"]).replace("jidan", "other")
        script = script.replace("/run/secrets", here["/run/secrets"])
        environment = {
            "PATH": f"{here['bin']}:{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(server.port),
            "PGPASSWORD": admin,
        }
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], env=environment, check=True)

        owner: dict[str, Any] = {"user": "other", "password": "owner's", "dbname": "other"}
        with contextlib.closing(psycopg2.connect(**login, **owner)) as connection:
            cursor = connection.cursor()
            cursor.execute("CREATE EXTENSION pg_trgm")
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchall() == [(False,)]
        made.cursor().execute("DROP DATABASE other")
        made.cursor().execute("DROP ROLE other")


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_compose_commands_run_as_they_stand(
    compose: dict[str, Any], here: dict[str, str], tmp_path: Path
) -> None:
    # A database that is migrated already; the demo's begins with nothing.
    (tmp_path / "database_url").write_text(environment()["DATABASE_URL"])
    port = str(unused_port())
    services = compose["services"]
    here |= {"0.0.0.0:8000": f"127.0.0.1:{port}", "127.0.0.1:8000": f"127.0.0.1:{port}"}
    migrate, *others = (Container(services[name], replace=here) for name in APP)

    assert migrate.start().wait(60) == 0
    # Side by side: a check that nobody answers waits for its whole time-out.
    with ThreadPoolExecutor() as pool:
        assert list(pool.map(Container.is_healthy, others)) == [False] * 4
        with contextlib.ExitStack() as stack:
            running = [stack.enter_context(container.running()) for container in others]
            # One after the other: when web answers, which costs the least to ask, the rest are nearly there.
            assert [container.becomes_healthy() for container in others] == [True] * 4
    assert [process.returncode for process in running] == [0] * 4
