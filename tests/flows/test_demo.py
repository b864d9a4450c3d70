"""`make demo` as a stranger types it: real processes, a simulated cutoff.

That it gives the same bytes when it is played again, and that it fails loudly, `make faults` asks (family `demo`): each
is another minute.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey

ROOT = Path(__file__).resolve().parents[2]
# Below the clone, where the servers' own system user can get when root runs the tests.
VAR = ROOT / "var" / "test-demo"


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Without anything of this test run's servers."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "seeds.demo", *arguments],
        cwd=ROOT,
        env=environment | {"VAR_DIR": str(VAR)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.mark.timeout(300)
def test_demo_is_reconciled_within_its_limits() -> None:
    ended = demo("--seconds", "40")

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
