"""Counts what was compared and keeps what differed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """`where` goes from the large to the small; None stands for nothing at all."""

    where: tuple[str, ...]
    expected: object
    found: object

    @property
    def what(self) -> str:
        return " · ".join(self.where)


@dataclass(slots=True)
class Result:
    """`comparisons` counts single figures."""

    comparisons: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Everything there was to compare is equal, and there was something."""
        return self.comparisons > 0 and not self.mismatches


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares within one place; all places share one result."""

    result: Result
    where: tuple[str, ...] = ()

    def within(self, *words: object) -> Comparison:
        """The same for a smaller place."""
        return Comparison(self.result, (*self.where, *map(str, words)))

    def equal(self, what: object, expected: object, found: object) -> bool:
        self.result.comparisons += 1
        if expected == found:
            return True
        self.result.mismatches.append(Mismatch((*self.where, str(what)), expected, found))
        return False

    def each(
        self,
        expected: Mapping[Key, object],
        found: Mapping[Key, object],
        name: Callable[[Key], object] = str,
    ) -> None:
        """Every key of either side, by its name; what only one side has differs from None."""
        for key in [*expected, *(key for key in found if key not in expected)]:
            self.equal(name(key), expected.get(key), found.get(key))

    def fail(self, what: object, found: object) -> None:
        """Something that cannot be compared at all."""
        self.result.comparisons += 1
        self.result.mismatches.append(Mismatch((*self.where, str(what)), None, found))

    def note(self, sentence: object) -> None:
        """Something a person should know that is no mismatch."""
        self.result.notes.append(" · ".join((*self.where, str(sentence))))


def total(numbers: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    """Sums by key, in the order in which the keys come."""
    sums: dict[Key, int] = {}
    for key, number in numbers:
        sums[key] = sums.get(key, 0) + number
    return sums
