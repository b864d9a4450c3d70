"""`make demo` as a stranger types it: real processes, a simulated cutoff, twice the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from config.embedded.servers import find_running

ROOT = Path(__file__).resolve().parents[2]
# Below the clone, where the servers' own system user can get when root runs the tests.
VAR = ROOT / "var" / "test-demo"
# A folder of its own: one demo at a time in each.
LATE = ROOT / "var" / "test-demo-late"


def demo(*arguments: str, var: Path = VAR) -> subprocess.CompletedProcess[str]:
    """Without anything of this test run's servers."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "seeds.demo", *arguments],
        cwd=ROOT,
        env=environment | {"VAR_DIR": str(var)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.mark.timeout(300)
def test_demo_twice_is_reconciled_within_its_limits_and_gives_the_same_bytes() -> None:
    ended = demo("--seconds", "40", "--twice")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    summary = json.loads((VAR / "demo" / "summary.json").read_text(encoding="utf-8"))
    assert summary["reconciled"] is True
    assert summary["mismatches"] == []
    assert summary["comparisons"] > 9000
    assert (summary["households"], summary["orders"]) == (94, 94)
    assert (summary["lines"], summary["total_fen"]) == (764, 1_506_190)
    assert summary["volunteer_actions"] == 2
    assert summary["seconds_close_to_files"] <= 10
    # Six sold out, two over the limit, two with an old price; three attempts of three households too late.
    assert summary["refused"] == 6 + 2 + 2 + 3 * 3
    assert (summary["lost_replies"], summary["changes"], summary["cancellations"]) == (12, 9, 5)
    assert summary["placed"] == 70 + 5
    assert summary["orders_by_channel"] == {"rest": 70, "phone": 12, "chain": 11, "late": 1}
    files = {file["name"]: file for file in summary["files"]}
    stored = {path.name: path.read_bytes() for path in (VAR / "demo" / "files").iterdir()}
    assert len(files) == 5 + 4 * 3
    assert {name: (file["bytes"], file["sha256"]) for name, file in files.items()} == {
        name: (len(content), hashlib.sha256(content).hexdigest())
        for name, content in stored.items()
    }
    assert "17" in ended.stdout.splitlines()[-1]


def test_demo_whose_cutoff_has_passed_fails_and_leaves_nothing_running() -> None:
    ended = demo("--seconds", "-60", var=LATE)

    assert ended.returncode == 1
    assert "Unexpected" in ended.stdout
    assert not (LATE / "demo" / "summary.json").exists()
    assert find_running(LATE / "demo") is None
    folder = str((LATE / "demo").resolve()).encode()
    assert [pid for pid in psutil.pids() if folder in environment_of(pid)] == []


def environment_of(pid: int) -> bytes:
    """Empty for processes that ended or are not ours."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""
