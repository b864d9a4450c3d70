"""`python -m config.embedded.remove`: delete the servers' data of this clone, wherever they lie."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from config.embedded.errors import EmbeddedError
from config.embedded.servers import ROOT, hold, say_on_stderr


def remove_homes(var_dir: Path) -> list[Path]:
    """Delete the homes of var_dir and of the folders in it (var/test …); the folders that went.

    Raises AlreadyRunning, with nothing deleted of it, when somebody runs the servers of one.
    """
    removed = []
    for entry in (*var_dir.glob("embedded"), *var_dir.glob("*/embedded")):
        folder = entry.resolve()
        if folder.exists():
            lock = hold(folder)
            shutil.rmtree(folder)
            os.close(lock)
            removed.append(folder)
        if entry.is_symlink():
            entry.unlink()
    return removed


def main() -> int:
    try:
        for folder in remove_homes(Path(os.environ.get("VAR_DIR") or ROOT / "var")):
            say_on_stderr(f"Deleted {folder}.")
    except EmbeddedError as error:
        say_on_stderr(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
