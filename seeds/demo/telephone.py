"""A volunteer at the telephone: door, short numbers, read back, save. Also whom nobody has heard of yet."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from seeds.demo.baskets import Basket, Wishes
from seeds.demo.browser import Browser
from seeds.demo.failing import DemoFailed
from seeds.demo.roads import door_of


class NotWrittenDown(DemoFailed):
    """The desk did not take what was said on the telephone."""


class Telephone:
    """`numbers`: product → the short number on the menu."""

    def __init__(self, browser: Browser, window: str, numbers: Mapping[str, int]) -> None:
        self._browser = browser
        self._window = window
        self._numbers = numbers
        self.calls = 0

    def write_down(self, door: str, basket: Basket, total_fen: int, *, reason: str = "") -> None:
        """One call, from the door to the next one. `reason`: after the cutoff. Raises NotWrittenDown."""
        typed = " ".join(f"{self._numbers[name]}*{pieces}" for name, pieces in basket.items())
        more = {"reason": reason} if reason else {}
        page = self._browser.get(f"{self._window}entry/?q={quote(door)}")
        page = self._browser.press(
            page.form("/entry/", having="lines"), lines=typed, step="read", **more
        )
        form = page.form("/entry/", having="total")
        if form.fields["total"] != [str(total_fen)]:
            raise NotWrittenDown(f"{door}: {form.fields['total']} ≠ {total_fen}")
        page = self._browser.press(form, step="save")
        if "home=" in page.url or page.complaints:
            raise NotWrittenDown(f"{door}: {page.complaints}")
        self.calls += 1

    def find_silent(self, wish: Wishes) -> None:
        """Who has not been heard of stands in the list of those to call. Raises NotWrittenDown."""
        page = self._browser.get(f"{self._window}care/")
        if f"{wish.home.building}号楼 {wish.home.room}" not in page.text:
            raise NotWrittenDown(f"{door_of(wish.home)} is not in the list to call")
