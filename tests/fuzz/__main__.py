"""`make fuzz`: campaigns with one seed after the other until there were enough cases. Leaves var/fuzz/results.json."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from config.embedded import start_servers

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "fuzz"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with start_servers(FOLDER, command="fuzz") as servers:
        os.environ.update(servers.environment)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        results = _run(cases=given.cases, seed=given.seed)
    (FOLDER / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    # A campaign that nobody let in finds nothing wrong.
    got_in = int(str(results["accepted"])) >= given.cases // 100
    return 0 if results["failures"] == 0 and results["complete"] and got_in else 1


def _run(*, cases: int, seed: int) -> dict[str, object]:
    """Each campaign on a world of its own. Stops at the first one that fails, whose output it prints."""
    import django  # noqa: PLC0415 -- settings need the servers' addresses

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- as above

    call_command("migrate", verbosity=0)
    from tests.fuzz import campaign  # noqa: PLC0415 -- as above
    from tests.fuzz.server import serving  # noqa: PLC0415 -- as above
    from tests.fuzz.world import make_world  # noqa: PLC0415 -- as above

    begun, sent, accepted, first = time.monotonic(), 0, 0, seed
    while True:
        call_command("flush", interactive=False, verbosity=0)
        with serving(FOLDER / "web.log") as url:
            outcome = campaign.run(
                make_world(), url=url, folder=FOLDER, examples=150, seed=seed, timeout=1800
            )
        sent, accepted = sent + outcome.cases, accepted + outcome.accepted
        print(f"seed {seed:3}  {sent:6} cases  {outcome.failures} failures", flush=True)
        good = outcome.complete and not outcome.failures
        if not good:
            print(outcome.text)
        if not good or sent >= cases:
            break
        seed += 1
    return {
        "cases": sent,
        "accepted": accepted,
        "failures": outcome.failures,
        "complete": outcome.complete,
        "operations": outcome.operations,
        "seeds": [first, seed],
        "seconds": round(time.monotonic() - begun),
    }


if __name__ == "__main__":
    sys.exit(main())
