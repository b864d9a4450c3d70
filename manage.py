#!/usr/bin/env python
"""Run a command. Without DATABASE_URL and REDIS_URL in the environment, on the embedded servers."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from config.embedded import EmbeddedError, servers_for_command, up
from config.embedded.catalogues import compile_catalogues

ROOT = Path(__file__).resolve().parent


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if sys.argv[1:2] == ["up"]:
            # Django would ask for a database before there is one.
            sys.exit(up.main(sys.argv[2:]))
        var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var")
        with servers_for_command(var_dir, given=os.environ) as variables:
            for name, text in variables.items():
                os.environ.setdefault(name, text)
            if variables:
                compile_catalogues(ROOT / "locale")
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
