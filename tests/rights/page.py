"""docs/rights.md: what a person wrote, with the tables of the expectations in their places."""

from __future__ import annotations

import re
from pathlib import Path

from tests.rights.expectations import ROWS, Audience, Row

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
_WHO = {Audience.ACCOUNTS: "a token", Audience.SUPPLIERS: "a supplier's key"}
_PART = re.compile(r"(<!-- (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def rewritten(page: str, parts: dict[str, str]) -> str:
    """The page with each `<!-- name --> … <!-- end -->` filled anew."""
    names = {match[2] for match in _PART.finditer(page)}
    assert names == set(parts), f"the page has places for {sorted(names)}"
    return _PART.sub(lambda match: f"{match[1]}{parts[match[2]]}\n", page)


def api_table() -> str:
    """One line for each row of the expectations."""
    head = (
        "| request | what | needs | open to | anybody else | otherwise |\n|---|---|---|---|---|---|"
    )
    return "\n".join([head, *(_line(row) for row in ROWS)])


def _line(row: Row) -> str:
    needs = _WHO.get(row.audience, "nothing")
    refusals = [] if row.audience == Audience.EVERYBODY else ["401"]
    refusals += [] if row.who.says == "anybody" else [str(row.refusal)]
    answers = [row.answers] if isinstance(row.answers, int) else row.answers.values()
    states = sorted({str(status) for status in answers if status >= 400})
    cells = [
        f"`{row.method} {row.route}`",
        row.does,
        needs,
        row.who.says,
        ", ".join(refusals) or "–",
        ", ".join(states) or "–",
    ]
    return f"| {' | '.join(cells)} |"
