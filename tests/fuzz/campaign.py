"""One campaign of schemathesis: its settings out of a world, its process, and what its report says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.fuzz.known import KNOWN
from tests.fuzz.world import World

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "openapi.yaml"


@dataclass(frozen=True)
class Outcome:
    """`cases` sent, how many valid ones were `accepted`; `complete` only if it ended by itself and found nothing.
    `text` is what schemathesis said.
    """

    cases: int
    failures: int
    operations: int
    accepted: int
    complete: bool
    text: str


def run(
    world: World, *, url: str, folder: Path, examples: int, seed: int, timeout: float
) -> Outcome:
    """All checks, valid and invalid data, all phases. `url` is the server's root, `examples` per operation and phase.

    Raises subprocess.TimeoutExpired after `timeout` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config, report = folder / "schemathesis.toml", folder / "report.json"
    config.write_text(settings(world), encoding="utf-8")
    known = folder / "known.json"
    known.write_text(json.dumps(asdict(world.known)), encoding="utf-8")
    command = [
        *(
            sys.executable,
            "-m",
            "schemathesis.cli",
            "--config-file",
            str(config),
            "run",
            str(SCHEMA),
        ),
        *("--url", url, "--checks", "all", "--mode", "all", "--seed", str(seed)),
        *("--max-examples", str(examples), "--continue-on-failure", "--no-color"),
        *("--generation-database", "none", "--suppress-health-check", "all"),
        *("--report", "json", "--report-json-path", str(report)),
    ]
    ended = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), KNOWN: str(known)},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    text = ended.stdout + ended.stderr
    (folder / "output.txt").write_text(text, encoding="utf-8")
    return _outcome(report, text)


def settings(world: World) -> str:
    """schemathesis.toml: who asks. What is worth asking for is in KNOWN, for the hooks."""
    return "\n".join(
        [
            'hooks = "tests.fuzz.hooks"',
            # A command may be refused for the state of things or for its key, however well it is formed.
            "[checks.positive_data_acceptance]",
            "expected-statuses = [200, 201, 304, 401, 403, 404, 409, 422, 429]",
            "[checks.negative_data_rejection]",
            "expected-statuses = [400, 401, 403, 404, 405, 406, 409, 411, 413, 414, 415, 416, 422]",
            # Asking for one more household gives the id of a wish: no household has it before somebody approves.
            "[[operations]]",
            'include-path-regex = "/me/households/"',
            "checks.ensure_resource_availability.enabled = false",
            "[auth.openapi]",
            f'residentToken = {{ bearer = "{world.token}" }}',
            f'supplierKey = {{ api_key = "Supplier {world.supplier_key}" }}',
            "",
        ]
    )


def _outcome(report: Path, text: str) -> Outcome:
    found = json.loads(report.read_text(encoding="utf-8"))
    cases, rates = found["test_cases"], found["valid_rates"].values()
    return Outcome(
        cases=cases["generated"],
        failures=cases["with_failures"] + cases["errored"],
        operations=found["operations"]["tested"],
        accepted=sum(phase["accepted"] for phases in rates for phase in phases.values()),
        complete=found["complete"] and found["exit_code"] == 0,
        text=text,
    )
