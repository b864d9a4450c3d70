"""A chat's list, with the mistakes that such lists have, pasted three times as it grows."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from config.kernel.intake.models import ImportRow
from seeds.demo.baskets import CAPPED, LIMITED, Basket, Wishes
from seeds.demo.browser import Browser, Form, NoSuchForm, Page
from seeds.demo.failing import DemoFailed
from seeds.demo.roads import door_of

_PATIENCE = 60.0
_HEAD = "#接龙\n联华 宛平南苑团购，中午截单\n例 2-301 张阿姨 青菜2\n\n"
# How far the list has grown each time it is pasted.
PASTES = (5, 9, 11)
# Positions in the list of what goes wrong: a door that there is not, a product nobody sells, a change of mind.
_WRONG_DOOR, _WRONG_NAME, _CHANGED = 1, 3, 2
NO_SUCH_DOOR = "9-909"
NO_SUCH_PRODUCT = "仙桃罐头"


class NotTaken(DemoFailed):
    """The list did not become the orders that it means."""


@dataclass(frozen=True)
class Entry:
    """One household's line: as somebody writes it, and what is meant."""

    wish: Wishes
    door: str
    basket: Basket

    @property
    def text(self) -> str:
        goods = " ".join(f"{name}×{pieces}" for name, pieces in self.basket.items())
        return f"{self.door} {self.wish.home.people[0]} {goods}"


def entries(wishes: Sequence[Wishes], length: int) -> list[Entry]:
    """The first `length` lines. One household changes its mind after the first paste: one piece more of nearly
    everything before, its real wish after that.
    """
    listed = []
    for position, wish in enumerate(wishes[:length]):
        door, basket = door_of(wish.home), dict(wish.basket)
        if position == _WRONG_DOOR:
            door = NO_SUCH_DOOR
        if position == _WRONG_NAME:
            basket[NO_SUCH_PRODUCT] = 1
        if position == _CHANGED and length == PASTES[0]:
            basket = {
                name: pieces + (name not in (CAPPED, LIMITED)) for name, pieces in basket.items()
            }
        listed.append(Entry(wish, door, basket))
    return listed


def text_of(listed: Sequence[Entry]) -> str:
    lines = [f"{number}. {entry.text}" for number, entry in enumerate(listed, start=1)]
    return _HEAD + "\n".join(lines) + "\n"


class ChatList:
    """The organiser pastes the list and settles what is asked. `numbers`: product → the short number on the menu."""

    def __init__(self, browser: Browser, window: str, numbers: dict[str, int]) -> None:
        self._browser = browser
        self._window = window
        self._numbers = numbers
        self.settled = 0

    def paste(self, listed: Sequence[Entry]) -> None:
        """From the text to its orders. Raises NotTaken if a row led to nothing."""
        page = self._browser.get(self._window)
        address = next(url for url in page.links if "/intake/" in url)
        page = self._browser.get(address)
        page = self._browser.press(page.form("/", having="text"), text=text_of(listed))
        page = self._read(page.url)
        for number, entry in enumerate(listed, start=1):
            page = self._settle(page, number, entry)
        if not _has(page, "/confirm"):
            return  # nothing new in it
        page = self._read(self._browser.press(page.form("/confirm")).url)
        if _has(page, "/confirm") or len(_stored(page)) < len(listed):
            raise NotTaken(f"{page.url}: not every row was stored: {_told(page)}")

    def _read(self, url: str) -> Page:
        """The page once no job works on it any more. Raises NotTaken."""
        path = url.partition("?")[0]
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if not self._browser.download(urljoin(path, "progress")).json()["is_moving"]:
                return self._browser.get(f"{path}?show=all")
            time.sleep(0.1)
        raise NotTaken(f"{url} is not read")

    def _settle(self, page: Page, number: int, entry: Entry) -> Page:
        """What a person does with a row that is not in order: mends door and goods, says yes. The page after it."""
        if _verdict(page, number) == "ok":
            return page
        self.settled += 1
        if entry.door == NO_SUCH_DOOR or NO_SUCH_PRODUCT in entry.basket:
            self._mend(page, number, entry)
            page = self._browser.get(page.url)
        if _verdict(page, number) != "ok" and (form := _form(page, f"/rows/{number}/")):
            self._browser.press(form, how="update")
            page = self._browser.get(page.url)
        if _verdict(page, number) != "ok" and (form := _form(page, f"/rows/{number}/decide")):
            self._browser.press(form, decision="take")
            page = self._browser.get(page.url)
        return page

    def _mend(self, page: Page, number: int, entry: Entry) -> None:
        form = self._browser.get(urljoin(page.url, f"rows/{number}/")).form("/", having="address")
        empty = {name: "" for name in form.fields if name.startswith("q-")}
        goods = {f"q-{self._numbers[name]}": str(n) for name, n in entry.wish.basket.items()}
        home = entry.wish.home
        self._browser.press(
            form, **{**empty, **goods, "address": f"{home.building}号楼 {home.room}"}
        )


def _verdict(page: Page, number: int) -> str:
    """`ok`, `doubtful` or `refused`; what was said yes or no to is in order."""
    found = re.search(rf'<tr id="row-{number}" class="(\w+)', page.text)
    return found[1] if found else "ok"


def _form(page: Page, ending: str) -> Form | None:
    try:
        return page.form(ending)
    except NoSuchForm:
        return None


def _stored(page: Page) -> list[int]:
    """The rows that led to an order. Behind those of the list stand orders that are no longer in it; they stay."""
    lost = [str(result.label) for result in (ImportRow.Result.LEFT, ImportRow.Result.FAILED)]
    rows = re.findall(r'<tr id="row-(\d+)"(.*?)</tr>', page.text, re.DOTALL)
    return [int(number) for number, told in rows if not any(word in told for word in lost)]


def _told(page: Page) -> str:
    """What the page says of its rows, without its tags."""
    table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", table).split())


def _has(page: Page, ending: str) -> bool:
    return _form(page, ending) is not None
