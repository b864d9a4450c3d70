from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.stream import Follower, Lines, Stream
from config.embedded.supervisor import Program, Supervisor
from tests.embedded.conftest import ROOT


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def started() -> list[str]:
    return []


@pytest.fixture
def supervisor(written: io.StringIO, started: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(
        stream=Stream(written),
        environment=dict(os.environ),
        cwd=ROOT,
        on_start=lambda name, _pid: started.append(name),
    )
    yield made
    made.request_stop()
    made.request_stop()
    made.stop(started)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def turn_until(supervisor: Supervisor, written: io.StringIO, text: str) -> None:
    for _ in range(200):
        if text in written.getvalue():
            return
        supervisor.turn()
    raise AssertionError(written.getvalue())


def test_finish_shows_all_lines_and_returns_the_exit_code(
    supervisor: Supervisor, written: io.StringIO
) -> None:
    code = "import sys; sys.stdout.write('一\\n' + 'x' * 200_000 + '\\nno line end'); sys.exit(3)"

    assert supervisor.finish(Program("migrate", python(code))) == 3

    *lines, said = written.getvalue().splitlines()
    assert lines[0] == "migrate  | 一"
    shown = "".join(line.removeprefix("migrate  | ") for line in lines[1:])
    assert shown == "x" * 200_000 + "no line end"
    assert said == "up       | migrate ended with exit code 3."


def test_turn_starts_again_after_pauses_that_double(
    supervisor: Supervisor, written: io.StringIO, started: list[str]
) -> None:
    supervisor.start(Program("web", python("raise SystemExit(7)")))

    turn_until(supervisor, written, "in 2 s.")

    assert written.getvalue().splitlines() == [
        f"up       | web ended with exit code 7; starting it again in {pause} s."
        for pause in ("0.5", "1", "2")
    ]
    assert started == ["web"] * 3
    assert supervisor.ends_of("web") == 3


def test_turn_leaves_a_program_that_runs_once_ended(
    supervisor: Supervisor, written: io.StringIO, started: list[str]
) -> None:
    supervisor.start(Program("demo", python("print('done')"), once=True))
    supervisor.start(Program("web", python("raise SystemExit(7)")))

    turn_until(supervisor, written, "starting it again in 1 s.")

    assert "demo     | done" in written.getvalue().splitlines()
    assert started == ["demo", "web", "web"]


def test_stop_kills_what_does_not_obey_in_time(
    supervisor: Supervisor, written: io.StringIO
) -> None:
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True)"
    supervisor.start(Program("worker", python(f"{deaf}; signal.pause()"), grace=0.2))
    turn_until(supervisor, written, "deaf")

    supervisor.stop(["demo", "worker"])

    assert written.getvalue().splitlines()[-1] == (
        "up       | worker did not stop in time and was killed."
    )


def test_stream_nobody_reads_asks_to_stop(supervisor: Supervisor, started: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        supervisor.stream = Stream(out)
        supervisor.stream.say("Is anybody there?")
        supervisor.turn()
        assert supervisor.stopping == 1
        # What could not be written would be tried again on closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_stream_on_a_full_disk_loses_lines_and_goes_on(supervisor: Supervisor) -> None:
    with open("/dev/full", "w") as out:  # noqa: PTH123 -- a device
        supervisor.stream = Stream(out)
        supervisor.stream.say("Is there room?")
        supervisor.turn()
        assert supervisor.stopping == 0
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


def test_start_that_cannot_be_written_down_runs_all_the_same(
    supervisor: Supervisor, written: io.StringIO
) -> None:
    def full(_name: str, _pid: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    supervisor.on_start = full
    supervisor.start(Program("worker", python("print('awake', flush=True); raise SystemExit(7)")))

    turn_until(supervisor, written, "starting it again in 1 s.")

    assert "up       | worker runs, but could not be written down: No space left on device." in (
        written.getvalue().splitlines()
    )
    supervisor.stop(["worker"])


def test_feed_cuts_pieces_into_lines() -> None:
    lines = Lines()
    pieces = "团购 1\r\n团购 2\nend".encode()

    found = [line for at in range(len(pieces)) for line in lines.feed(pieces[at : at + 1])]

    assert found == ["团购 1", "团购 2"]
    assert lines.flush() == ["end"]
    assert lines.flush() == []
    assert lines.feed(b"\xff\n") == ["\ufffd"]


def test_follower_reads_from_its_position_and_what_comes_later(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("old\n")
    follower = Follower(log, position=4)
    assert follower.read() == []

    with log.open("a") as file:
        file.write("new\nha")
    assert follower.read() == ["new"]
    with log.open("a") as file:
        file.write("lf\n")
    assert follower.read() == ["half"]


def test_follower_masks_what_a_server_quotes(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text('ERROR:  invalid input syntax for type integer: "13812345678"\n')

    [line] = Follower(log, position=0).read()

    assert line == 'ERROR:  invalid input syntax for type integer: "138****5678"'
