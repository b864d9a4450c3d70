from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
import pytest

from config.embedded import Servers, start_servers

ROOT = Path(__file__).resolve().parents[2]

# What the run of these tests itself has in its environment must not reach the commands they start.
OURS = ("DATABASE", "REDIS", "SECRET", "FIELD", "BLIND", "WEB", "JIDAN", "VAR", "DJANGO", "PYTEST")

# A new database is a thousand files: to copy them on a disk takes longer than most tests that use them.
_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3


def make_folder(prefix: str = "") -> Path:
    """One that any user can enter (pytest makes none), in memory where there is room."""
    is_roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if is_roomy else None))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def var_dir() -> Iterator[Path]:
    """In a folder with spaces and Chinese characters."""
    folder = make_folder("集单 测试 ")
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def running(made: Path) -> Iterator[Servers]:
    """Servers that the tests of one module look at without changing them."""
    folder = make_folder()
    copy_home(made, folder / "var")
    with start_servers(folder / "var") as servers:
        yield servers
    shutil.rmtree(folder)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A home with an empty database, made once; each test takes a copy of it."""
    folder = make_folder()
    start_servers(folder).stop()
    (folder / "embedded/run.json").unlink()
    yield folder / "embedded"
    shutil.rmtree(folder)


def copy_home(made: Path, var_dir: Path) -> Path:
    """Owners and modes are kept in the copy."""
    var_dir.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", made, var_dir], check=True)
    return var_dir / "embedded"


@pytest.fixture
def home(var_dir: Path, made: Path) -> Path:
    """var_dir's own home, ready to start."""
    return copy_home(made, var_dir)


@pytest.fixture
def start(home: Path, var_dir: Path, said: list[str]) -> Iterator[Callable[[], Servers]]:
    """Starts servers in var_dir; what the test leaves running is stopped."""
    started: list[Servers] = []

    def start_one() -> Servers:
        started.append(start_servers(var_dir, say=said.append))
        return started[-1]

    yield start_one
    for servers in started:
        servers.stop()


class Command:
    """A process of ours whose output is read as it comes."""

    def __init__(self, arguments: list[str], *, environment: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, text: str, *, times: int = 1, seconds: float = 60) -> None:
        """Until the output holds `text`; fails with the output when the process ends before."""
        deadline = time.monotonic() + seconds
        while self.output.count(text) < times:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.02)

    def family(self) -> list[psutil.Process]:
        """All descendants, now."""
        return list(psutil.Process(self.process.pid).children(recursive=True))

    def child(self, *words: str) -> psutil.Process:
        """The direct child whose command line holds these words."""
        for process in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                if all(word in " ".join(process.cmdline()) for word in words):
                    return process
        raise AssertionError(f"no child {words}: {self.output}")

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(20)


@pytest.fixture
def run(home: Path, var_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Command]]:
    """Starts `python …` in this clone with VAR_DIR set and tests' small settings."""
    yield from run_commands(var_dir, tmp_path)


def run_commands(var_dir: Path, logs: Path) -> Generator[Callable[..., Command], None, None]:
    commands: list[Command] = []
    environment = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
    environment |= {
        "VAR_DIR": str(var_dir),
        "DJANGO_SETTINGS_MODULE": "tests.embedded.small",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }

    def run_one(*arguments: str, **variables: str) -> Command:
        log = logs / f"{len(commands)}.log"
        commands.append(Command([*arguments], environment=environment | variables, log=log))
        return commands[-1]

    try:
        yield run_one
    finally:
        for command in commands:
            command.process.terminate()
            command.process.wait(20)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still run. One that ended but was not yet waited for by its new parent does not."""
    found = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def assert_all_end(processes: list[psutil.Process], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (left := alive(processes)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for process in left:
        process.kill()
    assert left == []
