"""The code on a household's slip (一户一码): made, renewed, found. Its text exists on paper only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from communities import personal
from communities.joining.alphabet import make_code, read_code
from communities.models import Household, HouseholdCode
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.locks import busy_when_locked, require_atomic


@busy_when_locked()
def renew_codes(
    *, households: Iterable[Household], actor: Actor, at: datetime
) -> dict[Household, str]:
    """A new code for each household, as it is printed; the old ones are dead. The texts cannot be had again.

    Locks the households' rows in id order, so that of two who print at once the second's slips are the good ones.
    Five statements, and one for each household's audit.
    """
    require_atomic()
    wanted = {household.pk: household for household in households}
    rows = Household.objects.filter(pk__in=wanted).select_for_update(no_key=True)
    homes = [wanted[pk] for pk in rows.order_by("pk").values_list("pk", flat=True)]
    texts = {home: make_code() for home in homes}
    _live().filter(household__in=homes).update(ended_at=at)
    HouseholdCode.objects.bulk_create(
        HouseholdCode(
            household=home,
            digest=digest_of(text),
            created_at=at,
            created_by_id=actor.id if actor.kind == "user" else None,
        )
        for home, text in texts.items()
    )
    for home in homes:
        audit.record(
            actor=actor,
            action="household.code_renewed",
            subject=("household", home.pk),
            community_id=home.community_id,
        )
    return texts


def with_code(homes: QuerySet[Household]) -> QuerySet[Household]:
    """Those whose slip is good."""
    return homes.filter(Exists(_live().filter(household=OuterRef("pk"))))


def without_code(homes: QuerySet[Household]) -> QuerySet[Household]:
    """Those that never got a slip, or whose last one was ended and not renewed."""
    return homes.exclude(Exists(_live().filter(household=OuterRef("pk"))))


def find_code(typed: str) -> HouseholdCode | None:
    """The live code of a household where somebody lives. The same statement for every text: also for one that is no
    code at all, so that time tells a guesser nothing.
    """
    found = _live().filter(digest=digest_of(read_code(typed)), household__is_active=True)
    return found.select_related("household").first()


def count_use(code: HouseholdCode) -> None:
    HouseholdCode.objects.filter(pk=code.pk).update(used=F("used") + 1)


def digest_of(text: str) -> str:
    """Keyed: whoever has the table alone cannot try all 2^50."""
    return personal.blind_index(f"household code {text}")


def _live() -> QuerySet[HouseholdCode]:
    return HouseholdCode.objects.filter(ended_at=None)
