"""Keeps what the lines of a confirmed list came to, and reads it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from config.kernel.intake.kinds import StoredRow
from config.kernel.locks import require_atomic
from orders.intake.memory import Taken
from orders.models import ListedLine, ListedPiece, WindowCommunity

_BATCH = 2_000


def remember_lines(subject_id: int, rows: Sequence[StoredRow]) -> None:
    """Rows that led to something, and those that stood already, left out or not."""
    require_atomic()
    told = [row for row in rows if _is_known_by(row)]
    if not told:
        return
    joined = WindowCommunity.objects.get(pk=subject_id)
    lines = ListedLine.objects.bulk_create(
        (
            ListedLine(
                window_id=joined.window_id,
                community_id=joined.community_id,
                household_id=row.values["household"],
                upload_id=row.upload,
                number=row.number,
                mark=row.values["mark"],
                how=row.values["how"],
                order_id=row.result_id or row.values["order"],
            )
            for row in told
        ),
        batch_size=_BATCH,
    )
    ListedPiece.objects.bulk_create(
        (
            ListedPiece(line=line, window_id=joined.window_id, offer_id=offer, quantity=quantity)
            for line, row in zip(lines, told, strict=True)
            for offer, quantity, _price in row.values["lines"]
        ),
        batch_size=_BATCH,
    )


def _is_known_by(row: StoredRow) -> bool:
    values = row.values
    if values.get("household") is None or values["how"] == "named":
        return False
    return row.result_id is not None or values["how"] == ListedLine.How.SAME


def taken_of(joined: WindowCommunity) -> list[Taken]:
    """Lines of earlier lists, list by list, each in its order. Two statements."""
    rows = ListedLine.objects.filter(window=joined.window_id, community=joined.community_id)
    pieces: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for line, offer, quantity in ListedPiece.objects.filter(
        line__window=joined.window_id, line__community=joined.community_id
    ).values_list("line_id", "offer_id", "quantity"):
        pieces[line].add((offer, quantity))
    return [
        Taken(upload, mark, household, frozenset(pieces[line]), how, order)
        for line, upload, mark, household, how, order in rows.order_by(
            "upload__confirmed_at", "upload_id", "number"
        ).values_list("pk", "upload_id", "mark", "household_id", "how", "order_id")
    ]
