from __future__ import annotations

import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from config.embedded import environment
from tests.embedded.conftest import (
    Command,
    alive,
    assert_all_end,
    copy_home,
    make_folder,
    run_commands,
)

pytestmark = pytest.mark.journey

Run = Callable[..., Command]

PROGRAMS = (
    ["postgres"],
    ["valkey-server"],
    ["gunicorn"],
    ["config worker", "close,jobs,default"],
    ["config worker", "closer@"],
    ["config beat"],
)


def up(run: Run, *options: str, **variables: str) -> Command:
    command = run("manage.py", "up", *options, **{"WEB_PORT": str(unused_port()), **variables})
    command.wait_for("Ctrl-C stops everything.")
    command.wait_for("celery@")
    return command


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def address(command: Command) -> str:
    [found] = re.findall(r"Open (http://\S+)", command.output)
    return str(found)


def get(url: str) -> int:
    return requests.get(f"{url}healthz", timeout=10).status_code


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """One `up` for several tests, started while the port it was told is taken."""
    folder = make_folder()
    copy_home(made, folder)
    commands = run_commands(folder, tmp_path_factory.mktemp("logs"))
    run = next(commands)
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        yield up(run, WEB_PORT=str(stranger.getsockname()[1]))
    commands.close()
    shutil.rmtree(folder)


def test_up_killed_starts_again_at_once_and_stops_all_in_order_on_sigterm(
    run: Run, var_dir: Path
) -> None:
    port = str(unused_port())
    first = up(run, WEB_PORT=port)
    left = first.family()
    database = environment(var_dir)["DATABASE_URL"]

    first.process.kill()
    first.process.wait()
    command = up(run, WEB_PORT=port)

    assert_all_end(left, seconds=20)
    assert address(command) == address(first)
    assert environment(var_dir)["DATABASE_URL"] == database
    assert environment(var_dir)["WEB_PORT"] in address(command)
    family = command.family()
    for words in PROGRAMS:
        assert command.child(*words).is_running()
    assert get(address(command)) == 200

    code = command.stop(signal.SIGTERM)

    assert code == 0
    assert alive(family) == []
    assert environment(var_dir) == {}
    marks = ("web      | ", "Shutting down", "Warm shutdown", "received fast shutdown", "Stopped.")
    places = [command.output.index(mark) for mark in marks]
    assert places == sorted(places)
    names = {line[:10] for line in command.output.splitlines()}
    allowed = ("up", "postgres", "valkey", "migrate", "web", "worker", "closer", "beat")
    assert names <= {f"{name:<8} |" for name in allowed}


def test_up_on_a_taken_port_takes_the_next_and_says_so(served: Command) -> None:
    [(told, found)] = re.findall(r"Port (\d+) is taken; web listens on (\d+)", served.output)

    assert address(served) == f"http://127.0.0.1:{found}/"
    assert int(told) < int(found) <= int(told) + 100
    assert get(address(served)) == 200


def test_up_lets_the_makers_of_files_give_way_to_web_and_closer(served: Command) -> None:
    web, worker, closer = (served.child(*words) for words in PROGRAMS[2:5])

    assert [process.nice() for process in (web, worker, closer)] == [0, 10, 0]
    assert [process.nice() for process in worker.children()] == [10, 10]


def test_up_twice_in_one_clone_refuses_the_second(served: Command, run: Run) -> None:
    home = Path(served.child("postgres").cwd()).parent

    second = run("manage.py", "up", VAR_DIR=str(home.parent))

    assert second.process.wait(10) == 1
    assert second.output == (
        f"`manage.py up` (process {served.process.pid}) already runs the servers of {home}. "
        f"Use that one, or stop it first.\n"
    )
    assert get(address(served)) == 200


def test_up_starts_again_what_dies_and_says_so(served: Command) -> None:
    killed = [served.child(*words) for words in PROGRAMS]
    workers = killed[2].children()
    assert len(workers) == 2

    for process in killed:
        process.kill()

    for name in ("postgres", "valkey", "web", "worker", "closer", "beat"):
        served.wait_for(f"up       | {name} was ended by SIGKILL; starting it again in 0.5 s.")
    served.wait_for("Connected to redis", times=4)
    assert get(address(served)) == 200
    again = [served.child(*words) for words in PROGRAMS]
    assert {process.pid for process in again} & {process.pid for process in killed} == set()
    assert alive(workers) == []


def test_up_with_a_failing_migration_stops_with_an_error(run: Run, var_dir: Path) -> None:
    command = run("manage.py", "up", DATABASE_URL="postgresql://jidan:x@127.0.0.1:1/jidan")

    assert command.process.wait(20) == 1
    assert "migrate  | django.db.utils.OperationalError" in command.output
    assert "up       | migrate ended with exit code 1." in command.output
    assert "web      |" not in command.output
    assert environment(var_dir) == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_up_stopped_while_it_starts_leaves_nothing(run: Run, var_dir: Path, number: int) -> None:
    command = run("manage.py", "up")
    command.wait_for("migrate  |")
    family = command.family()

    command.process.send_signal(number)

    assert command.process.wait(15) == 0
    assert alive(family) == []
