"""`make demo` twice gives the same bytes; one whose cutoff has passed says so and leaves nothing behind."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import psutil

from config.embedded.servers import ROOT, find_running
from tests.faults.stage import Stage
from tests.faults.tally import Tally

_PATIENCE = 600


def run(stage: Stage, _rng: random.Random, *, small: bool) -> Tally:
    """Two rounds of 99 households, then one that must fail; `small` leaves the two out."""
    tally = Tally(rounds=1 if small else 3)
    if not small:
        ended = _demo(stage.folder / "twice", "--seconds", "40", "--twice")
        if ended.returncode or "Twice the same bytes: 17 files." not in ended.stdout:
            tally.violations.append(f"played twice: {ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    folder = stage.folder / "late"
    ended = _demo(folder, "--seconds", "-60")
    tally.control("a demo whose cutoff has passed", failed=ended.returncode == 1)
    if "Unexpected" not in ended.stdout or (folder / "demo" / "summary.json").exists():
        tally.violations.append(f"failed without saying so: {ended.stdout[-2000:]}")
    if find_running(folder / "demo") is not None or _left_by(folder):
        tally.violations.append(f"something of {folder} still runs")
    return tally


def _demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As a stranger types it: without anything of these servers."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "seeds.demo", *arguments],
        cwd=ROOT,
        env=environment | {"VAR_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )


def _left_by(folder: Path) -> list[int]:
    name = str((folder / "demo").resolve()).encode()
    return [pid for pid in psutil.pids() if name in _environment_of(pid)]


def _environment_of(pid: int) -> bytes:
    """Empty for processes that ended or are not ours."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
