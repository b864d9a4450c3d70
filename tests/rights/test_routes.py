"""Nothing is forgotten: each address, method and identity has an expectation, and each expectation an address."""

from __future__ import annotations

import pytest

from tests.rights.asking import Asker
from tests.rights.expectations import HERE, ROWS, Audience, audience_of
from tests.rights.identities import KINDS
from tests.rights.routes import described, schema, served

# Served, but about the API or a client of it rather than part of it.
NOT_DESCRIBED = {"/", "/m/", "/healthz", "/readyz", "/metrics", "/api/v1/schema", "/api/v1/docs"}


def test_schema_and_resolver_know_the_same_routes() -> None:
    addresses = {
        route: methods for route, methods in served().items() if route not in NOT_DESCRIBED
    }

    assert addresses == described()


@pytest.mark.parametrize(
    ("method", "route"),
    [(method, route) for route, methods in served().items() for method in sorted(methods)],
)
def test_route_has_an_expectation(method: str, route: str) -> None:
    rows = [row for row in ROWS if (row.method, row.route) == (method, route)]

    assert len(rows) == 1, f"{method} {route}: write one Row for it in {HERE}"


def test_expectation_has_a_route() -> None:
    told = {(row.method, row.route) for row in ROWS}

    assert told == {(method, route) for route, methods in served().items() for method in methods}


def test_schema_names_the_audience_that_is_expected() -> None:
    schemes: dict[Audience, list[dict[str, list[str]]]] = {
        Audience.EVERYBODY: [{}],
        Audience.ACCOUNTS: [{"residentToken": []}],
        Audience.SUPPLIERS: [{"supplierKey": []}],
    }
    for route, operations in schema()["paths"].items():
        for method, operation in operations.items():
            assert operation["security"] == schemes[audience_of(route)], (method, route)


@pytest.mark.django_db
def test_identity_has_an_expectation(clients: dict[str, Asker]) -> None:
    missing = clients.keys() ^ KINDS.keys()

    assert not missing, f"{sorted(missing)}: write in tests/rights/identities.py how far each gets"
