"""The import kind `roster`: rows of a file become households and residents of a community."""

from __future__ import annotations

from collections.abc import Sequence

from communities.personal import blind_index
from communities.roster.columns import COLUMNS
from communities.roster.judging import judge
from communities.roster.messages import REASONS
from communities.roster.register import known_buildings
from communities.roster.storing import store_row
from config.kernel.intake.kinds import Judgement, Kind, SourceRow


def _judge(community_id: int, rows: Sequence[SourceRow]) -> list[Judgement]:
    return judge(rows, known_buildings(community_id), index=blind_index)


ROSTER = Kind(
    name="roster",
    subject_kind="community",
    columns=COLUMNS,
    judge=_judge,
    apply=store_row,
    reasons=REASONS,
    is_personal=True,
)
