"""Is it all the same? The residents' sums against the supplier's file, and everything against everything."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from orders.models import Order, OrderWindow
from orders.states import OrderStatus
from seeds.demo import baskets
from seeds.demo.playing import NotTheSame, Plan, Played
from seeds.demo.shop import pieces_by_product
from volunteers.reconciling.comparison import Result
from volunteers.reconciling.reconciling import reconcile


def compare_with_supplier(played: Played) -> None:
    """What everybody wanted against what the supplier was told. Raises NotTheSame."""
    wanted: dict[str, int] = {}
    for wish in played.wishes:
        for name, pieces in wish.basket.items():
            wanted[name] = wanted.get(name, 0) + pieces
    told = pieces_by_product(played.order_files)
    if wanted != told:
        names = {*wanted, *told}
        raise NotTheSame(
            str({n: (wanted.get(n), told.get(n)) for n in names if wanted.get(n) != told.get(n)})
        )
    expected = (len(played.wishes), played.lines, sum(wanted.values()), played.total_fen)
    row = played.revision
    found = (row["households"], row["order_lines"], row["pieces"], row["total_fen"])
    if expected != found:
        raise NotTheSame(f"{expected} ≠ {found}")


def compare_roads(played: Played) -> None:
    """By which road each order that stands came, against the story. Raises NotTheSame."""
    standing = Order.objects.filter(
        window__public_id=played.window, status=OrderStatus.PLACED
    ).values_list("channel", "household__building__number", "household__room")
    story = [(road, wish.home) for road, wishes in played.others.items() for wish in wishes]
    story += [("rest", household.wishes.home) for household in played.households]
    told = sorted((road, home.building, home.room) for road, home in story)
    if (found := sorted(standing)) != told:
        raise NotTheSame(str(set(found) ^ set(told)))


def compare_everything(played: Played) -> Result:
    """`reconcile` of the round."""
    return reconcile(OrderWindow.objects.get(public_id=played.window))


def save_files(folder: Path, played: Played) -> list[dict[str, Any]]:
    """Write every file of the round into an empty folder; name, bytes and SHA-256 of each, by name."""
    folder.mkdir(parents=True)
    contents = {file.name: file.content for file in played.order_files}
    contents |= {sheet.name: sheet.content for sheet in played.sheets}
    if len(contents) != len(played.order_files) + len(played.sheets):
        raise NotTheSame("two files have one name")
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [
        {
            "name": name,
            "bytes": len(contents[name]),
            "sha256": hashlib.sha256(contents[name]).hexdigest(),
        }
        for name in sorted(contents)
    ]


def summary(
    plan: Plan, played: Played, result: Result, files: list[dict[str, Any]]
) -> dict[str, Any]:
    """What is written to summary.json. Money in fen."""
    return {
        "households": len(played.wishes),
        "orders": len(played.wishes),
        "orders_by_channel": played.by_channel,
        "lines": played.lines,
        "total_fen": played.total_fen,
        "seconds_close_to_files": played.seconds_close_to_files,
        "volunteer_actions": played.volunteer_actions,
        "reconciled": result.is_equal,
        "comparisons": result.comparisons,
        "mismatches": [
            {"what": one.what, "expected": str(one.expected), "found": str(one.found)}
            for one in result.mismatches
        ],
        "seconds_close_to_release": played.seconds_close_to_release,
        "seconds_close_to_sheets": played.seconds_close_to_sheets,
        "seconds_of_ordering": played.seconds_of_ordering,
        "seed": plan.seed,
        "closes_at": plan.closes_at.isoformat(),
        "placed": played.count("placed"),
        "lost_replies": played.count("lost_replies"),
        "changes": played.count("changes"),
        "cancellations": played.count("cancellations"),
        "refused": played.count("refused"),
        "sold_out": baskets.CAPPED,
        "repeats": sum(household.phone.repeats for household in played.households),
        "supplier_order": played.revision["number"],
        "files": files,
    }


def write_summary(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
