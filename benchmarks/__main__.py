"""Start servers of our own under var/bench, measure, print ratios, write var/bench/results.json."""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path

from config.embedded import start_servers

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    var_dir = ROOT / "var" / "bench"
    with start_servers(var_dir, command="bench") as servers:
        os.environ.update(servers.environment)
        os.environ["STATEMENT_TIMEOUT_SECONDS"] = "600"
        results = _measure()
    results["machine"] = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    )
    (var_dir / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


def _measure() -> dict[str, object]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 -- settings need the servers' addresses

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    from benchmarks import consolidation, files, placing  # noqa: PLC0415 -- as above

    results: dict[str, object] = {}
    for module in (consolidation, placing, files):
        for name, value in module.measure().items():
            print(f"{name:44} {value:>12.3f}", flush=True)
            results[name] = round(value, 4)
    return results


if __name__ == "__main__":
    sys.exit(main())
