"""Letters that are sizes: L 3 where L码纸尿裤 is on offer. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

_SIZE = re.compile("(?<![a-z])(nb|xs|s|m|l|xl|xxl|xxxl)[码号]")
_SEVERAL = 2


def size_letters(names: Mapping[int, str]) -> dict[str, int]:
    """Capital → key, of small-lettered names; none where fewer than two sizes are on offer."""
    found: dict[str, set[int]] = defaultdict(set)
    for key, name in names.items():
        for size in _SIZE.findall(name):
            found[size.upper()].add(key)
    if len(found) < _SEVERAL:
        return {}
    return {size: next(iter(keys)) for size, keys in found.items() if len(keys) == len(size) == 1}
