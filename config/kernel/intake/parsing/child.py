"""The child process: limits first, then a request on standard input, an answer on standard output.

Request: 4 bytes (big endian) length of a JSON head {aliases, required}, the head, the file's bytes.
Answer: one JSON object, {"table": …} or {"error": code, "params": {…}}.
"""

import json
import resource
import struct
import sys
from contextlib import suppress
from typing import Any, BinaryIO

from .limits import CHILD_CPU_SECONDS, CHILD_MEMORY_BYTES
from .parse import parse
from .table import IntakeError, table_to_json

_LIMITS = {
    resource.RLIMIT_AS: CHILD_MEMORY_BYTES,
    resource.RLIMIT_CPU: CHILD_CPU_SECONDS,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 0,
}


def main() -> None:
    _limit_self()
    answer = _answer(sys.stdin.buffer)
    json.dump(answer, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.flush()


def _limit_self() -> None:
    for limit, value in _LIMITS.items():
        # Not every system knows every limit (macOS: no RLIMIT_AS); the deadline is the parent's.
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def _answer(stream: BinaryIO) -> dict[str, Any]:
    try:
        (length,) = struct.unpack(">I", stream.read(4))
        head = json.loads(stream.read(length))
        return {"table": table_to_json(parse(stream.read(), head["aliases"], head["required"]))}
    except IntakeError as error:
        return {"error": error.code, "params": error.params}
    except MemoryError:
        pass
    return {"error": "too_heavy", "params": {}}
