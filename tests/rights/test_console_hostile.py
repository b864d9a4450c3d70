"""Every page with hostile data in every column of text: nothing of it becomes part of the page, nothing breaks."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, TextField
from django.http import HttpResponse

from communities.models import JoinRequest
from communities.states import JoinStatus
from config.kernel.audit import AuditEntry
from config.kernel.intake.models import Import, ImportRow
from orders.models import WindowTemplate
from tests.rights.console_browser import Browser, text_of
from tests.rights.console_forms import FORMS, names_of, sheet_of
from tests.rights.console_pages import PAGES, pages
from tests.rights.console_rules import OWN, WHO
from tests.rights.console_world import Console, build_console
from tests.rights.digest import rolled_back
from tests.rights.world import World
from tests.volunteers.desk.pages import offences

pytestmark = pytest.mark.django_db
MARKUP = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}{%x%}&lt;"
# Right-to-left, an emoji, signs of formulas, also full-width; then as much as fits, or ten thousand.
SIGNS = "=\u202e😀＝＋－＠+-@\u200f\u2028;|%s%(x)s{x}\\" + "长" * 10_000
# Codes and keys of the program: no person writes them.
CODES = {
    *("path", "zone", "sort_key", "sha256", "format", "media_type", "kind", "stage", "topic"),
    *("subject_kind", "actor_kind", "created_by_kind", "confirmed_by_kind", "result_kind"),
    *("error_code", "prefix", "secret_hash", "digest", "token_key", "password", "key"),
    *(
        "claim",
        "nonce",
        "consent",
        "version",
        "phone_index",
        "phone_confirmed",
        "phone_closed",
        "session_key",
        "principal",
        "verdict",
        "app_label",
        "model",
        "app",
        "domain",
    ),
}


@pytest.fixture(scope="module")
def console(world: World) -> Iterator[Console]:
    with rolled_back():
        yield build_console(world)


def poison(text: str) -> None:
    """Into every column that is not a choice or a code; each value ends in the row's id, for many must be unique."""
    # What was decided has forgotten who asked; the database sees to it.
    JoinRequest.objects.exclude(status=JoinStatus.WAITING).delete()
    # And a template names a category where it asks for one.
    WindowTemplate.objects.update(goods=WindowTemplate.Goods.CATEGORY, category="x")
    for model in apps.get_models():
        if model._meta.app_label in ("sessions", "contenttypes", "auth", "admin", "knox"):
            continue
        parts = {
            field.column: f"left(%s, {min(field.max_length or 10_010, 10_010) - 9}) || "
            f'"{model._meta.pk.column}"'
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField)
            and not field.choices
            and field.name not in CODES
            and (field.max_length or 99) > 9
        }
        if parts:
            columns = ", ".join(f'"{column}" = {value}' for column, value in parts.items())
            with connection.cursor() as cursor:
                table = model._meta.db_table
                cursor.execute(f'UPDATE "{table}" SET {columns}', [text] * len(parts))  # noqa: S608 -- our own names
    AuditEntry.objects.update(data={"reason": text, "fields": [text], "name": text})
    # As many columns as the widest of them has.
    Import.objects.update(header=[text] * 12, notes=[])
    ImportRow.objects.update(cells=[text] * 12, mended={"name": text, "unit": text})


def _faults(response: HttpResponse) -> list[str]:
    """What a strict policy would refuse, and what of MARKUP stands in the page as markup."""
    text = text_of(response)
    if not response["Content-Type"].startswith("text/html"):
        return [] if response["X-Content-Type-Options"] == "nosniff" else ["may be sniffed"]
    raw = [piece for piece in ("<img src=x", "<script>alert", "\"'>", "{%x%}&lt;") if piece in text]
    found = [f"answers {response.status_code}"] if response.status_code != 200 else []
    found += [] if "'unsafe" not in response["Content-Security-Policy"] else ["weak policy"]
    return [*found, *raw, *offences(response)]


