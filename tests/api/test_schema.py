"""The schema tells the truth, and the page that shows it works under the strict policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import URLResolver
from drf_spectacular.validation import validate_schema

from config.urls import api
from orders.models import Offer
from orders.windows.limits import set_category_limit
from tests import factories as make
from tests.api.client import Api, prepare, release, signed_in, supplier_client, wish

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
# Nobody has an account yet, and answers hold secrets, which are kept nowhere: a claim makes a repeat harmless.
WITHOUT_A_KEY = {
    "/api/v1/auth/code",
    "/api/v1/auth/token",
    "/api/v1/auth/mini-program",
    "/api/v1/me",
    "/api/v1/me/mini-program",
    "/api/v1/me/phone",
    "/api/v1/me/phone/code",
    "/api/v1/join",
    "/api/v1/join/{public_id}",
    "/api/v1/join/{public_id}/withdraw",
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))
    return document


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def test_schema_committed_is_the_one_generated(tmp_path: Path) -> None:
    """`manage.py spectacular --lang en --file docs/openapi.yaml` writes it anew."""
    fresh = tmp_path / "openapi.yaml"

    call_command("spectacular", fail_on_warn=True, validate=True, lang="en", file=str(fresh))

    assert fresh.read_text(encoding="utf-8") == COMMITTED.read_text(encoding="utf-8")


def test_schema_is_served_in_english_to_everybody(schema: dict[str, Any]) -> None:
    for language in ("zh-hans", "en"):
        answer = Client().get(
            "/api/v1/schema",
            headers={"accept": "application/vnd.oai.openapi", "accept-language": language},
        )
        assert answer.status_code == 200
        assert yaml.safe_load(answer.content) == schema
    validate_schema(schema)  # type: ignore[no-untyped-call]


def test_schema_knows_every_route(schema: dict[str, Any]) -> None:
    routes = [
        inner for entry in api if isinstance(entry, URLResolver) for inner in entry.url_patterns
    ]

    assert len(routes) == len(schema["paths"])


def test_every_operation_names_its_refusals(schema: dict[str, Any]) -> None:
    for method, path, operation in operations(schema):
        refusals = {code for code in operation["responses"] if code >= "400"}
        assert {"400", "401", "406", "429", "500", "503"} <= refusals, path
        for code in refusals - {"414"}:
            content = operation["responses"][code]["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Error"}
        headers = {p["name"]: p for p in operation.get("parameters", []) if p["in"] == "header"}
        keyed = method != "GET" and path not in WITHOUT_A_KEY
        assert ("Idempotency-Key" in headers) == keyed, path
        assert ("422" in refusals) == keyed
        if keyed:
            assert headers["Idempotency-Key"]["required"]
        if method != "GET":
            assert {"409", "411", "413", "415"} <= refusals
        if "{" in path:
            assert "404" in refusals


def test_every_operation_says_who_may_call_it(schema: dict[str, Any]) -> None:
    for _method, path, operation in operations(schema):
        scheme = "supplierKey" if "/supplier/" in path else "residentToken"
        is_open = path == "/api/v1/consents" or (path in WITHOUT_A_KEY and "/me" not in path)
        assert operation["security"] == [{} if is_open else {scheme: []}], path
    assert set(schema["components"]["securitySchemes"]) == {"residentToken", "supplierKey"}


def matches(value: Any, shape: dict[str, Any], schema: dict[str, Any]) -> None:
    """Members exactly as described: none missing, none that the schema does not know."""
    if "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    if "allOf" in shape:
        if value is None:
            assert shape["nullable"]
            return None
        return matches(value, shape["allOf"][0], schema)
    if value is None:
        assert shape.get("nullable"), shape
    elif shape["type"] == "array":
        assert value
        for item in value:
            matches(item, shape["items"], schema)
    elif "properties" in shape:
        assert set(value) == set(shape["properties"])
        for name, member in value.items():
            matches(member, shape["properties"][name], schema)
    else:
        kinds = {"string": str, "integer": int, "boolean": bool, "object": dict}
        assert type(value) is kinds[shape["type"]], (value, shape)
        assert value in shape.get("enum", [value])
    return None


@pytest.mark.django_db
def test_answers_have_the_shapes_described(schema: dict[str, Any]) -> None:
    community = make.make_community()
    organiser, supplier = make.make_staff(community), make.make_supplier(community)
    before = make.make_window(community, organiser=organiser, supplier=supplier)
    make.order(before, make.household(community), 2)
    supplier.products.update(category="蔬菜")
    window = make.make_window(
        community,
        organiser=organiser,
        supplier=supplier,
        offers=[{"cap": 9}, {"cap": 2}],
        state="draft",
        minimum_measure="fen",
        minimum=1,
    )
    with transaction.atomic():
        set_category_limit(window=window, category="蔬菜", household_limit=9, actor=make.SETUP)
    make.open_now(window)
    resident, program = signed_in(make.make_resident(community)), supplier_client(supplier)

    def check(client: Api, path: str, route: str, body: Any = None, status: str = "200") -> Any:
        answer = client.read(path) if body is None else client.send(path, body)
        method = "get" if body is None else "post"
        assert str(answer.status_code) == status, answer.content
        content = schema["paths"][f"/api/v1/{route}"][method]["responses"][status]["content"]
        matches(answer.json(), content["application/json"]["schema"], schema)
        return answer.json()

    path = f"windows/{window.public_id}"
    order = check(
        resident, f"{path}/orders", "windows/{public_id}/orders", wish(window, 1, 2), "201"
    )
    check(resident, "me", "me")
    check(resident, "windows", "windows")
    check(resident, path, "windows/{public_id}")
    check(resident, f"{path}/orders", "windows/{public_id}/orders")
    check(resident, "orders", "orders")
    check(resident, f"orders/{order['id']}", "orders/{public_id}")
    check(resident, f"orders/{order['id']}/receipt", "orders/{public_id}/receipt")
    gone = make.offers_of(window)[1]
    Offer.objects.filter(pk=gone.pk).update(cap=3, taken=3)
    gone_path = f"{path}/offers/{gone.public_id}/wait"
    wanted = {"quantity": 1, "expected_total_fen": gone.price_fen}
    waits = check(resident, gone_path, "windows/{public_id}/offers/{offer_id}/wait", wanted, "201")
    check(resident, path, "windows/{public_id}")
    check(resident, "waiting", "waiting")
    check(resident, f"waiting/{waits['id']}", "waiting/{public_id}")
    check(resident, f"waiting/{waits['id']}/leave", "waiting/{public_id}/leave", {})
    check(resident, f"{path}/suggestion", "windows/{public_id}/suggestion")
    check(resident, "orders/none-such", "orders/{public_id}", status="404")
    cancelled = resident.send(f"{path}/orders", wish(window, 1)).json()
    check(resident, f"orders/{cancelled['id']}/cancel", "orders/{public_id}/cancel", {})
    number = release(prepare(window), organiser).number
    check(program, "supplier/order-files", "supplier/order-files")
    route = "supplier/orders/{number}/acknowledge"
    check(program, route.format(number=number), route, {"revision": 1})
    check(program, route.format(number=number), route, {"revision": "1"}, "400")


def test_docs_page_has_no_script_or_style_of_its_own() -> None:
    answer = Client().get("/api/v1/docs")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"] + ";"
    assert page.count("<script") == page.count("<script src=") == 2
    assert "<style" not in page
    assert "style=" not in page
    assert "javascript:" not in page
