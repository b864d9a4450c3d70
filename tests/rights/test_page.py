"""docs/rights.md says what the matrix asserts; WRITE_RIGHTS=1 in the environment writes it anew."""

from __future__ import annotations

import os

from django.utils import translation

from tests.rights.page import PAGE, parts, rewritten


def test_page_says_what_is_expected() -> None:
    page = PAGE.read_text(encoding="utf-8")
    with translation.override("en"):
        fresh = rewritten(page, parts())
    if os.environ.get("WRITE_RIGHTS"):
        PAGE.write_text(fresh, encoding="utf-8")

    assert page == fresh, "write docs/rights.md anew: WRITE_RIGHTS=1"
