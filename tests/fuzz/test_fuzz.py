"""A short campaign, and the control: a check that could not fail would be none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from orders.models import Order
from tests.fuzz import campaign
from tests.fuzz.server import serving
from tests.fuzz.world import make_world

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]


@pytest.fixture(scope="module")
def url(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("web") / "log") as url:
        yield url


def test_every_case_of_the_schema_is_answered_as_the_schema_says(url: str, tmp_path: Path) -> None:
    world = make_world()
    before = Order.objects.count()

    outcome = campaign.run(world, url=url, folder=tmp_path, examples=2, seed=20220421, timeout=200)

    assert (outcome.failures, outcome.complete) == (0, True), outcome.text
    operations = yaml.safe_load(campaign.SCHEMA.read_text(encoding="utf-8"))["paths"].values()
    assert outcome.operations == sum(len(methods) for methods in operations)
    assert outcome.cases >= 300
    # It got past the doors: valid requests were served, and somebody really ordered.
    assert outcome.accepted >= 40
    assert Order.objects.count() > before


def test_a_schema_that_lies_is_found_out(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = yaml.safe_load(campaign.SCHEMA.read_text(encoding="utf-8"))
    told["components"]["schemas"]["Me"]["properties"]["name"] = {"type": "integer"}
    told["paths"] = {"/api/v1/me": told["paths"]["/api/v1/me"]}
    lie = tmp_path / "openapi.yaml"
    lie.write_text(yaml.safe_dump(told), encoding="utf-8")
    monkeypatch.setattr(campaign, "SCHEMA", lie)

    outcome = campaign.run(make_world(), url=url, folder=tmp_path, examples=1, seed=1, timeout=100)

    assert outcome.failures >= 1
    assert not outcome.complete
