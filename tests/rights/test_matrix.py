"""Every address × method × identity × object, answered as tests/rights/expectations.py says.

A success that writes is rolled back; all other requests of a route must leave every table as it was, and a refusal must
have the same bytes for something foreign as for something that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from tests.rights.asking import askers, unhindered
from tests.rights.cells import Matrix, cells
from tests.rights.digest import rolled_back
from tests.rights.expectations import HERE, ROWS
from tests.rights.identities import KINDS
from tests.rights.routes import METHODS
from tests.rights.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]


@pytest.fixture(scope="module")
def matrix(world: World) -> Iterator[Matrix]:
    with rolled_back(), unhindered():
        yield Matrix(world, askers(world))


ROUTES = sorted({row.route for row in ROWS})


@pytest.mark.parametrize("route", ROUTES)
def test_route_answers_everybody_as_expected(matrix: Matrix, route: str) -> None:
    wrong = matrix.judge(route)

    assert not wrong, "\n".join([f"{len(wrong)} cells are not as {HERE} says:", *wrong[:20]])


@pytest.mark.parametrize("route", ROUTES)
def test_route_is_tried_by_everybody_with_every_method(matrix: Matrix, route: str) -> None:
    tried = {(cell.method, cell.identity) for cell in cells(route, matrix.world)}

    assert tried == set(product(METHODS, KINDS))


def test_every_cell_was_judged(matrix: Matrix) -> None:
    for route in set(ROUTES) - matrix.judged.keys():
        matrix.judge(route)
    every = {route: len(list(cells(route, matrix.world))) for route in ROUTES}

    assert matrix.judged == every
    assert sum(every.values()) > 7000
