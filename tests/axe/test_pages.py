"""axe finds nothing serious or critical on the console and on the residents' page; nothing is wider than a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpResponse, HttpResponseBase
from django.template import Template
from django.template.utils import get_app_template_dirs
from django.test import Client
from django.test.signals import template_rendered

from communities.models import User
from communities.roles import Role
from communities.tokens import issue_token
from config.settings import BASE_DIR
from orders.models import Offer
from tests import factories as make
from tests.axe.looking import HOST, Looking, looking
from tests.rights.console_pages import Page, pages
from tests.rights.console_rules import JOINT, NO_TARGET, OWN
from tests.rights.console_world import Console, build_console
from tests.rights.demand_world import build_demand
from tests.rights.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
# Lists, forms and pasts of records are one template each: these stand for all, with every form that has a template of
# its own. AXE=all looks at every one.
EVERYTHING = os.environ.get("AXE") == "all"
RECORDS = {
    *("admin:communities_household_changelist", "admin:communities_user_changelist"),
    *("admin:suppliers_product_changelist", "admin:orders_order_changelist"),
    *("admin:kernel_auditentry_changelist", "admin:app_list/communities"),
    *("admin:communities_household_change", "admin:communities_user_add"),
    *("admin:communities_membership_change", "admin:communities_resident_change"),
    *("admin:suppliers_supplier_change", "admin:orders_orderwindow_change"),
    *("admin:orders_supplierorder_change", "admin:orders_order_history"),
}
# Every other template of ours is on one of those pages.
IN_STATES = {
    *("desk/decide.html", "desk/entry_home.html", "desk/entry_hidden.html", "desk/entry_read.html"),
    *("phone/page.html", "phone/me.html", "phone/me_words.html"),
    *("phone/needs.html", "phone/needs_words.html"),
    *("404.html", "failed.html", "403.html", "desk/refused.html"),
}
# What an act answers with, in the frame of the others; other failures; the page to try the API.
NOWHERE = {
    *("400.html", "403_csrf.html", "500.html", "imports/failed.html", "imports/result.html"),
    *("imports/waiting.html", "desk/call.html", "desk/call_state.html", "desk/phone.html"),
    *("desk/address_phone.html", "desk/lists_groups.html", "desk/menu_text.html"),
    *("admin/secret.html", "kernel/api/docs.html"),
}
# Whoever sees most of it first.
_KEPT = ("authorization", "idempotency-key", "accept-language", "accept")
VISITORS = ("organiser_here", "officer_north", "admin", "anonymous", "organiser_there")


@pytest.fixture(scope="module")
def console(shared_db: None) -> Console:
    with connection.cursor() as cursor:
        # While axe judges, the database waits; a busy machine may take long.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    world = build_world()
    build_demand(world)
    return build_console(world)


@pytest.fixture(scope="module")
def looker(console: Console) -> Iterator[Looking]:
    with looking() as one:
        yield one


def is_looked_at(page: Page) -> bool:
    is_form = page.name.startswith("admin:") and page.name.endswith(
        ("_add", "_change", "_history", "_delete", "_changelist")
    )
    is_list = page.name.startswith("admin:app_list/")
    return EVERYTHING or not (is_form or is_list) or page.name in RECORDS


def own_templates() -> set[str]:
    folders = [path for path in get_app_template_dirs("templates") if BASE_DIR in path.parents]
    own = [path for path in folders if ".venv" not in path.relative_to(BASE_DIR).parts]
    return {str(file.relative_to(path)) for path in own for file in path.rglob("*.html")}


def answered(console: Console, address: str, shown: set[str]) -> HttpResponseBase | None:
    """A page as the first sees it who may; its templates go to `shown`."""
    for name in VISITORS:
        shown.clear()
        given = console.browsers[name].look(address)
        if given.status_code == 200:
            return given if "text/html" in given.get("Content-Type", "") else None
    return None


def test_pages_of_the_console_have_no_serious_findings(console: Console, looker: Looking) -> None:
    found, names, now, shown = [], [], set[str](), set[str]()

    def note(template: Template, **_signal: object) -> None:
        now.add(str(template.name))

    template_rendered.connect(note)
    for page in filter(is_looked_at, pages()):
        target = JOINT if page.name == "desk:joined" else OWN if page.parts else NO_TARGET
        address = page.address(console, target)
        if given := answered(console, address, now):
            shown |= now
            found += looker.look(given, address, page.name, console.browsers["admin"].look)
            names.append(page.name)
    template_rendered.disconnect(note)
    assert found == []
    assert looker.said == []
    assert {"admin:login", "admin:orders_order_changelist", "desk:window", "setup:homes"} <= {
        *names
    }
    assert own_templates() - shown == IN_STATES | NOWHERE
    assert len(names) >= 75


def test_states_of_a_round_have_no_serious_findings(console: Console, looker: Looking) -> None:
    """What the desk shows from draft to cancellation, and what a call looks like until it is saved."""
    organiser, windows = console.browsers["organiser_here"], console.world.windows
    look, found = partial(looker.look, others=organiser.look), []
    for name in ("draft", "ready", "open", "held", "closed", "cancelled"):
        shown = windows[f"home_{name}"].public_id
        for rest in ("", "offers/", "entry/") if name in ("draft", "open") else ("",):
            address = f"/admin/desk/{shown}/{rest}"
            found += look(organiser.look(address), address, f"{name} {rest}")
    window = windows["home_open"]
    home = make.household(window.community, "104").public_id
    entry = f"/admin/desk/{window.public_id}/entry/"
    call = organiser.look(entry, {"home": home})
    found += look(call, entry, "entry of a home")
    form = {
        "home": home,
        "step": "read",
        "road": "phone",
        "asked_by": "household",
        "payer": "household",
    }
    for lines in ("1*2", "1*x 99"):
        read = organiser.ask("POST", entry, {**form, "lines": lines, "once": "a" * 32})
        found += look(read, entry, f"entry {lines}")
    new = "/admin/desk/new/"
    found += look(organiser.ask("POST", new, {}), new, "new, refused")
    assert looker.said == []
    refusals = ("/admin/desk/nowhere/", "/admin/desk/setup/new/", "/admin/kernel/job/")
    for address in refusals:
        found += look(organiser.look(address), address, f"refused {address}")
    assert found == []
    assert [said[-15:] for said in looker.said] == ["404 (Not Found)", *["403 (Forbidden)"] * 2]
    looker.said.clear()


def test_states_of_the_phone_page_have_no_serious_findings(
    console: Console, looker: Looking
) -> None:
    phone = OnPhone(looker)
    phone.at("join", "#ABCD-EFGH-JK")
    phone.at("by phone", "", "[data-do=by-phone]")
    world, page = console.world, looker.page
    resident, window = world.people["resident"], world.windows["home_open"]
    page.evaluate(
        "token => localStorage.setItem('jidan.token', JSON.stringify(token))", issued(resident)
    )
    phone.at("windows")
    phone.at("menu", f"#/windows/{window.public_id}", ".offer .steps button:last-child")
    phone.tap("review", "[data-do=review]")
    phone.is_down = True
    phone.tap("unsure", "button.main")
    phone.is_down = False
    phone.tap("thanks", "[data-do=again]")
    Offer.objects.filter(window=window).update(cap=F("taken") + 2, taken=F("taken") + 2)
    phone.at("wait", f"#/windows/{window.public_id}", "[data-do=wait]:visible")
    phone.tap("in line", "button.main[data-do=wait]")
    phone.tap("place", "a[data-slot=waits]:visible")
    phone.tap("leave", "[data-do=leave]")
    phone.at("orders", "#/orders")
    phone.tap("order", ".card:has(.chip:not(.amber))")
    phone.tap("receipt", "[data-do=receipt]")
    phone.tap("cancel", "[data-do=cancel]")
    phone.at("inbox", "#/inbox")
    phone.at("me", "#/me")
    phone.tap("home", "a.card.go b")
    phone.tap("leave a home", "[data-do=leave]")
    phone.at("person", "#/me/person", "[data-do=send-code] button")
    phone.at("agreed", "#/me/agreed")
    phone.at("mail", "#/me/mail")
    phone.is_down = True
    phone.at("trouble", "#/orders")
    phone.is_down = False
    second = make.household(window.community, "104")
    make.grant(resident, Role.RESIDENT, window.community, household=second)
    phone.at("for whom", "", "[data-do=larger]", f"a.card[href*='{window.public_id}']")
    phone.tap("menu in large type", "button.home")
    phone.tap("menu in English", "a[lang=en]", "a.card")
    assert phone.found == []
    assert [text for text in looker.said if "503" not in text] == []


class OnPhone:
    """A telephone at the residents' page. `is_down`: the server answers nothing but that it cannot."""

    def __init__(self, looker: Looking) -> None:
        self.looker, self.found, self.is_down = looker, list[str](), False
        self.client = Client(raise_request_exception=False)
        looker.answer = self.ask

    def at(self, name: str, place: str = "", *taps: str) -> None:
        self.looker.page.goto(f"{HOST}/m/{place}")
        self.looker.page.reload()
        self.tap(name, *taps)

    def tap(self, name: str, *taps: str) -> None:
        page = self.looker.page
        for tap in (*taps, ""):
            page.wait_for_selector("body:not(.waiting) #view h1", state="attached")
            if tap:
                page.locator(tap).first.click()
        self.found += self.looker.judge(f"phone {name}")

    def ask(
        self, address: str, method: str, headers: dict[str, str], body: bytes
    ) -> HttpResponseBase:
        if self.is_down and "/api/" in address:
            return HttpResponse("{}", status=503, content_type="application/json")
        kept = {name: headers[name] for name in _KEPT if name in headers}
        kind = headers.get("content-type", "application/octet-stream")
        return self.client.generic(method, address, body, content_type=kind, headers=kept)


def issued(resident: User) -> str:
    with transaction.atomic():
        return issue_token(user=resident, actor=make.SETUP)
