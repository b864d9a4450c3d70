"""The import kind `roster`: rows of a file become households and residents of a community."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from communities.addresses.elsewhere import foreign_place
from communities.addresses.finding import locate
from communities.addresses.located import Certainty, Reason
from communities.addresses.parts import lanes_in
from communities.addresses.register import Register, Rules
from communities.models import Community
from communities.personal import blind_index
from communities.roster.columns import COLUMNS
from communities.roster.judging import Found, Locate, judge
from communities.roster.messages import NOTES, REASONS
from communities.roster.reading import read_roster
from communities.roster.register import known_buildings
from communities.roster.storing import store_row
from communities.selectors import register_of, room_ranges
from config.kernel.intake.kinds import Judgement, Kind, SourceRow


def _judge(community_id: int, rows: Sequence[SourceRow]) -> list[Judgement]:
    known = known_buildings(community_id)
    address = Community.objects.values_list("address", flat=True).get(pk=community_id)
    return judge(
        rows,
        known,
        index=blind_index,
        locate=_locator(community_id),
        rules=Rules(rooms=room_ranges(community_id)),
        own_lanes=lanes_in(address),
    )


def _locator(community_id: int) -> Locate:
    """Reads addresses as everybody's are read, by the compound's own rules. The register is fetched when one comes."""

    @cache
    def register() -> Register:
        return register_of(Community.objects.get(pk=community_id))

    def locate_in_register(text: str) -> Found | None:
        found = locate(text, register())
        elsewhere = foreign_place(text, register())
        is_placed = found.certainty == Certainty.SURE or found.reason == Reason.ROOM_UNKNOWN
        if is_placed and found.building_id is not None:
            return Found(found.building_id, found.room, elsewhere)
        return Found(None, "", elsewhere) if elsewhere else None

    return locate_in_register


ROSTER = Kind(
    name="roster",
    subject_kind="community",
    columns=COLUMNS,
    judge=_judge,
    apply=store_row,
    reasons=REASONS,
    is_personal=True,
    read=read_roster,
    notes=NOTES,
)
