"""Every page of the console × method × person × target: what it answers, what it changes, what it gives away.

`make test` asserts the refusals by a page's own methods and a part of the rest; RIGHTS=all asserts every cell.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import quote

import pytest
from django.conf import settings
from django.http import HttpResponse

from suppliers.models import Supplier
from tests.rights.console_browser import Browser, text_of
from tests.rights.console_forms import sheet_of
from tests.rights.console_pages import EXPORTS, HOW, PAGES, TELLS, Page, pages
from tests.rights.console_rules import FOREIGN, METHODS, MISSING, OWN, WHO, Target
from tests.rights.console_world import Console, build_console
from tests.rights.digest import changed, digest, look_once, rolled_back
from tests.rights.world import STAFF_HERE, World

pytestmark = pytest.mark.django_db
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
# The admin lets browsers keep these: nothing of anybody is on them but one's own name.
SHOW_NOTHING = {"admin:jsi18n", "admin:password_change", "admin:password_change_done"}
EVERYTHING = os.environ.get("RIGHTS") == "all"
# Whose refusals are asserted always: by target, or at all others.
NEAR = {
    "foreign": {"organiser_here", "volunteer_here", "officer_north"},
    "missing": {"organiser_here"},
    "guest": {"organiser_here", "volunteer_here", "officer_north", "building_leader_there"},
    "": {
        *("anonymous", "resident", "unstaffed", "nobody", "leader_next", *STAFF_HERE),
    }
    - {"property_here", "building_leader_here"},
}


@pytest.fixture(scope="module")
def console(world: World) -> Iterator[Console]:
    with rolled_back():
        built = build_console(world)
        look_once()
        yield built


@dataclass(frozen=True)
class Cell:
    page: Page
    target: Target
    method: str
    name: str

    @property
    def answer(self) -> str:
        return self._rule.partition(" + ")[0]

    @property
    def writes(self) -> set[str]:
        """The tables that it must change."""
        if self.page.name in EXPORTS and self.answer == "ok":
            return {"kernel_auditentry"}
        return {*self._rule.partition(" + ")[2].split()}

    @property
    def may_write(self) -> bool:
        return bool(self.writes) or (self.method == "POST" and self.answer in ("ok", "go"))

    @property
    def is_chosen(self) -> bool:
        """All refusals of those who are near, one in fifteen of what is granted, one in 150 of the rest."""
        draw = zlib.crc32(str(self).encode())
        if EVERYTHING or draw % 150 == 0:
            return True
        if self.method not in ("GET", "POST") or not self._is_meant:
            return False
        if self.answer in ("ok", "go"):
            return draw % 15 == 0
        return self.name in NEAR.get(self.target.name, NEAR[""])

    @property
    def _is_meant(self) -> bool:
        """The page has this method, and the method a meaning of its own."""
        is_list = self.page.name.endswith(("_changelist", "_history"))
        target = OWN if self.target.name else self.target
        answer = PAGES[self.page.name](WHO["admin"], self.method, target)
        if self.page.name.endswith("_delete"):
            return self.method == "POST" and self.name == "organiser_here"
        return answer != "method" and not (is_list and self.method == "POST")

    @property
    def _rule(self) -> str:
        return PAGES[self.page.name](WHO[self.name], self.method, self.target)

    def __str__(self) -> str:
        return f"{self.page.name}: {self.name} {self.method} {self.target.name}".rstrip()


def cells(page: Page) -> list[Cell]:
    return [
        Cell(page, target, method, name)
        for target in page.targets
        for method in METHODS
        for name in WHO
    ]


def test_every_page_has_a_rule() -> None:
    found = {page.name for page in pages()}

    assert sorted(found - PAGES.keys()) == [], HOW
    assert sorted(PAGES.keys() - found) == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_page_answers_by_its_rule(
    console: Console, page: Page, record_property: Callable[[str, object], None]
) -> None:
    """What must change nothing is asked in one go, and the whole database compared at the end."""
    chosen = [cell for cell in cells(page) if cell.is_chosen]
    harmless = [cell for cell in chosen if not cell.may_write]
    before = digest()
    wrong = [fault for cell in harmless for fault in _faults(console, cell)]
    if tables := changed(before, digest()):
        wrong += [f"{tables} changed by one of these:"]
        wrong += [str(cell) for cell in harmless if _written(console, cell)]
    for cell in chosen:
        if cell.may_write and (tables := _written(console, cell, wrong)) != cell.writes:
            wrong.append(f"{cell} changes {tables}, not {cell.writes}")

    record_property("cells", len(chosen))
    assert wrong == []


def test_foreign_and_missing_have_one_answer(console: Console) -> None:
    """But for the address itself and the token of the form that changes the language."""
    alike = 0
    for page, method in product(pages(), ("GET", "POST")):
        foreign, missing = (
            Cell(page, target, method, "organiser_here") for target in (FOREIGN, MISSING)
        )
        if FOREIGN in page.targets and foreign.answer == missing.answer == "missing":
            assert _told(console, foreign) == _told(console, missing), (page.name, method)
            alike += 1
    assert alike > 40


def _told(console: Console, cell: Cell) -> str:
    address = cell.page.address(console, cell.target)
    form = cell.page.form(console, cell.target)
    text = text_of(console.browsers[cell.name].ask(cell.method, address, form))
    return _TOKEN.sub("", text.replace(address, ""))


def test_page_takes_nothing_without_the_token_of_its_form(console: Console) -> None:
    """Not from a superuser, and not from nobody: another site's page could have sent it."""
    sessions = {name: browser.session for name, browser in console.browsers.items()}
    before = digest()

    for number, page in enumerate(pages()):
        name, method = (
            ("admin", "anonymous")[number % 4 == 0],
            ("POST", "PUT", "DELETE")[number % 3],
        )
        browser = Browser(sessions[name], checks_csrf=True)
        address = page.address(console, page.targets[0])
        for sent in {"POST", method}:
            assert browser.ask(sent, address).status_code == 403, f"{page.name}: {name} {sent}"
    assert not changed(before, digest())


