"""What a hand-made question to the lists of the console gives away: filters, searches, orders, pop-ups, choices.

Asked by an organiser at home; nothing of `far` or `sister` may be in any answer, and no answer may depend on a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.utils.http import urlencode

from communities.models import Resident
from config.kernel.audit import AuditEntry
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from suppliers.models import SupplierKey
from tests.rights.console_browser import text_of
from tests.rights.console_pages import pages
from tests.rights.console_world import Console, build_console
from tests.rights.digest import changed, digest, look_once, rolled_back
from tests.rights.test_console_pages import EVERYTHING
from tests.rights.world import World
from tests.volunteers.desk.pages import offences
from volunteers.models import PickListFile

pytestmark = pytest.mark.django_db
ASKER = "organiser_here"
MODELS = [model for model in admin.site._registry if model not in (Job, OutboxMessage)]
# What each list asks by its own filters; every other question is refused.
FILTERS = {
    "building": {"community"},
    "addressrule": {"community", "kind"},
    "household": {"community", "building", "needs_care", "has_smartphone", "is_active"},
    "resident": {"is_contact", "left_at"},
    "user": {"is_staff", "is_active"},
    "membership": {"role", "community"},
    "supplier": {"kind", "is_active"},
    "product": {"supplier", "category", "is_active"},
    "orderwindow": {"status", "community", "supplier"},
    "order": {"status", "community", "window", "channel"},
    "supplierorder": {"status", "supplier"},
    "picklist": {"status", "window", "community", "building"},
    "auditentry": {"subject_kind"},
}
SECRETS = {
    *("password", "digest", "secret_hash", "session_data"),
    *("phone_index", "phone_encrypted", "phone_confirmed", "phone_closed"),
}
HOW = ("startswith", "gt", "regex", "in", "contains", "year")
ROW = re.compile(r'href="/admin/\w+/\w+/(\d+)/change/')


@pytest.fixture(scope="module")
def console(world: World) -> Iterator[Console]:
    with rolled_back():
        built = build_console(world)
        look_once()
        yield built


def _list(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def _columns(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


def _ways(model: type[Model], depth: int = 3) -> Iterator[str]:
    """Look-ups that lead to a secret, along relations in both directions."""
    for field in model._meta.get_fields():
        if field.name in SECRETS:
            yield field.name
        related = field.related_model
        if depth > 1 and isinstance(related, type):
            yield from (f"{field.name}__{way}" for way in _ways(related, depth - 1))


def _faults(console: Console, address: str, *, expected: int = 200) -> list[str]:
    response = console.browsers[ASKER].look(address)
    faults = console.leaks(ASKER, address, text_of(response))
    if response.status_code != expected:
        faults.append(f"answers {response.status_code}")
    return [f"{address}: {fault}" for fault in (*faults, *offences(response))]


@pytest.mark.parametrize("model", MODELS)
def test_question_about_any_other_column_is_refused(console: Console, model: type[Model]) -> None:
    """Who may count the rows whose hash begins with a letter can spell it out."""
    before, asked = digest(), FILTERS.get(str(model._meta.model_name), set())
    hidden = sorted(set(_ways(model)))
    questions = [
        *((name, "1") for name in _columns(model) if name not in asked),
        *((f"{name}__{how}", "a") for name, how in zip(_columns(model), cycle(HOW), strict=False)),
        *((f"{way}__startswith", "a") for way in hidden),
        *(("pk", "1"), ("pk__in", "1,2"), ("id__gt", "1"), ("nothing", "1")),
    ]

    wrong = [
        fault
        for name, value in questions
        for fault in _faults(console, f"{_list(model)}?{urlencode({name: value})}", expected=400)
    ]

    assert wrong == []
    assert hidden or model is AuditEntry
    assert not changed(before, digest())


@pytest.mark.parametrize("model", MODELS)
def test_own_filters_with_foreign_values_show_nothing_foreign(
    console: Console, model: type[Model]
) -> None:
    foreign = {
        "community": console.world.communities["far"].pk,
        "building": console.world.communities["far"].buildings.get().pk,
        "supplier": console.world.suppliers["baker"].pk,
        "window": console.world.windows["far_released"].pk,
    }

    for name in FILTERS.get(str(model._meta.model_name), set()) & foreign.keys():
        address = f"{_list(model)}?{name}__id__exact={foreign[name]}"
        assert _faults(console, address) == []


@pytest.mark.parametrize("model", MODELS)
def test_order_page_and_popup_of_a_list_show_nothing_foreign(
    console: Console, model: type[Model]
) -> None:
    questions = ["o=-2.1&p=x", "o=99.９", "o=abc&_popup=1&_to_field=id", "_facets=True&all="]

    wrong = [
        fault for question in questions for fault in _faults(console, f"{_list(model)}?{question}")
    ]

    assert wrong == []


@pytest.mark.parametrize("model", MODELS)
def test_row_is_named_by_its_key_alone(console: Console, model: type[Model]) -> None:
    """`_to_field` would let the value of any column choose a row: is there an account with this hash?"""
    row = console.things["own"][model]
    names = [name for name in _columns(model) if name != "id"]

    wrong = [
        fault
        for name in names
        for fault in _faults(
            console, f"{_list(model)}{row.pk}/change/?_to_field={name}", expected=400
        )
    ]

    assert wrong == []


@pytest.mark.parametrize("model", [model for model in MODELS if model is not AuditEntry])
def test_search_finds_no_secret_and_nothing_foreign(console: Console, model: type[Model]) -> None:
    resident = Resident.objects.filter(household__community__name="小区-home").first()
    assert resident is not None
    key = SupplierKey.objects.get(supplier__short_name="corner")
    texts = [
        *(resident.phone_index, "138000", key.secret_hash),
        *("far居民", "baker", "organiser_there"),
    ]
    for text in texts:
        address = f"{_list(model)}?{urlencode({'q': text})}"
        answer = text_of(console.browsers[ASKER].look(address))
        assert ROW.findall(answer) == [], address
        assert [leak for leak in console.leaks(ASKER, address, answer) if leak not in text] == []


@pytest.mark.parametrize("name", ["admin", "anonymous"])
def test_choices_as_one_types_are_for_nobody(console: Console, name: str) -> None:
    """The admin would answer for every foreign key of every model, offered by a form or not."""
    asked = 0
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, ForeignKey):
                names = {
                    "app_label": model._meta.app_label,
                    "model_name": str(model._meta.model_name),
                }
                query = urlencode({**names, "field_name": column.name, "term": "\0"})
                response = console.browsers[name].look(f"/admin/autocomplete/?{query}")
                assert response.status_code == 404, query
                asked += 1
    assert asked > 50


def test_nothing_is_done_to_many_rows_at_once(console: Console) -> None:
    before, browser = digest(), console.browsers["admin"]

    for model in admin.site._registry:
        pks = list(model._default_manager.values_list("pk", flat=True))
        many = {"action": "delete_selected", "_selected_action": pks, "select_across": "1"}
        browser.post(_list(model), {**many, "index": "0", "post": "yes"})
        edited = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": pks[0]}
        edits = {"form-0-status": "cancelled", "form-0-is_active": "", "_save": "1"}
        browser.post(_list(model), {**edited, **edits})

    assert not changed(before, digest())


ODD = ("0", "-1", "%00", "０", "0%20", "_5F", "%2e%2e", "9" * 30, "9" * 5000, "1' OR '1'='1", "🍚")


def test_address_of_nothing_that_could_be_is_refused_or_missing(console: Console) -> None:
    """Numbers too large for a column, signs that no column takes: an answer, never an error of ours. One of them for
    each page; RIGHTS=all tries all.
    """
    before = digest()

    for number, page in enumerate(page for page in pages() if page.parts):
        for odd in ODD if EVERYTHING else (ODD[number % len(ODD)],):
            address = re.sub(r"<(?:\w+:)?\w+>", odd, f"/{page.route}")
            for method in ("GET", "POST"):
                status = console.browsers[ASKER].ask(method, address).status_code
                assert status in (302, 403, 404, 405), (method, address[:80], status)
    assert not changed(before, digest())


def test_round_bought_together_shows_no_doors_of_the_others(console: Console) -> None:
    """`home` leads, `far` joined: sums of both on the desk, but orders, phones and lists only of one's own."""
    world, browser = console.world, console.browsers[ASKER]
    for name in ("joint_home", "joint_released"):
        window = f"/admin/desk/{world.windows[name].public_id}/"
        there = Resident.objects.filter(household__community=world.communities["far"])
        sheets = PickListFile.objects.filter(
            pick_list__window=world.windows[name],
            pick_list__community=world.communities["far"],
        )
        foreign = [
            f"{window}orders/{world.orders[f'{name}/far/101'].public_id}/",
            *(f"{window}sheets/{sheet.public_id}/" for sheet in sheets),
        ]
        before = digest()
        for address in foreign:
            assert browser.look(address).status_code == 404, address
        asked = browser.ask("POST", f"{window}phone/", {"resident": there[0].pk})
        assert asked.status_code == 404
        assert browser.ask("POST", foreign[0], {"reason": "理由"}).status_code == 404
        assert not changed(before, digest())
        for part in ("", "orders/", "past/", "progress/"):
            assert not _doors(console, text_of(browser.look(f"{window}{part}"))), (name, part)
        for other in ("organiser_there", "officer_south"):
            assert console.browsers[other].look(window).status_code == 404


def _doors(console: Console, text: str) -> list[str]:
    """What names a home of `far`: residents, notes, orders, lists."""
    words = [word for word in console.world.private["far"] if "居民" in word]
    return [mark for mark in (*words, "备注-far", *console.marks["far"]) if mark in text]
