"""Every code that code raises has a sentence, in both languages, and no sentence is left over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.utils import translation

from config.kernel.intake import messages

INTAKE = Path(messages.__file__).parent
TABLES = {
    "files": messages.FILE_ERRORS,
    "notes": messages.NOTES,
    "cells": messages.CELL_REASONS,
}


def test_every_refusal_of_the_reader_has_a_sentence_and_every_sentence_a_refusal() -> None:
    code = "".join(path.read_text() for path in INTAKE.rglob("*.py"))
    raised = set(re.findall(r'IntakeError\(\s*"(\w+)"', code))
    # sniff chooses between these two in one expression; the child answers the third for a MemoryError; a kind that
    # reads chat lists raises the fourth
    elsewhere = {"encrypted", "old_xls", "too_heavy", "no_entries"}
    assert raised | elsewhere == set(messages.FILE_ERRORS)


def test_every_note_of_the_reader_has_a_sentence() -> None:
    code = "".join(path.read_text() for path in (INTAKE / "parsing").glob("*.py"))
    assert set(re.findall(r'(?:Note|_skipped)\(\s*"(\w+)"', code)) == set(messages.NOTES)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_every_sentence_is_there_in_chinese_with_the_same_values(
    table: Mapping[str, str],
) -> None:
    for english in table.values():
        with translation.override("zh-hans"):
            chinese = translation.gettext(english)
        assert chinese != english
        assert _names_in(chinese) == _names_in(english)


def _names_in(sentence: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", sentence))
