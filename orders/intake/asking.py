"""Entries whose address nobody could make out go to the volunteers who call and ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from communities.address_questions import Origin, ask_about_address
from communities.addresses.located import Located
from config.kernel.audit import Actor
from config.kernel.intake.kinds import LeftRow
from orders.chain.doors import without_phones
from orders.chain.folding import fold
from orders.chain.layout import MAX_RAW
from orders.chain.token import MASK
from orders.intake.world import world_of


def ask_about_left(subject_id: int, rows: Sequence[LeftRow], actor: Actor, at: datetime) -> None:
    """A question for each row left out because of its address, with the phone number if one stands in it."""
    unclear = [row for row in rows if any(code.startswith("address") for code in row.codes)]
    if not unclear:
        return
    world = world_of(subject_id)
    for row in unclear:
        words, phone = without_phones(fold(row.texts["text"][:MAX_RAW]))
        located = world.locate(words.replace(MASK, " "))
        if not isinstance(located, Located) or not (located.spans or phone):
            continue
        ask_about_address(
            community=world.joined.community,
            text=" ".join(words.replace(MASK, " ").split()),
            located=located,
            origin=Origin("chat", "import_row", row.id),
            actor=actor,
            at=at,
            phone=phone,
        )
