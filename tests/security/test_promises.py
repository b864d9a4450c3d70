"""The pages for operators and reviewers name only what there is, and the promises no other test looks at."""

from __future__ import annotations

import re

import pytest

from tests import factories as make
from tests.api.client import Api, signed_in, supplier_client
from tests.architecture.source import ROOT, modules

SECURITY, OPERATIONS = ROOT / "docs/security.md", ROOT / "docs/operations.md"


def test_page_of_promises_names_only_tests_that_there_are() -> None:
    rows = [row for row in SECURITY.read_text("utf-8").splitlines() if row.startswith("| ")][1:]
    named = [re.findall(r"`(test_\w+)`", row) for row in rows]
    there = {function.name for module in modules("tests") for function in module.functions()}

    assert len(rows) > 35
    assert [row for row, tests in zip(rows, named, strict=True) if not tests] == []
    assert {test for tests in named for test in tests} - there == set()


def test_table_of_settings_names_every_variable_that_is_read() -> None:
    pattern = (
        r"(?:env\.(?:text|flag|whole|items|database)\(|environ(?:\.get)?[\[(])\s*\"([A-Z_]+)\""
    )
    read = {name for module in modules("config") for name in re.findall(pattern, module.text)}
    page = OPERATIONS.read_text("utf-8")
    table = page[page.index("## Settings") : page.index("## Health")]

    # Read by the system's own tools, or named by the settings that follow from it.
    assert read - {*re.findall(r"`([A-Z_]+)`", table)} - {"LANG"} == set()
    assert len(read) > 25


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["token", "access_token", "key", "authorization", "auth"])
def test_token_in_the_address_signs_nobody_in(name: str) -> None:
    client = signed_in(make.make_resident(make.make_community()))
    text = str(client.defaults["HTTP_AUTHORIZATION"]).removeprefix("Bearer ")

    assert client.read("me").status_code == 200
    assert Api().get(f"/api/v1/me?{name}={text}").status_code == 401


@pytest.mark.django_db
def test_answers_of_the_api_are_kept_by_no_cache() -> None:
    client = signed_in(make.make_resident(make.make_community()))
    answers = [client.read(path) for path in ("me", "windows", "orders", "me/messages", "nowhere")]
    answers.append(supplier_client(make.make_supplier()).read("supplier/order-files"))
    answers.append(Api().read("me"))

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 404, 200, 401]
    assert [
        a.headers["Cache-Control"] for a in answers if "no-store" not in a.headers["Cache-Control"]
    ] == []


@pytest.mark.django_db
def test_parameter_that_stands_twice_is_refused() -> None:
    client = signed_in(make.make_resident(make.make_community()))

    answer = client.read("windows?limit=1&limit=2")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["limit"])
