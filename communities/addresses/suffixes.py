"""The vocabulary of texts that are right as they stand, a register's and a roster's. Pure."""

from __future__ import annotations


class _AnySuffix:
    """Stored texts carry their suffixes with right: 3甲, 12B."""

    def __contains__(self, value: object) -> bool:
        return True

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(())

    def __len__(self) -> int:
        return 0


ANY_SUFFIX = _AnySuffix()
