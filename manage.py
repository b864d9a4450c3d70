#!/usr/bin/env python
"""Run a command. Without DATABASE_URL and REDIS_URL in the environment, on the embedded servers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> int:
    from config.embedded import EmbeddedError, servers_for_command, up

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if sys.argv[1:2] == ["up"]:
            # Django is not needed here, and would ask for a database before there is one.
            return up.main(sys.argv[2:])
        var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var")
        with servers_for_command(var_dir, given=os.environ) as variables:
            for name, text in variables.items():
                os.environ.setdefault(name, text)
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
