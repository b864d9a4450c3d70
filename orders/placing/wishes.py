"""What a household asks for, and the rules that need no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from orders.models.order import MAX_QUANTITY
from orders.placing.errors import BadWish, OverCategoryLimit, OverLimit, TotalDiffers, UnknownOffer
from orders.placing.statements import OfferRow

MAX_LINES = 200


@dataclass(frozen=True)
class Wish:
    """`quantity` pieces of an offer, and up to `tolerance` more if that fills an order multiple."""

    offer: UUID
    quantity: int
    tolerance: int = 0


def check_wishes(wishes: Sequence[Wish]) -> None:
    """Raises BadWish: no line, too many lines, an offer twice, a quantity out of range."""
    offers = {wish.offer for wish in wishes}
    in_range = all(
        1 <= wish.quantity <= MAX_QUANTITY and 0 <= wish.tolerance <= MAX_QUANTITY
        for wish in wishes
    )
    if not 1 <= len(wishes) <= MAX_LINES or len(offers) != len(wishes) or not in_range:
        raise BadWish()


def match(wishes: Sequence[Wish], rows: Sequence[OfferRow]) -> list[tuple[OfferRow, Wish]]:
    """Each wish with its offer, in the order of offer ids. Raises UnknownOffer."""
    by_offer = {wish.offer: wish for wish in wishes}
    known = {row.public_id for row in rows}
    if unknown := [str(offer) for offer in by_offer if offer not in known]:
        raise UnknownOffer(fields={"offers": unknown})
    return [(row, by_offer[row.public_id]) for row in rows]


def check_limits(
    pairs: Sequence[tuple[OfferRow, Wish]], held: Mapping[int, int] = MappingProxyType({})
) -> None:
    """Raises OverLimit if a household would get more of an offer than its limit, over all its orders, and
    OverCategoryLimit if more of a category. What an order that is changed has already (`held`: offer id → pieces,
    tolerance included) it may keep, though the limit has been lowered since.
    """
    over = {
        str(row.public_id): max(0, row.household_limit - row.own)
        for row, wish in pairs
        if row.household_limit is not None
        and row.own + wish.quantity + wish.tolerance > row.household_limit
        and _grows(row, wish, held)
    }
    if over:
        raise OverLimit(fields=over)
    _check_categories(pairs, held)


def _grows(row: OfferRow, wish: Wish, held: Mapping[int, int]) -> bool:
    return wish.quantity + wish.tolerance > held.get(row.id, 0)


def _check_categories(pairs: Sequence[tuple[OfferRow, Wish]], held: Mapping[int, int]) -> None:
    wanted: dict[str, int] = {}
    for row, wish in pairs:
        wanted[row.category] = wanted.get(row.category, 0) + wish.quantity + wish.tolerance
    growing = {row.category for row, wish in pairs if _grows(row, wish, held)}
    over = {
        row.category: max(0, row.category_limit - row.category_own)
        for row, _wish in pairs
        if row.category_limit is not None
        and row.category_own + wanted[row.category] > row.category_limit
        and row.category in growing
    }
    if over:
        raise OverCategoryLimit(fields=over)


def total(pairs: Sequence[tuple[OfferRow, Wish]], *, expected_total_fen: int) -> int:
    """The sum in fen, which must be what the buyer was shown. Raises TotalDiffers."""
    total_fen = sum(row.price_fen * wish.quantity for row, wish in pairs)
    if total_fen != expected_total_fen:
        raise TotalDiffers(
            fields={"expected_total_fen": expected_total_fen, "total_fen": total_fen}
        )
    return total_fen
