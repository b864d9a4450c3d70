"""Paper: typst templates of this project, one font, data only as JSON, repeatable bytes."""

from __future__ import annotations

import functools
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from pylopdf_fonts_zh_cn import sans_path

# comemo::evict(10) after each compilation, in typst-py.
_REMEMBERED = 10
# Characters of data. Ten documents of less are 20 MB, and forgetting takes as long as setting one of them.
_SMALL = 4_096
_TEMPLATES = Path(__file__).parent / "templates"


class PaperError(RuntimeError):
    """A template could not be set without a complaint; the message says what typst missed."""


def set_paper(template: Path, data: object, *, moment: datetime) -> bytes:
    """The PDF of `template` filled with `data` (JSON), dated `moment`. Untagged, no system fonts.

    The document cannot be broken out of: `data` is one JSON string that the template parses, never
    a part of its source. PaperError when typst fails or warns.
    """
    return _compile(template, data, format="pdf", timestamp=int(moment.timestamp()), pdf_tags=False)


def draw_picture(template: Path, data: object) -> bytes:
    """The PNG of a template of one page, two pixels to the point, in the same way."""
    return _compile(template, data, format="png", ppi=144.0)


def _compile(template: Path, data: object, **options: Any) -> bytes:
    filled = json.dumps(data, ensure_ascii=False)
    source = (_TEMPLATES / "prelude.typ").read_bytes() + template.read_bytes()
    try:
        content, warnings = typst.compile_with_warnings(
            source,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": filled},
            **options,
        )
    except typst.TypstError as error:
        raise PaperError(str(error)) from error
    finally:
        if len(filled) > _SMALL:
            _forget()
    if warnings:
        raise PaperError("; ".join(str(warning) for warning in warnings))
    if not isinstance(content, bytes):
        raise PaperError(f"{template.name} has more than one page")
    return content


def template(name: str) -> Path:
    """The template file of this package called `name`."""
    return _TEMPLATES / name


def _forget() -> None:
    """Drop what typst remembers of a document: it keeps all parts of the last ten.

    22 lists of 1,350 rows would hold 1.1 GB in a worker. Eleven empty documents push them out and
    take a few milliseconds.
    """
    for _ in range(_REMEMBERED + 1):
        typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True, format="pdf")


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(sans_path().parent)],
    )
