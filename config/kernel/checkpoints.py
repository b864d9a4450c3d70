"""Named points where tests stop a process to kill it there. In production this does nothing."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from django.conf import settings

# Between the name of a point and the number of the process that stands there.
STANDS = " stands "


def reach(point: str) -> None:
    """Stand still for ever if CHECKPOINT is `<point>@<file>`, after writing the point into the file.

    Or if it is `*@<folder>` and the folder has a file of the point's name: one process alone renames it, to
    `<point> stands <pid>`.
    """
    name, _at, path = settings.CHECKPOINT.partition("@")
    if name == "*":
        armed = Path(path) / point
        with suppress(FileNotFoundError):
            armed.rename(armed.with_name(f"{point}{STANDS}{os.getpid()}"))
            _stand_still()
    elif name and name == point:
        Path(path).write_text(point, encoding="utf-8")
        _stand_still()


def _stand_still() -> None:
    while True:
        signal.pause()
