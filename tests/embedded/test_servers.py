from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psutil  # type: ignore[import-untyped,unused-ignore]
import psycopg2  # type: ignore[import-untyped,unused-ignore]
import pytest
import redis

from config.embedded import AlreadyRunning, EmbeddedError, Servers, WrongVersion, start_servers
from tests.embedded.conftest import Command, assert_all_end

pytestmark = pytest.mark.journey

Start = Callable[[], Servers]
Run = Callable[..., Command]

# Holds servers until it is killed, having stored one row that only a durable server keeps.
OWNER = """
import signal, sys, psycopg2
from pathlib import Path
from config.embedded import start_servers
servers = start_servers(Path(sys.argv[1]))
with psycopg2.connect(servers.database_url) as connection:
    connection.cursor().execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('米')")
print("stored", flush=True)
signal.pause()
"""


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []


def test_start_servers_again_finds_data_under_the_same_addresses(start: Start) -> None:
    servers = start()
    first = servers.environment
    ask(first["DATABASE_URL"], "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('米')")
    redis.Redis.from_url(first["REDIS_URL"]).set("kept", "面")
    servers.stop()

    second = start().environment

    assert second == first
    assert ask(second["DATABASE_URL"], "SELECT word FROM kept") == [("米",)]
    assert redis.Redis.from_url(second["REDIS_URL"]).get("kept") == "面".encode()


def test_start_servers_makes_durable_servers_that_know_chinese(running: Servers) -> None:
    url = running.database_url

    shown = {
        name: ask(url, f"SHOW {name}")[0][0]
        for name in ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses")
    }
    assert shown == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "127.0.0.1",
    }
    locale = "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
    assert set(ask(url, locale)) == {("b", "C.UTF-8", "UTF8")}
    ask(url, "CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist")
    assert ask(url, "SELECT cardinality(show_trgm('联华超市'))") == [(5,)]
    role = "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert ask(url, role) == [(False, True)]


def test_log_of_the_database_holds_nothing_that_people_wrote(running: Servers) -> None:
    with pytest.raises(psycopg2.errors.CheckViolation):
        ask(
            running.database_url,
            "CREATE TEMP TABLE refused (word text CHECK (word = '')); "
            "INSERT INTO refused VALUES ('a secret wish')",
        )

    log = (running.home.folder / "log" / "postgres.log").read_text(encoding="utf-8")
    assert "violates check constraint" in log
    assert "a secret wish" not in log


def test_start_servers_makes_a_broker_that_keeps_what_it_took(running: Servers) -> None:
    client = redis.Redis.from_url(running.redis_url)

    kept = client.config_get("append*") | client.config_get("maxmemory-policy")
    assert {name: kept[name] for name in ("appendonly", "appendfsync", "maxmemory-policy")} == {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
    }


def test_connect_without_password_is_refused_by_both_servers(running: Servers) -> None:
    database, broker = urlsplit(running.database_url), urlsplit(running.redis_url)

    for role in ("jidan", "postgres"):
        for password in ("", ":wrong"):
            with pytest.raises(psycopg2.OperationalError, match="password"):
                ask(f"postgresql://{role}{password}@127.0.0.1:{database.port}/jidan", "SELECT 1")
    with socket.create_connection(("127.0.0.1", broker.port or 0)) as stranger:
        stranger.sendall(b"PING\r\n")
        assert stranger.recv(100) == b"-NOAUTH Authentication required.\r\n"
    assert ask(running.database_url, "SELECT 1") == [(1,)]


def test_start_servers_shows_no_secret_to_other_users(running: Servers) -> None:
    folder = running.home.folder

    for name in ("secrets.json", "run.json", "lock"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    for name in ("postgres", "valkey", "log"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o700
    shown = "".join(" ".join(process.cmdline()) for process in psutil.Process().children())
    for secret in (urlsplit(running.database_url).password, urlsplit(running.redis_url).password):
        assert secret
        assert secret not in shown


def test_start_servers_twice_in_one_clone_refuses_the_second(running: Servers) -> None:
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}\\)"):
        start_servers(running.home.folder.parent)

    assert ask(running.database_url, "SELECT 1") == [(1,)]
    assert redis.Redis.from_url(running.redis_url).ping() is True


