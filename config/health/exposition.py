"""The figures as Prometheus reads them (text format 0.0.4). Gauges only: each scrape measures anew."""

from __future__ import annotations

from collections.abc import Iterator

from config.health.checks import Check, Verdict

_HELP = {
    "jidan_up": "1 if the part answers and can be used (database: writable and migrated).",
    "jidan_sweep_age_seconds": "Seconds since this sweep last ended; none if it never ran.",
    "jidan_jobs_open": "Background jobs that are neither finished nor parked.",
    "jidan_jobs_oldest_seconds": "Age of the oldest of them.",
    "jidan_jobs_parked": "Background jobs given up after three failures, waiting for a person.",
    "jidan_messages_open": "Messages that are neither delivered nor parked.",
    "jidan_messages_oldest_seconds": "Age of the oldest of them.",
    "jidan_messages_parked": "Messages given up after ten failures, waiting for a person.",
    "jidan_windows_overdue": "Group buys past their cutoff that are not closed.",
    "jidan_windows_overdue_seconds": "Seconds since the earliest of these cutoffs.",
}


def exposition(checks: list[Check]) -> str:
    """A line for each figure; what cannot be known now (the database is away) has none."""
    lines: dict[str, list[str]] = {}
    for metric, labels, value in _samples(checks):
        lines.setdefault(metric, []).append(f"{metric}{labels} {round(value, 3)}")
    return "".join(
        f"# HELP {metric} {_HELP[metric]}\n# TYPE {metric} gauge\n" + "\n".join(rows) + "\n"
        for metric, rows in lines.items()
    )


def _samples(checks: list[Check]) -> Iterator[tuple[str, str, float]]:
    for check in checks:
        if check.name in ("database", "broker"):
            yield "jidan_up", f'{{part="{check.name}"}}', float(check.verdict is Verdict.OK)
        elif check.name == "sweeps":
            for name, age in check.figures.items():
                yield "jidan_sweep_age_seconds", f'{{sweep="{name}"}}', age
        else:
            for name, value in check.figures.items():
                yield f"jidan_{check.name}_{name}", "", value
