"""What the fuzzer's process is told of the world. Imports nothing, as that process knows no Django."""

from __future__ import annotations

from dataclasses import dataclass

# The variable that names the file with `Known` as JSON.
KNOWN = "FUZZ_KNOWN"


@dataclass(frozen=True)
class Known:
    """Ids as clients write them, some of them another community's; `prices_fen` by offer of the open window."""

    windows: list[str]
    orders: list[str]
    prices_fen: dict[str, int]
    numbers: list[str]
    surveys: list[str]
    # Items of the first survey.
    items: list[str]
    requests: list[str]
    # Tokens to sign out with: the campaign itself stays signed in.
    spare_tokens: list[str]
