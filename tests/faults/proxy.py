"""A TCP proxy between programs and PostgreSQL that cuts connections, also between a COMMIT and its answer."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from config.embedded.ports import LOOPBACK

_CHUNK = 64 * 1024
# psycopg2 sends it as a simple query of its own and waits.
_COMMIT = b"COMMIT\x00"


class Proxy:
    """Listens on `port` of loopback from `begin` to `end`; a thread of its own does the work. Safe for threads.

    `lost` counts the commits whose answers were thrown away.
    """

    def __init__(self, target: str) -> None:
        """`target` is a DATABASE_URL."""
        url = urlsplit(target)
        self._target = (str(url.hostname), int(url.port or 5432))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._lines: set[_Line] = set()
        self._to_lose = 0
        self._closed_until = 0.0
        self.port = 0
        self.lost = 0

    def begin(self) -> None:
        self._thread.start()
        self._run(self._listen())

    def url(self, database_url: str) -> str:
        """The same address, through here."""
        url = urlsplit(database_url)
        account = url.netloc.rpartition("@")[0]
        return url._replace(netloc=f"{account}@{LOOPBACK}:{self.port}").geturl()

    def cut_all(self) -> int:
        """Reset every connection now; how many there were."""
        return self._run(self._cut_all())

    def refuse(self, *, seconds: float) -> None:
        """Cut every connection, and every new one, until `seconds` have passed."""
        self._closed_until = time.monotonic() + seconds
        self.cut_all()

    def lose_next_commit(self) -> None:
        """Let one more COMMIT through and throw its answer away with the connection."""
        self._loop.call_soon_threadsafe(self._arm)

    def end(self) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, int]) -> int:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    def _arm(self) -> None:
        self._to_lose += 1

    def take_loss(self) -> bool:
        """Called in the loop: whether this commit's answer is to be lost."""
        if self._to_lose == 0:
            return False
        self._to_lose -= 1
        return True

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self.port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if time.monotonic() < self._closed_until:
            writer.transport.abort()
            return
        try:
            there = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        line = _Line(self, (reader, writer), there)
        self._lines.add(line)
        try:
            await asyncio.gather(line.carry_questions(), line.carry_answers())
        finally:
            self._lines.discard(line)
            line.cut()

    async def _cut_all(self) -> int:
        lines = list(self._lines)
        for line in lines:
            line.cut()
        return len(lines)

    async def _close(self) -> int:
        if self._server is not None:
            self._server.close()
        count = await self._cut_all()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        return count


Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Line:
    """One connection: from the client (`here`) to PostgreSQL (`there`)."""

    def __init__(self, proxy: Proxy, here: Ends, there: Ends) -> None:
        self._proxy = proxy
        self._here, self._there = here, there
        self._losing = False

    def cut(self) -> None:
        for _reader, writer in (self._here, self._there):
            writer.transport.abort()

    async def carry_questions(self) -> None:
        with suppress(OSError):
            while chunk := await self._here[0].read(_CHUNK):
                if chunk.endswith(_COMMIT) and self._proxy.take_loss():
                    self._losing = True
                self._there[1].write(chunk)
                await self._there[1].drain()
        self.cut()

    async def carry_answers(self) -> None:
        with suppress(OSError):
            while chunk := await self._there[0].read(_CHUNK):
                if self._losing:
                    # PostgreSQL has answered, so it has committed; nobody will hear of it.
                    self._proxy.lost += 1
                    break
                self._here[1].write(chunk)
                await self._here[1].drain()
        self.cut()
