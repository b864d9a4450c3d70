"""Entries whose address nobody could make out go to the volunteers who call and ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from communities import personal
from communities.address_questions import Origin, ask_about_address
from communities.addresses.located import Located
from communities.models import AddressQuestion, Resident
from config.kernel.audit import Actor
from config.kernel.intake.kinds import LeftRow
from orders.chain.line.folding import fold
from orders.chain.line.token import MASK
from orders.chain.lists.doors import without_phones
from orders.chain.lists.layout import MAX_RAW
from orders.intake.memory import number_of
from orders.intake.world import LINE, world_of


def ask_about_left(subject_id: int, rows: Sequence[LeftRow], actor: Actor, at: datetime) -> None:
    """A question for each row left out because of its address, with the phone number if one stands in it."""
    unclear = [row for row in rows if any(code.startswith("address") for code in row.codes)]
    if not unclear:
        return
    world = world_of(subject_id)
    origins = {row.id: _origin(row) for row in unclear}
    asked = _asked(origins.values())
    for row in unclear:
        origin = origins[row.id]
        if (origin.subject_kind, origin.subject_id) in asked:
            continue
        asked.add((origin.subject_kind, origin.subject_id))
        words, phone = without_phones(fold(row.texts["text"][:MAX_RAW]))
        located = world.locate(words.replace(MASK, " "))
        if not isinstance(located, Located) or not (located.spans or phone):
            continue
        ask_about_address(
            community=world.joined.community,
            text=" ".join(words.replace(MASK, " ").split()),
            located=located,
            origin=origin,
            actor=actor,
            at=at,
            phone=phone or _phone_of(located),
        )


def _origin(row: LeftRow) -> Origin:
    """A line of a chat is one thing however often it is pasted; a row of a file is itself."""
    mark = row.texts.get("mark", "")
    return Origin("chat", LINE, number_of(mark)) if mark else Origin("chat", "import_row", row.id)


def _asked(origins: Iterable[Origin]) -> set[tuple[str, int]]:
    """Lines that were asked about before, answered or not."""
    ids = [origin.subject_id for origin in origins if origin.subject_kind == LINE]
    rows = AddressQuestion.objects.filter(subject_kind=LINE, subject_id__in=ids)
    return set(rows.values_list("subject_kind", "subject_id"))


def _phone_of(located: Located) -> str:
    """The number of whoever speaks for the household, where only one can be meant."""
    if len(located.candidates) != 1:
        return ""
    people = Resident.objects.present().filter(household=located.candidates[0])
    person = people.exclude(phone_encrypted=None).order_by("-is_contact", "pk").first()
    return (
        personal.decrypt(bytes(person.phone_encrypted)) if person and person.phone_encrypted else ""
    )
