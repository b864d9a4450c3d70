"""One bucket per name, shared by all processes through Valkey; kept in the process while Valkey is away."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import cast

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

# A request waits at most this long for Valkey, and after a failure not at all for PAUSE seconds.
TIMEOUT = 0.2
PAUSE = 5.0
# Names kept in the process; beyond it the full buckets are forgotten (a few MB at most).
MAX_LOCAL = 20_000

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}

# Leaky bucket as a meter (GCRA): the one value stored is the time (ms) at which the bucket is empty again. Read and
# write are one step, so no two requests take the same place; the server's clock is the same for every process.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local empty_at = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + tonumber(ARGV[1])
local excess = empty_at - now - tonumber(ARGV[2])
if excess > 0 then return excess end
redis.call('SET', KEYS[1], string.format('%.0f', empty_at), 'PX', empty_at - now)
return 0
"""
# One place back; never more than were taken, for an empty bucket has no key.
_GIVE_BACK = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local empty_at = tonumber(redis.call('GET', KEYS[1]) or 0) - tonumber(ARGV[1])
if empty_at <= now then redis.call('DEL', KEYS[1]) return 0 end
redis.call('SET', KEYS[1], string.format('%.0f', empty_at), 'PX', empty_at - now)
return 0
"""


@dataclass(frozen=True)
class Rate:
    """`limit` requests in `period` seconds; the whole limit may come at once, then one every period / limit."""

    limit: int
    period: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """`600/minute`, also second, hour, day, or `5/300s`. ValueError for anything else."""
        number, _slash, unit = text.partition("/")
        seconds = unit.removesuffix("s") if unit[:1].isdigit() else str(_SECONDS.get(unit, ""))
        if not (number.isdecimal() and seconds.isdecimal()) or 0 in (int(number), int(seconds)):
            raise ValueError(f"{text!r} is no rate such as 600/minute or 5/300s")
        return cls(limit=int(number), period=int(seconds))

    @property
    def cost_ms(self) -> int:
        """What one request fills. Whole, rounded down: the last place of the limit must not fail by a rounding."""
        return max(1, self.period * 1000 // self.limit)

    @property
    def size_ms(self) -> int:
        return self.period * 1000


class Limiter:
    """Safe for threads. Never raises because Valkey is away, and then lets through at most the rate per process."""

    def __init__(self, url: str) -> None:
        self._valkey = Redis.from_url(
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 0),
        )
        self._script = self._valkey.register_script(_TAKE)
        self._back = self._valkey.register_script(_GIVE_BACK)
        self._away_until = 0.0
        self._empty_at: dict[str, int] = {}
        self._lock = threading.Lock()

    def take(self, name: str, rate: Rate) -> float:
        """Take one place in the bucket of `name`; the seconds to wait for one (0: taken)."""
        if not self._may_ask():
            return self._take_locally(name, rate)
        try:
            wait_ms = cast(
                "int",
                self._script(keys=[f"jidan:rate:{name}"], args=[rate.cost_ms, rate.size_ms]),
            )
        except (RedisError, OSError) as error:
            self._note_absence(error)
            return self._take_locally(name, rate)
        self._away_until = 0.0
        return wait_ms / 1000

    def give_back(self, name: str, rate: Rate) -> None:
        """One place of those taken: what was tried turned out to be right."""
        with self._lock:
            if name in self._empty_at:
                self._empty_at[name] -= rate.cost_ms
        if not self._may_ask():
            return
        try:
            self._back(keys=[f"jidan:rate:{name}"], args=[rate.cost_ms])
        except (RedisError, OSError) as error:
            self._note_absence(error)

    def empty(self, name: str) -> None:
        """Give back every place taken in the bucket of `name`. While Valkey is away, those of this process."""
        with self._lock:
            self._empty_at.pop(name, None)
        if not self._may_ask():
            return
        try:
            self._valkey.delete(f"jidan:rate:{name}")
        except (RedisError, OSError) as error:
            self._note_absence(error)

    def _may_ask(self) -> bool:
        """After an absence one request tries whether Valkey is back; the others do not wait with it."""
        if not self._away_until:
            return True
        with self._lock:
            if time.monotonic() < self._away_until:
                return False
            self._away_until = time.monotonic() + PAUSE
        return True

    def _note_absence(self, error: Exception) -> None:
        logger.warning("Valkey is away, limits are kept in this process for %s s: %s", PAUSE, error)
        self._away_until = time.monotonic() + PAUSE

    def _take_locally(self, name: str, rate: Rate) -> float:
        now = time.monotonic_ns() // 1_000_000
        with self._lock:
            empty_at = max(self._empty_at.get(name, 0), now) + rate.cost_ms
            excess = empty_at - now - rate.size_ms
            if excess > 0:
                return excess / 1000
            if len(self._empty_at) >= MAX_LOCAL:
                self._empty_at = {name: at for name, at in self._empty_at.items() if at > now}
            self._empty_at[name] = empty_at
        return 0.0


@cache
def limiter() -> Limiter:
    """The limiter of this process."""
    return Limiter(settings.REDIS_URL)
