"""Every form posted with every column there is: only what the form shows is taken, and only one's own rows."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from suppliers.models import Product
from tests.rights.console_browser import text_of
from tests.rights.console_form import Form
from tests.rights.console_forms import (
    FOREIGN_ROWS,
    FORMS,
    Sheet,
    everything,
    names_of,
    sheet_of,
)
from tests.rights.console_pages import pages
from tests.rights.console_rules import OWN
from tests.rights.console_world import Console, build_console
from tests.rights.digest import Rows, changed, digest, rolled_back, rows, written
from tests.rights.test_console_pages import EVERYTHING
from tests.rights.world import World

ODD = (
    *("\0", "9" * 30, "9" * 5000, "x" * 9000, "-1", "1e400", "NaN", "0x1F", "\u0661", "１"),
    *("=1+1", "\u202e", "9999-12-31T23:59", "0000-00-00", "Asia", "{{}}", " "),
)
pytestmark = pytest.mark.django_db
# Different each time, whatever is posted.
VOLATILE = {
    *("id", "public_id", "at", "created_at", "created", "started_at", "date_joined", "expiry"),
    *("password", "path"),
    *("digest", "token_key", "prefix", "secret_hash", "subject_id", "data", "key", "body"),
    *("invited_at", "open_until"),
    *("placed_at", "wished_at", "called_at", "asked_at"),
    *("phone_encrypted", "token_encrypted", "opens_at", "closes_at", "used_at", "token_id"),
    *("request_hash", "event_key", "payload", "available_at", "held_until", "extended_at"),
}


@dataclass
class Desk:
    console: Console
    names: dict[str, Any]
    before: Rows
    _sheets: dict[str, Sheet] = field(default_factory=dict)

    def sheet(self, form: Form, address: str) -> Sheet:
        """The form as its page shows it; nothing has changed since it was read first."""
        if address not in self._sheets:
            page = self.console.browsers[form.person].look(address)
            self._sheets[address] = sheet_of(text_of(page))
        return self._sheets[address]

    def send(self, form: Form, more: dict[str, str] | None = None) -> HttpResponse:
        """As a browser does: what the page shows, what the person types, and then whatever else."""
        address = form.address.format(**self.names)
        shown = self.sheet(form, address)
        typed = {name: value.format(**self.names) for name, value in form.typed.items()}
        rest = {name: value for name, value in (more or {}).items() if name not in shown.controls}
        data = {**rest, **shown.fill(), **_inlines(shown.fill(), rest), **typed}
        return self.console.browsers[form.person].ask("POST", address, data)


def _inlines(shown: dict[str, str], rest: dict[str, str]) -> dict[str, str]:
    """One more row below, and other values for those that are there, in each list of rows that a page has."""
    data: dict[str, str] = {}
    for name, value in shown.items():
        if rest and name.endswith("-TOTAL_FORMS"):
            prefix, count = name.removesuffix("-TOTAL_FORMS"), int(value)
            data[name] = str(count + 1)
            for row in range(count + 1):
                data |= {f"{prefix}-{row}-{column}": text for column, text in rest.items()}
                data[f"{prefix}-{row}-DELETE"] = "on"
    return data


@pytest.fixture(scope="module")
def desk(world: World) -> Iterator[Desk]:
    with rolled_back():
        console = build_console(world)
        shop = world.suppliers["shop"]
        fresh = Product.objects.create(supplier=shop, name="新到", unit="个", price_fen=100)
        yield Desk(console, {**names_of(console), "fresh": fresh.pk}, rows())


def _effect(desk: Desk, form: Form, more: dict[str, str] | None = None) -> tuple[Any, Any]:
    """Table → columns that changed, and the new rows without what is different each time; rolled back."""
    before = desk.before
    with rolled_back():
        response = desk.send(form, more)
        after = rows()
    assert response.status_code in (200, 302), (form.address, response.status_code)
    fresh = {table: now.keys() - before[table].keys() for table, now in after.items()}
    made = {
        table: [_lasting(after[table][key], fresh) for key in sorted(keys, key=str)]
        for table, keys in fresh.items()
        if keys
    }
    return written(before, after), made


def _lasting(row: Mapping[str, Any], fresh: Mapping[str, Set[int | str]]) -> dict[str, Any]:
    """A new row without what is different each time; ids of other new rows are just that."""

    def is_new(name: str, value: Any) -> bool:
        kind = name.removesuffix("_id")
        return kind != name and any(
            value in keys for table, keys in fresh.items() if table.endswith(kind)
        )

    return {
        name: "new" if is_new(name, value) else value
        for name, value in row.items()
        if name not in VOLATILE
    }


@pytest.mark.parametrize("name", FORMS)
def test_form_takes_only_what_it_shows(desk: Desk, name: str) -> None:
    form, columns = FORMS[name], everything(desk.console)
    assert {"is_superuser", "is_staff", "community_id", "status", "total_fen"} <= columns.keys()

    changes, made = _effect(desk, form)
    changes_with_all, made_with_all = _effect(desk, form, columns)

    expected = {table: {*names.split()} for table, names in form.writes.items()}
    assert changes == {**expected, "kernel_auditentry": {"+"}}
    assert changes_with_all == changes
    assert made_with_all == made


@pytest.mark.parametrize("name", FORMS)
def test_form_shows_only_what_it_may(desk: Desk, name: str) -> None:
    """Rows below a form are there to be read: of them it has ids, and how many there are."""
    controls = desk.sheet(FORMS[name], FORMS[name].address.format(**desk.names)).controls
    own = {control for control in controls if "-" not in control} - {"csrfmiddlewaretoken"}

    assert own == {*FORMS[name].shows.split()}
    assert all(
        control.endswith("_FORMS") or re.fullmatch(r"\w+-\d+-(id|household|user|supplier)", control)
        for control in controls.keys() - own - {"csrfmiddlewaretoken"}
    )


def test_upload_takes_only_the_file(desk: Desk) -> None:
    """The supplier is that of the address."""
    columns = {name: value for name, value in everything(desk.console).items() if name != "file"}
    own = desk.console.things["own"]
    address = f"/admin/desk/suppliers/{own['supplier_id']}/catalogue/"
    before = desk.before

    for more in ({}, columns):
        with rolled_back():
            file = SimpleUploadedFile("new.csv", "商品名称,单位,价格\n蛋,斤,1\n".encode())
            data = {**more, "file": file}
            desk.console.browsers["organiser_here"].ask("POST", address, data)
            after = rows()
        assert written(before, after) == {
            table: {"+"} for table in ("kernel_import", "kernel_importfile", "kernel_auditentry")
        }
        (key,) = after["kernel_import"].keys() - before["kernel_import"].keys()
        made = after["kernel_import"][key]
        assert made["subject_id"] == desk.names["supplier"]
        assert (made["status"], made["attempt"], made["kind"]) == ("uploaded", 1, "catalogue")


@pytest.mark.parametrize(
    ("name", "control", "value"),
    [
        (name, control, value)
        for name, controls in FOREIGN_ROWS.items()
        for control, values in controls.items()
        for value in values
    ],
)
def test_form_refuses_rows_of_others(desk: Desk, name: str, control: str, value: str) -> None:
    form, before = FORMS[name], digest()

    response = desk.send(replace(form, typed={**form.typed, control: value}))

    assert response.status_code in (200, 302, 404)
    assert not changed(before, digest())


@pytest.mark.parametrize("name", FORMS)
def test_form_with_an_odd_value_is_answered(desk: Desk, name: str) -> None:
    """What no column takes, in each control in turn: a sentence on the page, never an error of ours. RIGHTS=all tries
    every odd value everywhere.
    """
    form = FORMS[name]
    controls = [*desk.sheet(form, form.address.format(**desk.names)).controls, *form.typed]
    for control in sorted(set(controls) - {"csrfmiddlewaretoken"}):
        draw = zlib.crc32(f"{name} {control}".encode()) % len(ODD)
        for odd in ODD if EVERYTHING else (ODD[draw],):
            with rolled_back():
                response = desk.send(replace(form, typed={**form.typed, control: odd}))
            assert response.status_code in (200, 302, 404), (control, odd[:20])


@pytest.mark.parametrize("value", ["{far_household}", "0", "", "x", "-1", "9" * 400])
def test_resident_of_a_foreign_household_is_not_added(desk: Desk, value: str) -> None:
    far = desk.console.world.communities["far"].households.order_by("pk")[0].pk
    address = f"/admin/communities/resident/add/?household={value.format(far_household=far)}"
    before = digest()

    response = desk.console.browsers["organiser_here"].ask("POST", address, {"name": "新人"})

    assert response.status_code == 302
    assert not changed(before, digest())


@pytest.mark.parametrize("person", ["organiser_here", "committee_here", "officer_north"])
def test_choices_of_every_form_are_ones_own_rows(desk: Desk, person: str) -> None:
    """Each page that makes something new, as each of those who may: no choice names a foreign row."""
    related = {
        "parent": "communities/region",
        "region": "communities/region",
        "community": "communities/community",
        "building": "communities/building",
        "supplier": "suppliers/supplier",
    }
    strange = {"organiser_here": {"sister", "far"}, "committee_here": {"sister", "far"}}
    marks = {mark for place in strange.get(person, {"far"}) for mark in desk.console.marks[place]}
    seen = 0
    for page in pages():
        if not page.name.endswith(("_add", "desk:new")):
            continue
        address = page.address(desk.console, OWN)
        shown = sheet_of(text_of(desk.console.browsers[person].look(address)))
        for name, model in related.items():
            for value in shown.choices.get(name, []):
                seen += bool(value)
                assert f"/admin/{model}/{value}/" not in marks, (address, name, value)
    assert seen > 5
