"""1,650 households at the same second for 60 pieces, over real HTTP: exactly 60 sold, everybody answered.

The limit beside it, in the same run: the same households for as many pieces as they want. To be refused may not take
longer than to be served.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from django.db.models import Sum

from benchmarks import orders_town, world
from benchmarks.burst_load import Burst, Outcome
from benchmarks.orders_town import Town
from benchmarks.running import ROOT, web
from communities.models import Community
from orders.models import Offer, OrderLine, OrderWindow

HOUSEHOLDS, PIECES = 1650, 60


def measure() -> dict[str, float]:
    town = orders_town.build()
    with web(Path(os.environ["VAR_DIR"])) as port:
        # Warm: connections are open, prepared statements known.
        _burst(town, port, pieces=None, households=50)
        limit, _everybody = _burst(town, port, pieces=None)
        outcome, sold = _burst(town, port, pieces=PIECES)
    refused = outcome.answers.get("409 sold_out", 0)
    clear = outcome.answers.get("201", 0) + refused
    waits, limits = sorted(outcome.waits), sorted(limit.waits)
    print(
        f"  answers {outcome.answers}, sent again {outcome.repeats}; without an end of pieces {limit.answers}"
    )
    return {
        "burst_1650_for_60_sold": sold,
        "burst_told_sold_out": refused,
        "burst_without_clear_answer": HOUSEHOLDS - clear,
        "burst_sent_again": sum(outcome.repeats.values()),
        "burst_p50_ms": 1000 * _share(waits, 50),
        "burst_p99_ms": 1000 * _share(waits, 99),
        "burst_everybody_sold_p99_ms": 1000 * _share(limits, 99),
        "burst_p99_vs_everybody_sold": _share(waits, 99) / _share(limits, 99),
        "burst_answers_per_second": len(waits) / waits[-1],
    }


def _share(ordered: list[float], percent: int) -> float:
    return ordered[len(ordered) * percent // 100]


def _burst(
    town: Town, port: int, *, pieces: int | None, households: int = HOUSEHOLDS
) -> tuple[Outcome, int]:
    """What the households heard, and the pieces sold: lines, orders and the offer's count agree."""
    community = Community.objects.get(pk=town.community_id)
    window: OrderWindow = world.window(community, products=1, cap=pieces)
    Offer.objects.filter(window=window).update(cap=pieces)
    offer = Offer.objects.get(window=window)
    body = {
        "lines": [{"offer": str(offer.public_id), "quantity": 1}],
        "expected_total_fen": offer.price_fen,
    }
    plan = Burst(
        port=port,
        path=f"/api/v1/windows/{window.public_id}/orders",
        tokens=town.tokens[:households],
        body=json.dumps(body),
        name=f"burst-{window.pk}",
    )
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.burst_load"],
        cwd=ROOT,
        input=json.dumps(asdict(plan)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    outcome = Outcome(**json.loads(ended.stdout))
    lines = OrderLine.objects.filter(window=window, order__status="placed")
    sold = int(lines.aggregate(n=Sum("quantity"))["n"] or 0)
    offer.refresh_from_db()
    told = outcome.answers.get("201", 0)
    if sold != told or (pieces is not None and sold != offer.taken):
        raise RuntimeError(f"{sold} pieces in orders, {told} told so, {offer.taken} counted")
    return outcome, sold
