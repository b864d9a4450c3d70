"""The import kind `catalogue`: rows of a file become products of a supplier."""

from __future__ import annotations

from collections.abc import Sequence

from config.kernel.intake.kinds import Judgement, Kind, SourceRow
from suppliers.catalogue.columns import COLUMNS
from suppliers.catalogue.judging import judge
from suppliers.catalogue.messages import REASONS
from suppliers.catalogue.products import known_products, store_product


def _judge(supplier_id: int, rows: Sequence[SourceRow]) -> list[Judgement]:
    return judge(rows, known_products(supplier_id))


CATALOGUE = Kind(
    name="catalogue",
    subject_kind="supplier",
    columns=COLUMNS,
    judge=_judge,
    apply=store_product,
    reasons=REASONS,
)
