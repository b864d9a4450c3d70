"""What is promised (DESIGN §10), as figures that the parts measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """The limit of one figure; `part` is the module that measures it."""

    part: str
    figure: str
    at_most: float | None = None
    at_least: float | None = None

    def is_kept(self, value: float | None) -> bool:
        if value is None:
            return False
        return (self.at_most is None or value <= self.at_most) and (
            self.at_least is None or value >= self.at_least
        )

    def verdict(self, value: float | None) -> str:
        """One line for people."""
        limits = [("at most", self.at_most), ("at least", self.at_least)]
        said = " and ".join(f"{word} {limit:g}" for word, limit in limits if limit is not None)
        found = "not measured" if value is None else f"{value:.3f}"
        return (
            f"{self.figure:48} {found:>12}  {'kept' if self.is_kept(value) else 'BROKEN'} ({said})"
        )


BUDGETS = (
    Budget("consolidation", "consolidation_vs_sql", at_most=3),
    Budget("consolidation", "consolidation_slope", at_most=1.1),
    Budget("consolidation", "release_statement_seconds_1m", at_most=15),
    Budget("files", "sheets_1650x50_seconds", at_most=5),
    Budget("wanping", "wanping_close_to_files_seconds", at_most=10),
    Budget("wanping", "wanping_release_to_sheets_seconds", at_most=10),
    Budget("orders", "order_throughput_vs_pgbench", at_least=0.25),
    Budget("orders", "orders_per_second_http", at_least=100),
    Budget("orders", "order_p95_ms_at_100_per_second", at_most=150),
    Budget("orders", "order_p99_ms_at_100_per_second", at_most=400),
    Budget("orders", "statements_post_order", at_most=12),
    Budget("burst", "burst_1650_for_60_sold", at_least=60, at_most=60),
    Budget("burst", "burst_without_clear_answer", at_most=0),
    # To be refused takes no longer than to be served.
    Budget("burst", "burst_p99_vs_everybody_sold", at_most=1.2),
    Budget("closing", "close_200_windows_p99_seconds", at_most=2),
    Budget("closing", "close_200_windows_behind_renders_p99_seconds", at_most=2),
    Budget("round", "town_close_seconds", at_most=2),
    # A person waits for it, and statement_timeout is 15.
    Budget("round", "town_release_seconds", at_most=10),
    Budget("desk", "desk_slowest_page_ms", at_most=200),
    Budget("desk", "desk_statements", at_most=15),
)
