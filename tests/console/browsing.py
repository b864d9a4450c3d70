"""Fill in a form as a browser does: every field as the page has it, but for what the person changes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Form(HTMLParser):
    """Names and values of the fields of the admin's own form (the first form with a name attribute is skipped)."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = False
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id", "").endswith("_form")
        if not self._inside:
            return
        name = given.get("name", "")
        if tag == "input" and given.get("type") not in ("submit", "checkbox"):
            self.fields[name] = given.get("value", "")
        elif tag == "input" and given.get("type") == "checkbox" and "checked" in given:
            self.fields[name] = "on"
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def fill(browser: Client, address: str, **changes: Any) -> Any:
    """GET the page, change some fields (None unticks a box or empties a choice), POST the rest as it was."""
    form = _Form()
    form.feed(browser.get(address).content.decode())
    fields = {**form.fields, **changes}
    return browser.post(
        address, {name: value for name, value in fields.items() if value is not None}
    )
