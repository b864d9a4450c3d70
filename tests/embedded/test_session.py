from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
import pytest

from config.embedded import Servers, environment, servers_for_command
from config.embedded.servers import find_running
from tests.embedded.conftest import Command, alive

pytestmark = pytest.mark.journey

Start = Callable[[], Servers]
Run = Callable[..., Command]

# A command that lends its servers' variables, says so, and ends when its file disappears.
COMMAND = """
import json, sys, time
from pathlib import Path
from config.embedded import servers_for_command
with servers_for_command(Path(sys.argv[1])) as variables:
    print(json.dumps(variables), flush=True)
    while Path(sys.argv[2]).exists():
        time.sleep(0.02)
"""


def test_environment_without_servers_is_empty_and_makes_nothing(var_dir: Path) -> None:
    assert environment(var_dir) == {}
    assert not var_dir.exists()


def test_environment_of_running_servers_is_theirs(start: Start, var_dir: Path) -> None:
    servers = start()

    assert environment(var_dir) == servers.environment

    servers.stop()
    assert environment(var_dir) == {}


def test_environment_after_a_kill_is_empty(start: Start, var_dir: Path) -> None:
    servers = start()
    record = json.loads(servers.home.run_file.read_text())
    # The owner's number was given to another process since: it started long before.
    record["owner"] |= {"pid": 1, "started": psutil.Process(1).create_time() - 3600}
    servers.home.run_file.write_text(json.dumps(record))

    assert environment(var_dir) == {}


def test_command_with_both_addresses_given_starts_and_makes_nothing(var_dir: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql://db.example/jidan",
        "REDIS_URL_FILE": "/run/secrets/redis",
    }

    with servers_for_command(var_dir, given=given) as variables:
        assert variables == {}
    assert not var_dir.exists()


def test_command_beside_a_running_owner_uses_its_servers(start: Start, var_dir: Path) -> None:
    servers = start()

    with servers_for_command(var_dir) as variables:
        assert variables == servers.environment

    assert find_running(var_dir)
    assert all(server.process and server.process.poll() is None for server in servers.members)


def test_command_without_owner_starts_servers_and_stops_them(run: Run, var_dir: Path) -> None:
    going = var_dir.parent / "going"
    going.touch()
    command = run("-c", COMMAND, str(var_dir), str(going))
    command.wait_for("DATABASE_URL")
    family = command.family()
    assert {process.name() for process in family} == {"postgres", "valkey-server"}

    going.unlink()

    assert command.process.wait(10) == 0
    assert alive(family) == []


def test_command_that_lends_its_servers_stops_them_after_its_guests(
    run: Run, var_dir: Path
) -> None:
    going, staying = var_dir.parent / "going", var_dir.parent / "staying"
    going.touch()
    staying.touch()
    owner = run("-c", COMMAND, str(var_dir), str(going))
    owner.wait_for("DATABASE_URL")
    guest = run("-c", COMMAND, str(var_dir), str(staying))
    guest.wait_for("DATABASE_URL")
    assert guest.family() == []
    assert json.loads(guest.output) == json.loads(owner.output)

    going.unlink()
    owner.wait_for("Another command uses the database; waiting for it")
    assert {process.name() for process in owner.family()} == {"postgres", "valkey-server"}

    staying.unlink()
    assert guest.process.wait(10) == 0
    assert owner.process.wait(10) == 0


def test_commands_started_at_once_share_one_pair_of_servers(run: Run, var_dir: Path) -> None:
    going = var_dir.parent / "going"
    going.touch()
    commands = [run("-c", COMMAND, str(var_dir), str(going)) for _ in range(3)]
    for command in commands:
        command.wait_for("DATABASE_URL")

    families = [command.family() for command in commands]
    assert sorted(bool(family) for family in families) == [False, False, True]

    going.unlink()
    assert [command.process.wait(20) for command in commands] == [0, 0, 0]
