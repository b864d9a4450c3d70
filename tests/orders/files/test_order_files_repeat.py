"""The same bytes from two processes that differ in everything but the sheet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import hashlib, sys
sys.modules["django"] = None
from orders.files.differences import difference
from orders.files.writing import DIFFERENCE_WRITERS, ORDER_WRITERS
from tests.orders.files.samples import cancelled, two_communities
old, new = two_communities(), cancelled()
files = [write(sheet, language) for write in ORDER_WRITERS.values()
         for sheet in (old, new) for language in ("zh-hans", "en")]
files += [write(difference(old, new), "zh-hans") for write in DIFFERENCE_WRITERS.values()]
print(*(hashlib.sha256(content).hexdigest() for content in files))
"""


def test_write_in_two_processes_gives_the_same_bytes_without_django(tmp_path: Path) -> None:
    east = {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LANG": "C.UTF-8"}
    west = {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "SOURCE_DATE_EPOCH": "1"}

    first = _hashes(ROOT, east)
    second = _hashes(tmp_path, west)

    assert len(first) == 24
    assert first == second


def _hashes(folder: Path, environment: dict[str, str]) -> list[str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.split()
