"""An import kind of the tests: coloured toys, kept as audit entries. It needs no other app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from config.kernel import audit, clock
from config.kernel.audit import Actor, AuditEntry
from config.kernel.errors import DomainError
from config.kernel.intake import kinds
from config.kernel.intake.kinds import Column, Judgement, Kind, Outcome, SourceRow
from config.kernel.intake.models import Import
from config.kernel.intake.uploads import read_upload, store_upload

SUBJECT = ("toybox", 7)
ME = Actor("user", 1)
applied_numbers: list[str] = []


class ToyBroken(DomainError):
    code = "toy_broken"


def _judge(subject_id: int, rows: Sequence[SourceRow]) -> list[Judgement]:
    judgements = []
    for row in rows:
        if row.texts["name"] == "endless":
            raise SoftTimeLimitExceeded
        one = Judgement({"name": row.texts["name"], "box": subject_id})
        if not row.texts["name"]:
            one.refuse("toy_nameless", "name")
        if row.texts.get("colour") == "?":
            one.doubt("toy_colourless", "colour")
        judgements.append(one)
    return judgements


def _apply(subject_id: int, values: Mapping[str, Any], actor: Actor) -> Outcome:
    if values["name"] == "broken":
        audit.record(actor=actor, action="toy.half_done", subject=SUBJECT)
        raise ToyBroken()
    applied_numbers.append(values["name"])
    audit.record(actor=actor, action="toy.stored", subject=SUBJECT, data=dict(values))
    return Outcome(kinds.CREATED, "toy", AuditEntry.objects.latest("pk").pk)


TOYS = Kind(
    name="toys",
    subject_kind="toybox",
    columns=(Column("name", ("toy", "玩具"), is_required=True), Column("colour", ("colour",))),
    judge=_judge,
    apply=_apply,
    reasons={"toy_nameless": "No name.", "toy_colourless": "“%(column)s” is unknown."},
)


@contextmanager
def toys_known() -> Iterator[None]:
    """The kind is registered for the length of a test."""
    kinds.register(TOYS)
    applied_numbers.clear()
    try:
        yield
    finally:
        del kinds._kinds[TOYS.name]


def upload(content: bytes, filename: str = "toys.csv") -> Import:
    with transaction.atomic():
        return store_upload(
            kind="toys",
            subject=SUBJECT,
            filename=filename,
            content=content,
            actor=ME,
            at=clock.now(),
        )


def uploaded(*lines: str) -> Import:
    """A file with these lines, read."""
    text = "\r\n".join(("toy,colour", *lines)) + "\r\n"
    return read_upload(import_id=upload(text.encode()).pk)


def stored_toys() -> list[str]:
    entries = AuditEntry.objects.filter(action="toy.stored").order_by("pk")
    return [entry.data["name"] for entry in entries]
