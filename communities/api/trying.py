"""How often somebody who has not signed in may try what could be guessed, or cause what costs money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import ceil

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from config.kernel.api.limiting import Rate, limiter
from config.kernel.api.throttling import address_of
from config.kernel.errors import DomainError

# Bucket → its rate.
Places = Mapping[str, Rate]


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


def places(request: Request, what: str, rates: Mapping[str, str], *, phone: str = "") -> Places:
    """The buckets that a request counts in, by `rates`: `phone` (if there is one), `address`, `everybody`."""
    names = {"phone": phone, "address": address_of(request), "everybody": "all"}
    return {
        f"{what}:{one}:{name}": Rate.parse(rates[one])
        for one, name in names.items()
        if name and one in rates
    }


def take_all(wanted: Places) -> None:
    """One place in each, or none at all. Raises TooManyTries."""
    taken: list[str] = []
    for bucket, rate in wanted.items():
        wait = limiter().take(bucket, rate)
        if wait:
            _give_back(taken, wanted)
            raise TooManyTries(wait)
        taken.append(bucket)


@contextmanager
def tried(wanted: Places, wrong: type[DomainError]) -> Iterator[None]:
    """Count a try before it is looked at, or tries sent side by side would all pass; it is given back unless the block
    raises `wrong`. So a street behind one address may come in at once, and only guessing has an end.

    Raises TooManyTries.
    """
    take_all(wanted)
    try:
        yield
    except wrong:
        raise
    except BaseException:
        _give_back(list(wanted), wanted)
        raise
    _give_back(list(wanted), wanted)


def _give_back(taken: list[str], wanted: Places) -> None:
    for bucket in taken:
        limiter().give_back(bucket, wanted[bucket])
