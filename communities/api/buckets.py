"""In which buckets a request counts: by what is tried, who tries it and from where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rest_framework.request import Request

from communities.models import User
from config.kernel.api.limiting import Rate
from config.kernel.api.throttling import address_of

# Bucket → its rate.
Buckets = Mapping[str, Rate]


@dataclass(frozen=True)
class Places:
    """`limits` refuse. `watched` refuses nobody, or strangers could shut the door to a town: once it is full, whoever
    tries also counts in `strict`, which leaves him a few.
    """

    limits: Buckets
    watched: Buckets
    strict: Buckets


def places(request: Request, what: str, rates: Mapping[str, str], *, phone: str = "") -> Places:
    """The buckets in which somebody unknown counts, by `rates`: `phone_address` and `phone` (if there is one),
    `address`, `everybody`; with `alarmed` the last is only watched, and that is what an address has left then.
    """
    address = address_of(request)
    names = {"phone_address": phone and f"{phone} {address}", "phone": phone, "address": address}
    limits = {
        f"{what}:{one}:{name}": Rate.parse(rates[one])
        for one, name in names.items()
        if name and one in rates
    }
    everybody = {f"{what}:everybody:all": Rate.parse(rates["everybody"])}
    if "alarmed" not in rates:
        return Places({**limits, **everybody}, {}, {})
    strict = {f"{what}:alarmed:{address}": Rate.parse(rates["alarmed"])}
    return Places(limits, everybody, strict)


def places_of(account: User, what: str, rates: Mapping[str, str]) -> Places:
    """Who is signed in counts by himself: nobody else's tries hold him up, wherever he is."""
    return Places({f"{what}:account:{account.pk}": Rate.parse(rates["account"])}, {}, {})
