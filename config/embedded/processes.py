"""Child processes that cannot outlive their parent, and how leftovers of a crash are told from strangers.

Every child leads its own process group, so that Ctrl-C in the terminal reaches only the parent and
a stop reaches the grandchildren too.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped,unused-ignore]

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

# A recorded start time may shift by this much when the machine's clock is set. In seconds.
_CLOCK_SLACK = 5.0


@dataclass(frozen=True)
class Account:
    """The system user a server runs as when we are root. `name` for messages, ids for the kernel."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class ProcessId:
    """A pid that stays true when the number is used again: `started` is seconds since the epoch."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        """Raises ProcessLookupError when there is no such process."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error as error:
            raise ProcessLookupError(pid) from error

    def is_alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            shift = abs(float(process.create_time()) - self.started)
            return shift < _CLOCK_SLACK and str(process.status()) != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False


def spawn(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    cwd: Path,
    dies_by: signal.Signals = signal.SIGKILL,
    account: Account | None = None,
    output: IO[bytes] | int = subprocess.PIPE,
    pass_fds: Sequence[int] = (),
    told: bytes = b"",
) -> subprocess.Popen[bytes]:
    """Start a child that gets the signal `dies_by` when the calling *thread* ends, however it ends.

    The kernel does that on Linux; elsewhere the next start clears what a `kill -9` left behind.
    `told` is handed over on standard input, at most the 64 KiB that a pipe holds.
    """
    process = subprocess.Popen(
        [str(part) for part in command],
        env=dict(environment),
        cwd=cwd,
        stdin=subprocess.PIPE if told else subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=pass_fds,
        preexec_fn=_tie_to_parent(dies_by),  # noqa: PLW1509 -- one system call, takes no lock
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if process.stdin is not None:
        with process.stdin:
            process.stdin.write(told)
    return process


def _tie_to_parent(dies_by: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(dies_by), 0, 0, 0)
        if os.getppid() != parent:
            # The parent died between fork and prctl: the signal would never come.
            os._exit(1)

    return tie


def stop(process: subprocess.Popen[bytes], *, by: signal.Signals, seconds: float) -> bool:
    """Ask the child to end, wait `seconds`, then kill its whole group. Returns whether it obeyed."""
    if not has_ended(process):
        process.send_signal(by)
    deadline = time.monotonic() + seconds
    while not (ended := has_ended(process)) and time.monotonic() < deadline:
        time.sleep(0.02)
    if not ended:
        kill_group(process.pid)
        process.wait()
    return ended


def kill_group(leader: int) -> None:
    """Kill what is left of a child's group, for instance workers whose master was killed.

    Every child leads a group of its own (spawn); a group that is empty by now is no error.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the child has ended; clears its group *before* its number can be given away again."""
    if process.returncode is not None:
        return True
    try:
        ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        ended = True
    if ended:
        kill_group(process.pid)
        process.wait()
    return ended


def left_of_group(leader: ProcessId, *, cwd: Path) -> list[psutil.Process]:
    """What still runs of the group that `leader` led, even when the leader itself is gone."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            same_group = os.getpgid(process.pid) == leader.pid
            later = process.create_time() > leader.started - _CLOCK_SLACK
            if same_group and later and Path(process.cwd()) == cwd:
                found.append(process)
    return found


def working_in(folder: Path, *, name: str) -> list[psutil.Process]:
    """Processes called `name` whose working folder is `folder` (a real path, links resolved).

    PostgreSQL and Valkey both work inside their data folder, so this finds a server that still
    holds it whatever was recorded, and never somebody else's.
    """
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.name() == name and Path(process.cwd()) == folder:
                found.append(process)
    return found


def may_be(pid: int, *, name: str) -> bool:
    """Whether a process of this number runs (one that ended does not) and is called `name`."""
    try:
        process = psutil.Process(pid)
        return str(process.status()) != psutil.STATUS_ZOMBIE and str(process.name()) == name
    except psutil.NoSuchProcess:
        return False


def end_leftovers(
    processes: Sequence[psutil.Process], *, ask: Collection[int], by: signal.Signals, seconds: float
) -> None:
    """Signal those whose pid is in `ask`, wait `seconds` for all of them, then kill the rest."""
    for process in processes:
        if process.pid in ask:
            with contextlib.suppress(psutil.Error):
                process.send_signal(by)
    _, stubborn = psutil.wait_procs(processes, timeout=seconds)
    for process in stubborn:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)