def test_start_servers_on_taken_ports_takes_others_and_says_so(
    start: Start, said: list[str]
) -> None:
    servers = start()
    ports = {server.name: server.port for server in servers.members}
    servers.stop()

    with contextlib.ExitStack() as strangers:
        for port in ports.values():
            stranger = strangers.enter_context(socket.socket())
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stranger.bind(("127.0.0.1", port))
            stranger.listen()
        servers = start()

    now = {server.name: server.port for server in servers.members}
    assert now["postgres"] != ports["postgres"]
    assert now["valkey"] != ports["valkey"]
    taken = [text for text in said if "is taken" in text]
    assert taken == [
        f"Port {ports[name]} is taken; {name} listens on {now[name]} instead." for name in now
    ]
    assert ask(servers.database_url, "SELECT 1") == [(1,)]


def test_start_servers_in_two_clones_keeps_them_apart(start: Start, var_dir: Path) -> None:
    servers = start()
    ask(servers.database_url, "CREATE TABLE here (n int)")

    with start_servers(var_dir.parent / "second" / "var") as other:
        assert ask(other.database_url, "SELECT to_regclass('here')") == [(None,)]
        assert other.home.folder != servers.home.folder
    assert ask(servers.database_url, "SELECT count(*) FROM here") == [(0,)]


def test_kill_the_owner_ends_its_servers_and_loses_nothing(
    run: Run, start: Start, var_dir: Path
) -> None:
    owner = run("-c", OWNER, str(var_dir))
    owner.wait_for("stored")
    family = owner.family()
    assert {process.name() for process in family} == {"postgres", "valkey-server"}

    owner.process.kill()

    assert_all_end(family, seconds=20)
    assert ask(start().database_url, "SELECT word FROM kept") == [("米",)]


def test_kill_everything_at_once_loses_nothing(run: Run, start: Start, var_dir: Path) -> None:
    owner = run("-c", OWNER, str(var_dir))
    owner.wait_for("stored")
    family = owner.family()
    for process in family:
        process.suspend()
    owner.process.kill()
    for process in family:
        process.kill()
    assert_all_end(family, seconds=20)
    assert (var_dir / "embedded/postgres/postmaster.pid").exists()

    assert ask(start().database_url, "SELECT word FROM kept") == [("米",)]


