"""One committed round for a module: reconciling opens transactions of its own, and playing a round takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.database import empty
from tests.volunteers.reconciling.rounds import Round, open_round, play_to_second_revision


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Round]:
    """A test that changes it mends it, or is the last of its module."""
    with django_db_blocker.unblock():
        made = open_round()
        play_to_second_revision(made)
        yield made
        empty()
