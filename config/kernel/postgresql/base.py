"""An idle connection hears nothing until its end: a restart, a time-out, an administrator."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """CONN_HEALTH_CHECKS ask the server (`SELECT 1`, a round trip a request) only if there is something to hear."""

    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        if self.health_check_done:
            return
        if self.connection is not None:
            self.health_check_done = _is_silent(self.connection)
        super().close_if_health_check_failed()


def _is_silent(connection: Any) -> bool:
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)
