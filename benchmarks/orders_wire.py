"""What a server's connection really says to PostgreSQL: a proxy between the two that writes every statement down."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_STARTUP_LENGTH, _HEADER = 4, 5
_QUERY, _PARSE = b"Q", b"P"


class Wire:
    """Listens on `port` of the loopback; `statements` are the simple queries in the order of their sending."""

    def __init__(self, upstream_port: int) -> None:
        self._upstream_port = upstream_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.statements: list[str] = []
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for end in (self._listener, *self._sockets):
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            upstream = socket.create_connection(("127.0.0.1", self._upstream_port))
            self._sockets += [client, upstream]
            for work, ends in ((self._listen, (client, upstream)), (_pass_on, (upstream, client))):
                threading.Thread(target=work, args=ends, daemon=True).start()

    def _listen(self, client: socket.socket, upstream: socket.socket) -> None:
        """Statements are noted before they are passed on: whoever has an answer finds them noted."""
        heard, begun = b"", False
        while chunk := _receive(client):
            heard += chunk
            while len(heard) >= _HEADER:
                header = _HEADER if begun else _STARTUP_LENGTH
                length = header - 4 + int.from_bytes(heard[header - 4 : header], "big")
                if len(heard) < length:
                    break
                if begun:
                    self._note(heard[:1], heard[_HEADER:length])
                heard, begun = heard[length:], True
            _send(upstream, chunk)

    def _note(self, kind: bytes, payload: bytes) -> None:
        if kind == _PARSE:
            raise RuntimeError("the extended protocol is not understood here")
        if kind == _QUERY:
            self.statements.append(payload.rstrip(b"\0").decode())


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    while chunk := _receive(source):
        _send(target, chunk)


# Whoever hangs up first ends the other side's thread too.


def _receive(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""


def _send(target: socket.socket, chunk: bytes) -> None:
    with suppress(OSError):
        target.sendall(chunk)
