"""gunicorn's worker with threads, and how long a client may keep one of them waiting for its bytes."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# A request's head must be whole after so many seconds, its body after as many and what its length takes at this pace.
HEAD_SECONDS = float(os.environ.get("WEB_HEAD_SECONDS", "8"))
BODY_SECONDS = float(os.environ.get("WEB_BODY_SECONDS", "20"))
BYTES_PER_SECOND = 50_000
_LOOK_EVERY = 0.25


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gthread reads in its threads, without a limit: as many half-sent requests as there are threads would stop it.

    A watch ends the reading side of a connection that is too slow: the thread sees its end and is free again. Answers
    are still written.
    """

    def init_process(self) -> None:
        self._reading: dict[Any, float] = {}
        threading.Thread(target=self._watch, name="slow clients", daemon=True).start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        self._reading[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._reading.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        length = _length(req)
        if length:
            self._reading[conn] = time.monotonic() + BODY_SECONDS + length / BYTES_PER_SECOND
        else:
            self._reading.pop(conn, None)
        return super().handle_request(req, conn)

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY)
            now = time.monotonic()
            for conn, deadline in list(self._reading.items()):
                if now > deadline:
                    self._reading.pop(conn, None)
                    with contextlib.suppress(OSError):
                        conn.sock.shutdown(socket.SHUT_RD)


def _length(request: Any) -> int:
    """Bytes of the body as the head has it; 1 where it says only that one follows."""
    headers = {name.upper(): text for name, text in request.headers}
    if "TRANSFER-ENCODING" in headers:
        return 1
    text = headers.get("CONTENT-LENGTH", "0")
    return int(text) if text.isdecimal() else 1
