"""Fixtures that every test may use."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker

from tests.database import django_db_modify_db_settings
from tests.jobs import run_all
from tests.rights.digest import rolled_back
from tests.static_files import look_once

__all__ = ["django_db_modify_db_settings"]

# The same examples in every run; HYPOTHESIS_PROFILE=searching looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.register_profile("searching")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

look_once()

# What takes longest or mostly waits; begun last, it would end alone. A file is done by one worker.
_FIRST = (
    "tests/flows/test_demo.py",
    "tests/axe/",
    "tests/fuzz/",
    "tests/embedded/test_up.py",
    "tests/rights/test_matrix.py",
    "tests/rights/test_console_pages.py",
    # Together: a worker that left the folder in between would build their world once more.
    "tests/rights/",
    "tests/faults/",
    "tests/concurrency/",
    "tests/embedded/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of _FIRST; the rest behind them as they were collected."""

    def turn(item: pytest.Item) -> int:
        places = (n for n, start in enumerate(_FIRST) if item.nodeid.startswith(start))
        return next(places, len(_FIRST))

    items.sort(key=turn)


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """No test is throttled by another."""
    cache.clear()
    with translation.override("zh-hans"):
        yield


@pytest.fixture(scope="module")
def shared_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a module's fixtures make inside is there for all of its tests, and gone behind the last.

    Only where every test of the module is marked `django_db` and none of them transactional.
    """
    with django_db_blocker.unblock(), rolled_back():
        yield


@pytest.fixture
def run_jobs(transactional_db: None) -> Callable[[], None]:
    """Call it to do all background work in this process: sweep and run until nothing is left to do."""
    return run_all
