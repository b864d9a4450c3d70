"""What the pages of an import show of its rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from communities.importing.desk import Desk
from config.kernel.intake.confirming import TAKEN
from config.kernel.intake.kinds import Column, Kind, kind_named
from config.kernel.intake.models import Import, ImportRow
from config.kernel.intake.rows import asks_what
from config.kernel.intake.selectors import Counts, reason_sentences

PAGE_SIZE = 50
_Verdict, _Decision, _Result = ImportRow.Verdict, ImportRow.Decision, ImportRow.Result
_FILTERS: dict[str, Q] = {
    "attention": ~Q(verdict=_Verdict.OK),
    "doubtful": Q(verdict=_Verdict.DOUBTFUL),
    "refused": Q(verdict=_Verdict.REFUSED),
    "ok": Q(verdict=_Verdict.OK),
    "all": Q(),
    "not-stored": Q(result__in=["left", "failed"]),
}


@dataclass(frozen=True)
class Tab:
    """A filter of the preview and how many rows it shows."""

    name: str
    label: str | Promise
    count: int


@dataclass(frozen=True)
class RowView:
    """A row as it is shown: its main texts, (level, sentence) pairs, and what a person can do."""

    row: ImportRow
    texts: list[str]
    sentences: list[tuple[str, str]]
    choices: list[tuple[str, str]]
    is_question: bool = False

    @property
    def is_in(self) -> bool:
        """Stored, or would be if the import were confirmed now."""
        return self.row.result_id is not None or (not self.row.result and self.row.is_taken)

    @property
    def state(self) -> str:
        """The result once there is one, before that a person's decision, before that the verdict."""
        if self.row.result:
            return self.row.get_result_display()
        if self.row.decision:
            return self.row.get_decision_display()
        return str(_("Please decide")) if self.is_question else self.row.get_verdict_display()

    @property
    def tone(self) -> str:
        """The desk's class for a chip that says this."""
        if self.is_in:
            return "good"
        if self.row.result == _Result.FAILED:
            return "alarm"
        if self.row.verdict == _Verdict.DOUBTFUL or (self.is_question and not self.row.result):
            return "act"
        return "alarm" if self.row.verdict == _Verdict.REFUSED else ""

    @property
    def yes(self) -> str:
        """The decision that takes this row: a sound row only needs its no taken back."""
        return _Decision.TAKE if self.row.verdict == _Verdict.DOUBTFUL else _Decision.NONE

    @property
    def may_take(self) -> bool:
        return self.row.verdict != _Verdict.REFUSED and not self.row.is_taken

    @property
    def may_leave(self) -> bool:
        is_open = self.is_question or self.row.verdict != _Verdict.REFUSED
        return is_open and self.row.decision != _Decision.LEAVE


@dataclass(frozen=True)
class Field:
    """An input of the mending form: the text as it would be read now, and what the file says."""

    column: Column
    label: str
    text: str
    in_file: str
    is_wrong: bool


def tabs_of(upload: Import, counts: Counts) -> list[Tab]:
    if upload.status == Import.Status.CONFIRMED:
        return [
            Tab("not-stored", _("Left out or not stored"), counts.left + counts.failed),
            Tab("all", _("All rows"), counts.total),
        ]
    return [
        Tab("attention", _("Needs a look"), counts.doubtful + counts.refused),
        Tab("doubtful", pgettext_lazy("rows", "Doubtful"), counts.doubtful),
        *([Tab("asked", _("Please decide"), counts.questions)] if counts.questions else []),
        Tab("refused", pgettext_lazy("rows", "Refused"), counts.unusable),
        Tab("ok", pgettext_lazy("rows", "In order"), counts.ok),
        Tab("all", _("All rows"), counts.total),
    ]


def fresh_rows(upload: Import) -> int:
    """How many of the rows that would be taken do not stand already as the file has them. One statement."""
    rows = upload.rows.filter(TAKEN)
    return rows.exclude(reasons__contains=[{"code": "unchanged"}]).count()


def chosen_tab(tabs: list[Tab], wanted: str | None) -> str:
    """The wanted filter if the page has it, else the first that shows anything."""
    names = [tab.name for tab in tabs]
    if wanted in names:
        return str(wanted)
    return next((tab.name for tab in tabs if tab.count), names[-1])


def rows_page(upload: Import, tab: str, number: str | None) -> Page[ImportRow]:
    asking = asks_what(kind_named(upload.kind))
    filters = _FILTERS | {"asked": asking, "refused": _FILTERS["refused"] & ~asking}
    rows: QuerySet[ImportRow] = upload.rows.filter(filters[tab]).order_by("number")
    return Paginator(rows, PAGE_SIZE).get_page(number)


def view_of(desk: Desk, upload: Import, row: ImportRow) -> RowView:
    texts = [row.text_of(name, upload.columns) for name in _shown(desk, upload)]
    levels = [reason["level"] for reason in row.reasons]
    sentences = reason_sentences(desk.kind, row.reasons)
    is_question = row.verdict == _Verdict.REFUSED and any(
        reason["code"] in desk.kind.questions for reason in row.reasons
    )
    told = list(zip(levels, sentences, strict=True))
    return RowView(row, texts, told, desk.choices(row), is_question)


def shown_headings(desk: Desk, upload: Import) -> list[str]:
    columns = {column.name: column for column in desk.kind.columns}
    return [
        gettext(desk.headings[name]) if name in desk.headings else heading_of(upload, columns[name])
        for name in _shown(desk, upload)
    ]


def _shown(desk: Desk, upload: Import) -> list[str]:
    return [name for name in desk.shown if not desk.hides_absent or name in upload.columns]


def heading_of(upload: Import, column: Column) -> str:
    """The heading in this file; the usual one if the file has no such column."""
    place = upload.columns.get(column.name)
    return column.aliases[0] if place is None else str(upload.header[place])


def fields_of(kind: Kind, upload: Import, row: ImportRow) -> list[Field]:
    wrong = {reason["column"] for reason in row.reasons if reason["level"] != _Verdict.OK}
    return [
        Field(
            column,
            heading_of(upload, column),
            row.text_of(column.name, upload.columns),
            _in_file(upload, row, column.name),
            column.name in wrong,
        )
        for column in kind.columns
    ]


def _in_file(upload: Import, row: ImportRow, name: str) -> str:
    place = upload.columns.get(name)
    return "" if place is None else str(row.cells[place])
