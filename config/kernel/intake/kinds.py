"""What an import of one kind means: its columns, how a row is judged, how it is applied.

The app that owns the rows registers its kind when it is ready; the kernel never imports it. No
Django in here, so that judges stay pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from config.kernel.intake.parsing.table import Table

OK = "ok"
DOUBTFUL = "doubtful"
REFUSED = "refused"
SEVERITY = (OK, DOUBTFUL, REFUSED)

CREATED = "created"
UPDATED = "updated"
UNCHANGED = "unchanged"


class Column(NamedTuple):
    """A field of the kind and the headings it may have, best first."""

    name: str
    aliases: tuple[str, ...]
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is as it is. `code` is a key of the kind's reasons, `column` the field it is about,
    `level` what it means for the row: OK (a remark), DOUBTFUL or REFUSED.
    """

    code: str
    column: str = ""
    params: dict[str, str | int] = field(default_factory=dict)
    level: str = OK


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What a judge sees: texts by field name, as in the file or as mended; absent columns are absent.

    A row that a person decided to leave out is still listed, so that positions stay, and marked; so is one he took.
    `mended` names the fields that he wrote himself.
    """

    number: int
    texts: Mapping[str, str]
    is_left: bool = False
    is_taken: bool = False
    mended: frozenset[str] = frozenset()


@dataclass(slots=True)
class Judgement:
    """The verdict on a row. `values` (JSON-able) is what `apply` will be given."""

    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    verdict: str = OK

    def note(self, code: str, column: str = "", **params: str | int) -> None:
        """A remark that does not change the verdict."""
        self._add(OK, code, column, params)

    def doubt(self, code: str, column: str = "", **params: str | int) -> None:
        """The row needs a person's yes."""
        self._add(DOUBTFUL, code, column, params)

    def refuse(self, code: str, column: str = "", **params: str | int) -> None:
        """The row cannot be taken as it is."""
        self._add(REFUSED, code, column, params)

    def _add(self, level: str, code: str, column: str, params: dict[str, str | int]) -> None:
        self.reasons.append(Reason(code, column, params, level))
        self.verdict = max(self.verdict, level, key=SEVERITY.index)


class Outcome(NamedTuple):
    """What applying a row led to: CREATED, UPDATED or UNCHANGED, and the row it led to."""

    result: str
    kind: str
    id: int


class LeftRow(NamedTuple):
    """A row that led to nothing although nobody said no to it: its id, its texts, the codes of its reasons."""

    id: int
    texts: Mapping[str, str]
    codes: frozenset[str]


class StoredRow(NamedTuple):
    """A row of a confirmed import as it was judged: its import's id, number, values, the id of the row it led to (None:
    it was left out).
    """

    upload: int
    number: int
    values: Mapping[str, Any]
    result_id: int | None


Stored: TypeAlias = Callable[[int, Sequence[StoredRow]], None]
Left: TypeAlias = Callable[[int, Sequence[LeftRow], Any, datetime], None]
Judge: TypeAlias = Callable[[int, Sequence[SourceRow]], list[Judgement]]
Read: TypeAlias = Callable[[int, bytes], Table]
Apply: TypeAlias = Callable[[int, Mapping[str, Any], Any], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import into one kind of subject.

    judge(subject_id, rows) looks at the whole file at once and returns one Judgement per row.
    apply(subject_id, values, actor) runs in a transaction of its own; a DomainError it raises fails
    that row only. `reasons` maps the codes of its judge to English msgids. `is_personal`: its files tell
    who lives where, and are forgotten (see erasing).

    A kind whose files are no plain tables brings its own `read`(subject_id, content): it returns the rows as a table of
    the kind's own columns or raises IntakeError, and `notes` are the sentences of its remarks on the whole file.
    `left`(subject_id, rows, actor, at) is told of the rows left out by a confirmation that nobody said no to, in its
    transaction. `stored`(subject_id, rows) is told of each row in the transaction that gives it its result, also of
    those left out: what the kind must know of them later it keeps itself.
    `alone` are the codes of doubts that one yes to all doubtful rows passes by, `questions` those of refusals that only
    ask what is meant.
    """

    name: str
    subject_kind: str
    columns: tuple[Column, ...]
    judge: Judge
    apply: Apply
    reasons: Mapping[str, str]
    is_personal: bool = False
    read: Read | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    left: Left | None = None
    stored: Stored | None = None
    alone: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()

    @property
    def aliases(self) -> dict[str, tuple[str, ...]]:
        return {column.name: column.aliases for column in self.columns}

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.is_required]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; called once, when its app is ready."""
    if kind.name in _kinds:
        raise ValueError(f"import kind {kind.name} is registered twice")
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    return _kinds[name]


def personal_kinds() -> list[str]:
    return [name for name, kind in _kinds.items() if kind.is_personal]
