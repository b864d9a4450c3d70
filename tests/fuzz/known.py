"""What the fuzzer's process is told of the world. Imports nothing, as that process knows no Django."""

from __future__ import annotations

from dataclasses import dataclass

# The variable that names the file with `Known` as JSON.
KNOWN = "FUZZ_KNOWN"


@dataclass(frozen=True)
class Spare:
    """Somebody whose token may end, where he is signed in, and where he lives: the campaign itself stays."""

    token: str
    device: str
    household: str


@dataclass(frozen=True)
class Known:
    """Ids as clients write them, some of them another community's. `ids`: by what stands before them in the address;
    `offers`: offer → window; prices in fen by offer, of the open window: what is left of, what is sold out.
    """

    ids: dict[str, list[str]]
    offers: dict[str, str]
    prices_fen: dict[str, int]
    sold_out_fen: dict[str, int]
    # Of the survey.
    items: list[str]
    numbers: list[str]
    # Codes of slips; wish to join → the claim of its device; phone → the code that was sent there.
    slips: list[str]
    claims: dict[str, str]
    codes: dict[str, str]
    # Purpose → the version of its text that counts now.
    consents: dict[str, str]
    spares: list[Spare]
