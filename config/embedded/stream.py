"""One log stream of many processes: each line begins with the name of the one that said it."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from config.kernel.masking import mask

_WIDTH = 8
_COLOURS = {
    "up": "1",
    "postgres": "34",
    "valkey": "31",
    "migrate": "36",
    "web": "32",
    "worker": "33",
    "beat": "35",
    "demo": "36",
}


class Stream:
    """Writes whole lines, or none while the disk is full. `broken` turns true when nobody reads any more
    (`up | head`).
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.broken = False
        self._coloured = out.isatty()

    def write(self, name: str, line: str) -> None:
        mark = f"{name:<{_WIDTH}} |"
        if self._coloured:
            mark = f"\033[{_COLOURS.get(name, '0')}m{mark}\033[0m"
        try:
            self.out.write(f"{mark} {line}\n")
            self.out.flush()
        except BrokenPipeError:
            self.broken = True
        except OSError:
            # The disk of the log is full: lines are lost until there is room, and nothing else.
            pass

    def say(self, text: str) -> None:
        """A message of `up` itself; may have several lines."""
        for line in text.splitlines():
            self.write("up", line)


class Lines:
    """Cuts bytes that arrive in pieces into lines of text."""

    _LONGEST = 64 * 1024

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[str]:
        """The lines that are whole by now; a line without end is cut at 64 KiB."""
        *whole, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > self._LONGEST:
            whole.append(self._rest)
            self._rest = b""
        return [line.decode("utf-8", errors="replace").rstrip("\r") for line in whole]

    def flush(self) -> list[str]:
        """What came without a line end before its writer ended."""
        return self.feed(b"\n") if self._rest else []


class Follower:
    """New lines of a server's log file, from `position` (bytes) on. Masked: PostgreSQL quotes a value that it
    cannot read, and that may be somebody's phone.
    """

    def __init__(self, path: Path, *, position: int) -> None:
        self.path = path
        self._lines = Lines()
        self._position = position

    def read(self) -> list[str]:
        if not self.path.exists() or self.path.stat().st_size <= self._position:
            return []
        with self.path.open("rb") as file:
            file.seek(self._position)
            piece = file.read()
        self._position += len(piece)
        return [mask(line) for line in self._lines.feed(piece)]
