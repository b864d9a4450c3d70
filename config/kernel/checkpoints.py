"""Named points where tests stop a process to kill it there. In production this does nothing."""

from __future__ import annotations

import signal
from pathlib import Path

from django.conf import settings


def reach(point: str) -> None:
    """Stand still for ever if CHECKPOINT is `<point>@<file>`, after writing the point into the file."""
    name, _at, path = settings.CHECKPOINT.partition("@")
    if name != point:
        return
    Path(path).write_text(point, encoding="utf-8")
    while True:
        signal.pause()
