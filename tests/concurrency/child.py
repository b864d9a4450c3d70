"""The process of a Crowd: `python -m tests.concurrency.child MODULE JSON` sets Django up, says "ready", waits for a
line, and answers with what `MODULE.work(**JSON)` returns.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

import django


def main(module: str, given: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    work = import_module(module).work
    sys.stdout.write('"ready"\n')
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(work(**json.loads(given))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
