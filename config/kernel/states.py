"""The only place where a status changes after creation: a transition table and a compare-and-swap."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar, Protocol, cast

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class Transitions:
    """The allowed steps of one status field: `{from: {to, …}}`. A state without an entry is final."""

    def __init__(self, table: Mapping[str, Set[str]]) -> None:
        self.table = {
            str(source): frozenset(map(str, targets)) for source, targets in table.items()
        }

    def allows(self, source: str, target: str) -> bool:
        return target in self.table.get(source, frozenset())


class Stateful(Protocol):
    transitions: ClassVar[Transitions]
    status: Any
    pk: Any


class StaleStatus(DomainError):
    """Somebody else moved the row first; nothing was changed."""

    code = "stale_status"
    detail = _("Somebody else was faster: the state has changed meanwhile. Please look again.")


class IllegalTransition(DomainError):
    """The state in which the row is does not lead there."""

    code = "illegal_transition"
    detail = _("This step is not possible in the present state (%(source)s → %(target)s).")


def advance(row: Stateful, *, to: str, **changes: Any) -> None:
    """Move `row` from the status it was read with to `to`, writing `changes` in the same UPDATE.

    Raises IllegalTransition (the table forbids it) or StaleStatus (the row is no longer where it was read).
    """
    source = str(row.status)
    if not row.transitions.allows(source, str(to)):
        raise IllegalTransition(source=source, target=str(to))
    rows = cast("type[Model]", type(row))._base_manager.filter(pk=row.pk, status=source)
    updated = rows.update(status=to, **changes)
    if updated != 1:
        raise StaleStatus()
    row.status = to
    for name, value in changes.items():
        setattr(row, name, value)


def advance_all(rows: QuerySet[Any], *, source: str, to: str, **changes: Any) -> int:
    """Move every row of the queryset that is in `source`; returns how many moved. Raises IllegalTransition."""
    transitions: Transitions = rows.model.transitions
    if not transitions.allows(str(source), str(to)):
        raise IllegalTransition(source=source, target=to)
    return rows.filter(status=source).update(status=to, **changes)
