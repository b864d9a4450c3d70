"""Somebody at the console, whose every step is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

# Seconds for one of each, for somebody who sees the page for the first time: find it, do it, wait for the answer.
PACE = {"click": 8, "field": 12, "choice": 8, "file": 25, "page": 30}


@dataclass
class Person:
    """`steps` counts clicks, fields typed, choices made, files chosen and pages read through."""

    page: Page
    steps: Counter[str] = field(default_factory=Counter)

    def click(self, words: str) -> None:
        """A button or a link by the words on it."""
        self.steps["click"] += 1
        target = self.page.get_by_role("button", name=words, exact=True)
        if not target.count():
            target = self.page.get_by_role("link", name=words, exact=True)
        target.first.click()

    def type(self, label: str, text: str) -> None:
        self.steps["field"] += 1
        self.page.get_by_label(label).first.fill(text)

    def choose_file(self, label: str, path: Path) -> None:
        self.steps["file"] += 1
        self.page.get_by_label(label).set_input_files(path)

    def read(self, words: str) -> None:
        """Read a page through that says this."""
        self.steps["page"] += 1
        self.page.get_by_text(words).first.wait_for()

    def save(self, words: str) -> bytes:
        """The paper behind a button."""
        self.steps["click"] += 1
        with self.page.expect_download() as paper:
            self.page.get_by_role("button", name=words, exact=True).click()
        return Path(paper.value.path()).read_bytes()

    @property
    def minutes(self) -> float:
        return sum(PACE[step] * count for step, count in self.steps.items()) / 60
