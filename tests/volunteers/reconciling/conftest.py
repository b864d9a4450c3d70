"""One committed round for a module: reconciling opens transactions of its own, and playing a round takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from pytest_django.plugin import DjangoDbBlocker

from orders.files.reading import read_back, read_difference
from tests.database import empty
from tests.volunteers.reconciling.rounds import Round, open_round, play_to_second_revision
from volunteers.reconciling import papers, sheets
from volunteers.sheets.reading import read_picks


@pytest.fixture(scope="module", autouse=True)
def _each_file_is_read_back_once() -> Iterator[None]:
    """The round is compared some sixty times, and its files are the same bytes nearly always."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "read_picks", cache(read_picks))
        patch.setattr(papers, "read_back", cache(read_back))
        patch.setattr(papers, "read_difference", cache(read_difference))
        yield


@pytest.fixture(scope="module")
def transactional_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The name is pytest-django's: a test database is made only where a mark or this name is seen."""
    with django_db_blocker.unblock():
        yield
        empty()


@pytest.fixture(scope="module")
def played(transactional_db: None) -> Round:
    """A test that changes it mends it, or is the last of its module."""
    made = open_round()
    play_to_second_revision(made)
    return made
