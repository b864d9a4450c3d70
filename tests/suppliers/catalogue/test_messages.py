"""Every sentence about a row is there in Chinese, with the same values in it."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from suppliers.catalogue.messages import REASONS


@pytest.mark.parametrize("english", REASONS.values(), ids=REASONS.keys())
def test_reason_in_chinese_holds_the_same_values(english: str) -> None:
    with translation.override("zh-hans"):
        chinese = translation.gettext(english)
    assert chinese != english
    assert _names_in(chinese) == _names_in(english)


def _names_in(sentence: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", sentence))
