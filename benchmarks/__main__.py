"""Start servers of our own, measure the parts named on the command line (none: all), judge them by the budgets.

Figures are merged by name into var/bench/results.json. Exit 1 if a budget of a measured part is broken.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.budgets import BUDGETS
from config.embedded import start_servers

ROOT = Path(__file__).resolve().parent.parent
# Modules of this folder; each begins on an empty database and has `measure()`, which returns figures, and words where
# a figure has a name.
PARTS = ("consolidation", "orders", "burst", "files", "wanping", "closing", "round", "desk")


def main(names: list[str]) -> int:
    if unknown := set(names) - set(PARTS):
        print(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
        return 2
    var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "bench"
    parts = [part for part in PARTS if part in names or not names]
    with start_servers(var_dir, command="bench") as servers:
        os.environ.update(servers.environment)
        os.environ["STATEMENT_TIMEOUT_SECONDS"] = "600"
        results = _measure(parts, var_dir / "results.json")
    return 0 if _judge(parts, results) else 1


def _measure(parts: list[str], file: Path) -> dict[str, float | str]:
    """Stored after each part: what was measured stays, whatever happens to the next."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 -- settings need the servers' addresses

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    call_command("migrate", verbosity=0)
    results: dict[str, float | str] = {}
    for part in parts:
        call_command("flush", interactive=False, verbosity=0)
        for name, value in import_module(f"benchmarks.{part}").measure().items():
            is_word = isinstance(value, str)
            print(f"{name:48} {value if is_word else format(value, '.3f'):>12}", flush=True)
            results[name] = value if is_word else round(value, 4)
        _merge(results, file)
    return results


def _merge(results: Mapping[str, float | str], file: Path) -> None:
    stored = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    stored = {**stored, **results}
    stored["machine"] = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    )
    stored["measured_at"] = datetime.now(UTC).isoformat(timespec="seconds")
    file.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")


def _judge(parts: list[str], results: Mapping[str, float | str]) -> bool:
    """Print every budget of the parts; a figure that was not measured breaks its budget."""
    kept = True
    for budget in BUDGETS:
        if budget.part in parts:
            found = results.get(budget.figure)
            value = None if isinstance(found, str) else found
            kept &= budget.is_kept(value)
            print(budget.verdict(value), flush=True)
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
