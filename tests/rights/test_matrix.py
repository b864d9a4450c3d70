"""Every address × method × identity × object, answered as tests/rights/expectations.py says.

A success that writes is rolled back; all other requests of a route must leave every table as it was, and a refusal must
have the same bytes for something foreign as for something that does not exist.
"""

from __future__ import annotations

from itertools import product

import pytest

from tests.rights.asking import Asker
from tests.rights.cells import Matrix, cells
from tests.rights.expectations import HERE, ROWS, Audience, audience_of
from tests.rights.identities import KINDS, Kind
from tests.rights.routes import METHODS
from tests.rights.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def matrix(world: World, clients: dict[str, Asker]) -> Matrix:
    return Matrix(world, clients)


ROUTES = sorted({row.route for row in ROWS})


@pytest.mark.parametrize("route", ROUTES)
def test_route_answers_everybody_as_expected(matrix: Matrix, route: str) -> None:
    wrong = matrix.judge(route)

    assert not wrong, "\n".join([f"{len(wrong)} cells are not as {HERE} says:", *wrong[:20]])


@pytest.mark.parametrize("route", ROUTES)
def test_route_is_tried_by_everybody_with_every_method(matrix: Matrix, route: str) -> None:
    """Where nobody signs in, by some of each kind."""
    tried = {(cell.method, cell.identity) for cell in cells(route, matrix.world)}
    everybody = {name for _method, name in tried}

    assert tried == set(product(METHODS, everybody))
    assert {KINDS[name] for name in everybody} == set(Kind)
    assert everybody == set(KINDS) or audience_of(route) == Audience.EVERYBODY


def test_every_cell_was_judged(matrix: Matrix) -> None:
    for route in set(ROUTES) - matrix.judged.keys():
        matrix.judge(route)
    every = {route: len(cells(route, matrix.world)) for route in ROUTES}

    assert matrix.judged == every
    assert sum(every.values()) > 6000
