from collections.abc import Iterator

import pytest

from tests.kernel.intake.toys import toys_known


@pytest.fixture
def toys(db: None) -> Iterator[None]:
    with toys_known():
        yield