def _seen(response: HttpResponse) -> bool:
    return "src=x onerror" in html.unescape(text_of(response)) or "😀＝" in text_of(response)


def _requests(console: Console, *methods: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What a superuser is shown: every page, also after its form was sent empty, and rounds in every state."""
    for page in pages():
        for method in methods:
            if PAGES[page.name](WHO["admin"], method, OWN).startswith("ok"):
                yield method, page.address(console, OWN), page.form(console, OWN)
    for name, window in console.world.windows.items():
        if name.startswith("home_"):
            yield "GET", f"/admin/desk/{window.public_id}/", {}


@pytest.mark.parametrize(("text", "methods"), [(MARKUP, ("GET", "POST")), (SIGNS, ("GET",))])
def test_page_with_hostile_data_shows_it_as_text(
    console: Console, text: str, methods: tuple[str, ...]
) -> None:
    with rolled_back():
        poison(text)
        wrong, seen = [], 0
        for method, address, form in _requests(console, *methods):
            with rolled_back():
                response = console.browsers["admin"].ask(method, address, form)
            seen += _seen(response)
            wrong += [f"{method} {address}: {fault}" for fault in _faults(response)]

    assert wrong == []
    assert seen > 60


def test_answer_to_hostile_input_shows_it_as_text(console: Console) -> None:
    """Searches, addresses and forms that come back with what was typed."""
    with rolled_back():
        wrong, seen = [], 0
        for address, response in _echoes(console):
            seen += _seen(response)
            allowed = {"answers 400", "answers 404"}
            wrong += [f"{address}: {fault}" for fault in _faults(response) if fault not in allowed]

    assert wrong == []
    assert seen > 30


def _echoes(console: Console) -> Iterator[tuple[str, HttpResponse]]:
    admin, names = console.browsers["admin"], names_of(console) | {"fresh": 1}
    lists = [page.address(console, OWN) for page in pages() if page.name.endswith("_changelist")]
    window, upload = (
        f"/admin/desk/{names['released']}/",
        f"/admin/desk/imports/{names['import_id']}/",
    )
    for address in lists:
        yield address, admin.look(address, {"q": MARKUP, "o": MARKUP})
    for address in (f"{window}orders/", f"{window}past/", upload, "/admin/desk/"):
        yield address, admin.look(address, dict.fromkeys(("q", "page", "next", "show"), MARKUP))
    for address in (
        f"/admin/{MARKUP}/",
        f"/admin/desk/{MARKUP}",
        f"/admin/communities/user/{MARKUP}/change/",
    ):
        yield address, admin.look("/", PATH_INFO=address)
    yield from _filled(admin, names)
    yield "log-in", Browser().look("/admin/login/", {"next": MARKUP})
    yield "log-in", Browser().ask("POST", "/admin/login/", {"username": MARKUP, "password": MARKUP})


def _filled(admin: Browser, names: dict[str, Any]) -> Iterator[tuple[str, HttpResponse]]:
    """Every form with markup wherever something can be typed."""
    for form in FORMS.values():
        address = form.address.format(**names)
        shown = sheet_of(text_of(admin.look(address)))
        kept = {name for name in shown.controls if name.endswith("_FORMS") or name == "once"}
        if shown.controls:
            typed = dict.fromkeys(shown.controls.keys() - kept, MARKUP)
            with rolled_back():
                response = admin.ask("POST", address, {**shown.fill(), **typed})
            if response.status_code == 200:
                yield address, response


def test_markup_that_is_not_escaped_is_found() -> None:
    """The control: this is what the tests above look for."""
    headers = {"Content-Security-Policy": "default-src 'none'"}

    for safe, unsafe in ((html.escape(MARKUP), MARKUP), (SIGNS, MARKUP[:20])):
        assert _faults(HttpResponse(f"<p>{safe}</p>", headers=headers)) == []
        assert _faults(HttpResponse(f"<p>{unsafe}</p>", headers=headers)) != []
