"""What a person sees of a played round: one line for each thing that happened, with its time."""

from __future__ import annotations

from datetime import datetime
from typing import TextIO
from zoneinfo import ZoneInfo

from config.kernel import clock


class Timeline:
    """Writes to `out`; times are the round's own, in its zone."""

    def __init__(self, out: TextIO, *, zone: str = "Asia/Shanghai") -> None:
        self._out = out
        self.zone = ZoneInfo(zone)

    def now(self) -> datetime:
        return clock.now().astimezone(self.zone)

    def say(self, sentence: str) -> None:
        """One line with the time in front."""
        self._out.write(f"{self.now():%H:%M:%S}  {sentence}\n")
        self._out.flush()