def test_page_takes_a_form_with_its_token(console: Console) -> None:
    """The control of the test above."""
    browser = Browser(console.browsers["admin"].session, checks_csrf=True)
    supplier = console.things["own"][Supplier]
    address = f"/admin/suppliers/supplier/{supplier.pk}/"
    shown = browser.look(f"{address}change/")
    token = sheet_of(text_of(shown)).controls["csrfmiddlewaretoken"]
    browser.cookies[settings.CSRF_COOKIE_NAME] = shown.cookies[settings.CSRF_COOKIE_NAME].value

    assert browser.ask("POST", f"{address}keys/").status_code == 403
    assert browser.ask("POST", f"{address}keys/", {"csrfmiddlewaretoken": token}).status_code == 200


def _written(console: Console, cell: Cell, wrong: list[str] | None = None) -> set[str]:
    """The tables that the request changes; what is wrong with its answer goes to `wrong`."""
    with rolled_back():
        before = digest()
        faults = list(_faults(console, cell))
        if wrong is not None:
            wrong += faults
        return changed(before, digest())


def _faults(console: Console, cell: Cell) -> Iterator[str]:
    address = cell.page.address(console, cell.target)
    form = cell.page.form(console, cell.target)
    response = console.browsers[cell.name].ask(cell.method, address, form)
    got = _answer(response, address)
    if got != cell.answer:
        yield f"{cell} answers {got}, not {cell.answer}"
    kept = not response.headers.get("Cache-Control", "").count("no-store")
    if got == "ok" and kept and cell.page.name not in SHOW_NOTHING:
        yield f"{cell} may be kept by a cache"
    for mark in console.leaks(cell.name, address, text_of(response)):
        if mark in TELLS.get(cell.page.name, "").split():
            continue
        yield f"{cell} shows {mark}"


def _answer(response: HttpResponse, address: str) -> str:
    if response.status_code in (301, 302):
        to = response["Location"]
        if to == f"/admin/login/?next={quote(address)}":
            return "log in"
        is_ours = to.startswith("/") and not to.startswith(("//", "/admin/login/"))
        return "go" if is_ours else f"{response.status_code} to {to}"
    named = {200: "ok", 403: "refused", 404: "missing", 405: "method"}
    return named.get(response.status_code, str(response.status_code))
