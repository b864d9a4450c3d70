"""How often somebody may try what could be guessed, or cause what costs money."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from django.utils.translation import gettext_lazy as _

from communities.api.buckets import Buckets, Places
from config.kernel.api.limiting import Rate, limiter
from config.kernel.errors import DomainError

logger = logging.getLogger(__name__)

# Who waits for hours is told so, or he tries every minute.
_HOURS_FROM = 90 * 60
_SOME_HOURS = _("Too many tries. Please try again in about %(hours)s hours.")


class TooManyTries(DomainError):
    code = "throttled"
    status = 429
    detail = _("Too many tries. Please try again in about %(minutes)s minutes.")

    def __init__(self, wait: float) -> None:
        self.wait = wait
        if wait > _HOURS_FROM:
            super().__init__(_SOME_HOURS, hours=ceil(wait / 3600))
        else:
            super().__init__(minutes=max(1, ceil(wait / 60)))

    @property
    def retry_after(self) -> int | None:
        return max(1, ceil(self.wait))


def take_all(*wanted: Places) -> Buckets:
    """One place in each bucket of all, or none at all; returns the buckets. Raises TooManyTries."""
    taken: dict[str, Rate] = {}
    for places in wanted:
        _take(places.limits, taken)
        for bucket, rate in places.watched.items():
            if not limiter().take(bucket, rate):
                taken[bucket] = rate
                continue
            logger.warning(
                "somebody guesses: %s is full, each address has a few tries left", bucket
            )
            _take(places.strict, taken)
    return taken


def _take(buckets: Buckets, taken: dict[str, Rate]) -> None:
    for bucket, rate in buckets.items():
        wait = limiter().take(bucket, rate)
        if wait:
            _give_back(taken)
            raise TooManyTries(wait)
        taken[bucket] = rate


@contextmanager
def tried(wanted: Places, wrong: type[DomainError]) -> Iterator[None]:
    """Count a try before it is looked at, or tries sent side by side would all pass; it is given back unless the block
    raises `wrong`. So a street behind one address may come in at once, and only guessing has an end.

    Raises TooManyTries.
    """
    taken = take_all(wanted)
    try:
        yield
    except wrong:
        raise
    except BaseException:
        _give_back(taken)
        raise
    _give_back(taken)


def _give_back(taken: Buckets) -> None:
    for bucket, rate in taken.items():
        limiter().give_back(bucket, rate)
