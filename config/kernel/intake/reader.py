"""Read an uploaded table in a child process, so that no file can hurt the one that was asked.

Imports no Django and reads no settings: the child gets an environment without secrets, limits on
memory, processor time and file size (it sets them itself, before it reads a byte), and a deadline.
"""

import json
import os
import selectors
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

from config.kernel.intake.parsing.limits import CHILD_WALL_SECONDS, MAX_BYTES, MAX_REPLY_BYTES
from config.kernel.intake.parsing.table import IntakeError, Table, table_from_json

__all__ = ["IntakeError", "Table", "read_table"]

# Started as a package of its own: importing `config` would bring Celery and the settings along.
# Our folder comes last on the path, so that no module in it hides one of the standard library.
_START = "import sys; sys.path.append(sys.argv[1]); from parsing.child import main; main()"
_COMMAND = (sys.executable, "-I", "-B", "-X", "utf8", "-c", _START, str(Path(__file__).parent))
_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}
_PIECE = 64 * 1024


def read_table(
    content: bytes,
    *,
    aliases: Mapping[str, Sequence[str]] | None = None,
    required: Sequence[str] = (),
    seconds: float = CHILD_WALL_SECONDS,
) -> Table:
    """The table in the bytes of an xlsx or csv file, whatever its name says.

    `aliases` lists per field the headings it may have, best first; `required` names fields without
    which the file is refused. Without aliases the first row is the header. Raises IntakeError.
    """
    if len(content) > MAX_BYTES:
        raise IntakeError("file_too_big", limit=MAX_BYTES // (1024 * 1024))
    head = json.dumps({"aliases": dict(aliases or {}), "required": list(required)}).encode()
    request = struct.pack(">I", len(head)) + head + content
    process = subprocess.Popen(
        _COMMAND,
        cwd="/",
        env=_ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        reply = _exchange(process, request, time.monotonic() + seconds)
        process.wait(max(0.1, seconds))
    except (TimeoutError, subprocess.TimeoutExpired) as error:
        raise IntakeError("too_slow") from error
    finally:
        _end(process)
    return _unpack(reply, process.returncode)


def _exchange(process: "subprocess.Popen[bytes]", request: bytes, deadline: float) -> bytes:
    """Write and read at once, so that neither side waits for the other, until the deadline."""
    stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    rest = memoryview(request)
    reply: list[bytes] = []
    received = 0
    for pipe in (stdin, stdout):
        os.set_blocking(pipe.fileno(), False)
    with selectors.DefaultSelector() as waiting:
        waiting.register(stdin, selectors.EVENT_WRITE)
        waiting.register(stdout, selectors.EVENT_READ)
        while received <= MAX_REPLY_BYTES:
            ready = waiting.select(deadline - time.monotonic())
            if not ready and time.monotonic() >= deadline:
                raise TimeoutError
            for key, _events in ready:
                if key.fileobj is stdin:
                    rest = _write_some(stdin, rest, waiting)
                    continue
                piece = os.read(stdout.fileno(), _PIECE)
                if not piece:
                    return b"".join(reply)
                received += len(piece)
                reply.append(piece)
    raise IntakeError("too_much_text")


def _write_some(stdin: IO[bytes], rest: memoryview, waiting: selectors.BaseSelector) -> memoryview:
    try:
        rest = rest[os.write(stdin.fileno(), rest[:_PIECE]) :]
    except BrokenPipeError:  # the child has ended; what it has said is still to be read
        rest = rest[:0]
    if not rest:
        waiting.unregister(stdin)
        stdin.close()
    return rest


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _unpack(reply: bytes, code: int) -> Table:
    """Raises IntakeError: the child's own, or one that says how the child ended."""
    if code == -signal.SIGXCPU or (code == -signal.SIGKILL and not reply):
        raise IntakeError("too_slow")
    if code != 0:
        raise IntakeError("unreadable")
    answer: dict[str, Any] = json.loads(reply)
    if "table" not in answer:
        raise IntakeError(answer["error"], **answer["params"])
    return table_from_json(answer["table"])
