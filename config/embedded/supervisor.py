"""Keeps processes running: one thread, one loop that reads, notices ends, starts again and stops.

A single thread because the kernel ends a child when the thread that started it ends.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.embedded.processes import has_ended, kill_group, spawn
from config.embedded.server import Server
from config.embedded.stream import Follower, Lines, Stream

_TICK = 0.1
_LONGEST_PAUSE = 30.0
# Seconds alive after which earlier ends are forgotten.
_SETTLED = 60.0


@dataclass(frozen=True)
class Program:
    """`grace`: seconds between the request to stop and the kill. `once`: not started again."""

    name: str
    command: Sequence[str]
    grace: float = 5.0
    once: bool = False
    pass_fds: Sequence[int] = ()


@dataclass
class _Child:
    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    once: bool
    process: subprocess.Popen[bytes]
    grace: float = 0.0
    lines: Lines = field(default_factory=Lines)
    started: float = field(default_factory=time.monotonic)
    ends: int = 0
    start_again_at: float | None = None


class Supervisor:
    """Calls `on_start` with name and pid whenever a process was started.

    `stopping` counts the requests to stop: at the second one nobody is waited for.
    """

    def __init__(
        self,
        *,
        stream: Stream,
        environment: Mapping[str, str],
        cwd: Path,
        on_start: Callable[[str, int], None],
    ) -> None:
        self.on_start = on_start
        self.stream = stream
        self.environment = environment
        self.cwd = cwd
        self.stopping = 0
        self._children: dict[str, _Child] = {}
        self._followers: dict[str, Follower] = {}
        self._selector = selectors.DefaultSelector()

    def request_stop(self) -> None:
        """Safe in a signal handler."""
        self.stopping += 1

    def is_stopping(self) -> bool:
        return self.stopping > 0

    def start(self, program: Program) -> None:
        """Start a program and keep it running, unless it runs `once`."""

        def begin() -> subprocess.Popen[bytes]:
            return spawn(
                program.command,
                environment=self.environment,
                cwd=self.cwd,
                dies_by=signal.SIGKILL,
                pass_fds=program.pass_fds,
            )

        child = _Child(program.name, begin, program.once, begin(), grace=program.grace)
        self._children[program.name] = child
        self._listen(child)

    def watch(self, server: Server) -> None:
        """Keep a started server running on its port, and show its log from that start on."""
        if server.process is None:
            raise ValueError(f"{server.name} was not started")

        def begin() -> subprocess.Popen[bytes]:
            server.process = server.spawn()
            return server.process

        self._children[server.name] = _Child(server.name, begin, False, server.process)
        self._followers[server.name] = Follower(server.log, position=server.log_from)

    def ends_of(self, name: str) -> int:
        """How often this program ended, since it last ran well."""
        return self._children[name].ends

    def finish(self, program: Program) -> int | None:
        """Run a program to its end; its exit code, or None if we were asked to stop meanwhile."""
        self.start(replace(program, once=True))
        child = self._children[program.name]
        while not self.stopping and child.process.returncode is None:
            self.turn()
        return child.process.returncode

    def turn(self) -> None:
        """One round of at most a tenth of a second."""
        self._read(_TICK)
        for child in list(self._children.values()):
            if child.start_again_at is not None:
                if time.monotonic() >= child.start_again_at:
                    self._start_again(child)
            elif child.process.returncode is None and has_ended(child.process):
                self._note_end(child)
        if self.stream.broken:
            self.request_stop()

    def stop(self, names: Sequence[str]) -> None:
        """Stop these programs one after the other, each with its own grace; unknown names are fine."""
        for name in names:
            child = self._children.pop(name, None)
            if child is None or child.process.returncode is not None:
                continue
            child.process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + child.grace
            while not has_ended(child.process):
                if self.stopping > 1 or time.monotonic() > deadline:
                    self.stream.say(f"{name} did not stop in time and was killed.")
                    kill_group(child.process.pid)
                    child.process.wait()
                self._read(_TICK / 4)
            self._drain(child)

    def show_logs(self) -> None:
        """Show what the servers have logged since the last turn."""
        for name, follower in self._followers.items():
            self._show(name, follower.read())

    def _note_end(self, child: _Child) -> None:
        self._drain(child)
        how = _describe(child.process.returncode)
        if child.once:
            if child.process.returncode:
                self.stream.say(f"{child.name} {how}.")
            return
        if time.monotonic() - child.started > _SETTLED:
            child.ends = 0
        pause = min(_LONGEST_PAUSE, 0.5 * 2**child.ends)
        child.ends += 1
        child.start_again_at = time.monotonic() + pause
        self.stream.say(f"{child.name} {how}; starting it again in {pause:g} s.")

    def _start_again(self, child: _Child) -> None:
        child.start_again_at = None
        child.started = time.monotonic()
        child.process = child.start()
        child.lines = Lines()
        self._listen(child)

    def _listen(self, child: _Child) -> None:
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout, selectors.EVENT_READ, child)
        try:
            self.on_start(child.name, child.process.pid)
        except OSError as error:
            # A full disk is no reason to end: only the next start would not know of this one.
            self.stream.say(f"{child.name} runs, but could not be written down: {error.strerror}.")

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            self._take(key.data)
        self.show_logs()

    def _take(self, child: _Child) -> bool:
        """Show what a child has written; False when there is nothing (more) to read now."""
        stdout = child.process.stdout
        if stdout is None or stdout.closed:
            return False
        try:
            piece = os.read(stdout.fileno(), 64 * 1024)
        except BlockingIOError:
            return False
        if not piece:
            self._selector.unregister(stdout)
            stdout.close()
            return False
        self._show(child.name, child.lines.feed(piece))
        return True

    def _drain(self, child: _Child) -> None:
        while self._take(child):
            pass
        self._show(child.name, child.lines.flush())
        stdout = child.process.stdout
        if stdout is not None and not stdout.closed:
            # Held open by a stranger that inherited it: the child is gone, we need not wait.
            self._selector.unregister(stdout)
            stdout.close()

    def _show(self, name: str, lines: list[str]) -> None:
        for line in lines:
            self.stream.write(name, line)


def _describe(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
