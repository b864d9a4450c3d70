"""What a family did and saw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """`races` are rounds of `clients` clients at once; `controls`: name → whether it failed as it should;
    `figures` are measurements for people (seconds, counts).
    """

    rounds: int = 0
    races: int = 0
    clients: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    controls: dict[str, bool] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.violations and all(self.controls.values())

    def control(self, name: str, *, failed: bool) -> None:
        self.controls[name] = self.controls.get(name, True) and failed


def whole(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """For results.json: sums over all families, then each family's own."""
    faults = sum((tally.faults for tally in tallies.values()), Counter[str]())
    raced = [tally.clients for tally in tallies.values() if tally.races]
    return {
        "rounds": sum(tally.rounds for tally in tallies.values()),
        "races": sum(tally.races for tally in tallies.values()),
        "clients": min(raced, default=0),
        "faults": dict(sorted(faults.items())),
        "violations": [
            f"{name}: {sentence}"
            for name, tally in tallies.items()
            for sentence in tally.violations
        ],
        "controls": {
            f"{name}: {control}": failed
            for name, tally in tallies.items()
            for control, failed in tally.controls.items()
        },
        "families": {name: vars(tally) for name, tally in tallies.items()},
    }


def table(tallies: Mapping[str, Tally]) -> str:
    """One line for each family."""
    lines = [f"{'family':10}{'seconds':>8}{'rounds':>7}{'violations':>11}{'controls':>9}  faults"]
    for name, tally in tallies.items():
        faults = ", ".join(f"{kind} {count}" for kind, count in sorted(tally.faults.items()))
        failed = f"{sum(tally.controls.values())}/{len(tally.controls)}"
        lines.append(
            f"{name:10}{tally.seconds:>8}{tally.rounds:>7}{len(tally.violations):>11}{failed:>9}  {faults or '-'}"
        )
    return "\n".join(lines)
