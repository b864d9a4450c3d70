"""What several of these tests need."""

from __future__ import annotations

import pytest

from tests.security.places import Places, make_places


@pytest.fixture
def places(db: None) -> Places:
    return make_places()
