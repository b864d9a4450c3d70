"""What a survey adds up to, as a file that the organiser sends to the supplier. Totals only. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from orders.demand.words import WORDS
from orders.files.as_csv import write_csv
from orders.files.as_xlsx import write_xlsx
from orders.files.document import Cell, Column, Document, Fact, Row, Table
from orders.files.labels import labels_for
from orders.files.wording import moment
from orders.files.writing import file_name


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """An item and what all households want of it; `by_community` as SurveySheet.communities."""

    position: int
    name: str
    spec: str
    unit: str
    pieces: int
    households: int
    by_community: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SurveySheet:
    """Times are aware and already in the community's zone."""

    number: str
    title: str
    supplier_name: str
    communities: tuple[str, ...]
    open_until: datetime
    counted_at: datetime
    replies: int
    lines: tuple[SurveyLine, ...]


def write_survey(sheet: SurveySheet, form: str, language: str = "zh-hans") -> bytes:
    """`form`: xlsx or csv."""
    return _WRITERS[form](_document(sheet, language))


def survey_file_name(sheet: SurveySheet, form: str, language: str = "zh-hans") -> str:
    return file_name(WORDS[language]["title"], sheet.title, sheet.number, form)


def _document(sheet: SurveySheet, language: str) -> Document:
    words, labels = WORDS[language], labels_for(language)
    facts = (
        Fact("remark", words["remark"], words["not_an_order"]),
        Fact("survey", words["survey"], sheet.title),
        Fact("supplier", words["supplier"], sheet.supplier_name),
        Fact("community", words["community"], "、".join(sheet.communities)),
        Fact("until", words["until"], moment(sheet.open_until, labels)),
        Fact("as_of", words["as_of"], moment(sheet.counted_at, labels)),
        Fact("replies", words["replies"], str(sheet.replies)),
    )
    return Document(
        language=language,
        title=words["title"],
        number=sheet.number,
        revision_words=words["not_an_order"],
        moment=sheet.counted_at,
        code="",
        tables=(Table(columns=_columns(sheet, words), rows=_rows(sheet, words)),),
        facts=facts,
    )


def _several(sheet: SurveySheet) -> tuple[tuple[str, str], ...]:
    """Key and name of each community's own column, where there are several."""
    if len(sheet.communities) < 2:
        return ()
    return tuple((f"community_{place}", name) for place, name in enumerate(sheet.communities))


def _columns(sheet: SurveySheet, words: Mapping[str, str]) -> tuple[Column, ...]:
    return (
        Column("position", words["position"], "integer"),
        Column("name", words["name"], "text"),
        Column("spec", words["spec"], "text"),
        Column("unit", words["unit"], "text"),
        *(Column(key, name, "integer") for key, name in _several(sheet)),
        Column("pieces", words["pieces"], "integer", strong=True),
        Column("households", words["households"], "integer"),
    )


def _rows(sheet: SurveySheet, words: Mapping[str, str]) -> tuple[Row, ...]:
    keys = [key for key, _name in _several(sheet)]
    rows = [Row("line", _cells(line, keys)) for line in sheet.lines]
    sums: dict[str, Cell] = {
        "name": words["total"],
        "pieces": sum(line.pieces for line in sheet.lines),
        **{
            key: sum(line.by_community[place] for line in sheet.lines)
            for place, key in enumerate(keys)
        },
    }
    return (*rows, Row("total", sums))


def _cells(line: SurveyLine, keys: list[str]) -> dict[str, Cell]:
    return {
        "position": line.position,
        "name": line.name,
        "spec": line.spec,
        "unit": line.unit,
        "pieces": line.pieces,
        "households": line.households,
        **dict(zip(keys, line.by_community, strict=False)),
    }


_WRITERS: Mapping[str, Callable[[Document], bytes]] = {"xlsx": write_xlsx, "csv": write_csv}
