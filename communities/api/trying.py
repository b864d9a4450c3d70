"""How often somebody who has not signed in may try what could be guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from config.kernel.api.limiting import Rate, limiter
from config.kernel.api.throttling import address_of
from config.kernel.errors import DomainError


class TooManyTries(DomainError):
    code = "throttled"
    status = 429
    detail = _("Too many tries. Please wait a while, then try again.")

    def __init__(self, wait: float) -> None:
        super().__init__()
        self.wait = wait

    @property
    def retry_after(self) -> int | None:
        return max(1, ceil(self.wait))


@contextmanager
def tried(
    request: Request, what: str, rates: Mapping[str, str], wrong: type[DomainError]
) -> Iterator[None]:
    """Count a try before it is looked at, or tries sent side by side would all pass; it is given back unless the block
    raises `wrong`. So a street behind one address may come in at once, and only guessing has an end.

    `rates`: `address` and `everybody`. Raises TooManyTries.
    """
    buckets = {
        f"{what}:{address_of(request)}": Rate.parse(rates["address"]),
        what: Rate.parse(rates["everybody"]),
    }
    taken: list[str] = []
    try:
        for bucket, rate in buckets.items():
            wait = limiter().take(bucket, rate)
            if wait:
                raise TooManyTries(wait)
            taken.append(bucket)
        yield
    except wrong:
        raise
    except BaseException:
        _give_back(taken, buckets)
        raise
    _give_back(taken, buckets)


def _give_back(taken: list[str], buckets: Mapping[str, Rate]) -> None:
    for bucket in taken:
        limiter().give_back(bucket, buckets[bucket])
