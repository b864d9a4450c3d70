"""What a piece of work takes in a process that does nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_PROGRAM = """
import sys
from importlib import import_module
import django
django.setup()
from benchmarks.memory import most
before = most()
module, name, *numbers = sys.argv[1:]
getattr(import_module(module), name)(*map(int, numbers))
print(before, most())
"""


def megabytes(module: str, function: str, *numbers: int) -> tuple[float, float]:
    """(before, at most) of a child that calls `module.function(*numbers)` once, in the servers of this process."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, module, function, *map(str, numbers)],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    before, after = map(float, done.stdout.split())
    return before, after


def most() -> float:
    """What this process has held at its most since it began, in megabytes (Linux: VmHWM; a child's ru_maxrss would
    begin with its parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
