"""The world is built once for the package, inside a transaction that is rolled back at its end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.rights.asking import Asker, askers, unhindered
from tests.rights.demand_world import build_demand
from tests.rights.digest import look_once, rolled_back
from tests.rights.world import World, build_world


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """For tests marked `django_db`: what one of them changes is rolled back behind it."""
    atomic = transaction.atomic()
    # Durable transactions may be opened inside, as in Django's TestCase.
    atomic._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), atomic:
        assert connection.settings_dict["NAME"].startswith("test_"), "mark the module django_db"
        built = build_world()
        build_demand(built)
        look_once()
        yield built
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world: World) -> Iterator[dict[str, Asker]]:
    """A client of the API for each identity, who is never throttled."""
    with rolled_back(), unhindered():
        yield askers(world)