def test_start_servers_ends_orphans_that_still_hold_the_data(start: Start, said: list[str]) -> None:
    servers = start()
    ask(servers.database_url, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('米')")
    orphans = [server.process for server in servers.members if server.process]
    # Its owner's lock goes without a word to the servers, as on a system without parent signals.
    servers.members.clear()
    servers.stop()
    assert [orphan.poll() for orphan in orphans] == [None, None]

    again = start()

    assert [orphan.wait(5) for orphan in orphans] == [0, 0]
    assert said == [
        "PostgreSQL of a former run still holds the data; stopping it.",
        "Valkey of a former run still holds its data; stopping it.",
    ]
    assert ask(again.database_url, "SELECT word FROM kept") == [("米",)]


def test_start_servers_after_its_pid_went_to_a_stranger_starts(start: Start) -> None:
    servers = start()
    account = servers.home.account
    pid_file = servers.home.folder / "postgres/postmaster.pid"
    recorded = pid_file.read_text()
    servers.stop()
    with subprocess.Popen(["sleep", "60"], user=account.uid if account else None) as stranger:
        _, _, rest = recorded.partition("\n")
        pid_file.write_text(f"{stranger.pid}\n{rest}")
        servers.home.give(pid_file)

        assert ask(start().database_url, "SELECT 1") == [(1,)]

        assert stranger.poll() is None
        stranger.kill()


def test_start_servers_on_data_of_another_version_refuses_and_changes_nothing(
    start: Start, var_dir: Path
) -> None:
    start().stop()
    version = var_dir / "embedded/postgres/PG_VERSION"
    version.write_text("17\n")
    secrets = (var_dir / "embedded/secrets.json").read_bytes()

    with pytest.raises(WrongVersion, match=r"made by PostgreSQL 17; .* is PostgreSQL 18"):
        start()

    assert version.read_text() == "17\n"
    assert (var_dir / "embedded/secrets.json").read_bytes() == secrets
    version.write_text("18\n")
    assert ask(start().database_url, "SELECT 1") == [(1,)]


def test_start_servers_without_the_secrets_of_its_data_refuses(start: Start, var_dir: Path) -> None:
    start().stop()
    secrets = var_dir / "embedded/secrets.json"
    kept = secrets.rename(secrets.with_name("kept"))

    with pytest.raises(EmbeddedError, match="Bring the file back"):
        start()

    assert not secrets.exists()
    kept.rename(secrets)
    assert ask(start().database_url, "SELECT 1") == [(1,)]


def test_start_servers_after_a_cut_short_initdb_begins_again(var_dir: Path) -> None:
    unfinished = var_dir / "embedded/postgres.new"
    unfinished.mkdir(parents=True)
    (var_dir / "embedded").chmod(0o711)
    (unfinished / "PG_VERSION").write_text("18\n")

    with start_servers(var_dir) as servers:
        assert ask(servers.database_url, "SELECT 1") == [(1,)]
    assert not unfinished.exists()


def test_start_servers_with_a_broken_broker_log_moves_it_aside(
    start: Start, said: list[str], var_dir: Path
) -> None:
    servers = start()
    redis.Redis.from_url(servers.redis_url).set("kept", "x" * 100)
    servers.stop()
    [log] = (var_dir / "embedded/valkey/appendonlydir").glob("*.incr.aof")
    log.write_bytes(b"*3\r\n$3\r\nSET\r\nnonsense" + log.read_bytes())

    servers = start()

    assert redis.Redis.from_url(servers.redis_url).dbsize() == 0
    [moved] = (var_dir / "embedded").glob("valkey.broken-*")
    assert said == [f"Valkey cannot read its log; moved it to {moved} and began with none."]


def test_start_servers_with_a_given_database_starts_only_the_broker(var_dir: Path) -> None:
    given = {"DATABASE_URL": "postgresql://me@db.example/jidan", "SECRET_KEY_FILE": "/run/key"}

    with start_servers(var_dir, given=given) as servers:
        assert [server.name for server in servers.members] == ["valkey"]
        assert servers.database_url == "postgresql://me@db.example/jidan"
        assert servers.environment["SECRET_KEY_FILE"] == "/run/key"
        assert redis.Redis.from_url(servers.redis_url).ping() is True
    assert not (var_dir / "embedded/postgres").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends its servers another account")
def test_start_servers_as_root_in_a_closed_folder_leaves_its_modes_alone(said: list[str]) -> None:
    closed = Path(tempfile.mkdtemp())
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    try:
        with start_servers(closed / "var", say=said.append) as servers:
            home = servers.home.folder
            assert home.parent == Path("/var/lib/jidan")
            assert (closed / "var/embedded").readlink() == home
            [process] = [server.process for server in servers.members if server.name == "postgres"]
            assert process
            assert psutil.Process(process.pid).username() != "root"
            assert ask(servers.database_url, "SELECT 1") == [(1,)]
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert f"the data lies in {home} (new)." in said[-1]
    finally:
        shutil.rmtree((closed / "var/embedded").resolve())
        shutil.rmtree(closed)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give its files away")
def test_start_servers_as_root_runs_a_users_data_as_that_user(start: Start, var_dir: Path) -> None:
    start().stop()
    for name in ("postgres", "valkey"):
        folder = var_dir / "embedded" / name
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "nobody")

    servers = start()

    names = {psutil.Process(s.process.pid).username() for s in servers.members if s.process}
    assert names == {"nobody"}
    assert ask(servers.database_url, "SELECT 1") == [(1,)]
