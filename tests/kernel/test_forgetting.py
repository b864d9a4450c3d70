"""What is forgotten: the list, its table, and a rule that fails."""

from __future__ import annotations

import re

import pytest

from config.kernel import clock, forgetting
from config.kernel.forgetting import Rule
from tests.architecture.source import ROOT


@pytest.fixture
def of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "_rules", {})


def test_table_of_the_operations_shows_every_rule_as_it_is() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = text.split("<!-- forgetting -->")[1].split("<!-- end -->")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)[2:]

    assert rows == [(rule.what, rule.when) for rule in forgetting.rules()]


@pytest.mark.django_db
@pytest.mark.usefixtures("of_its_own")
def test_rule_that_fails_holds_up_no_other_and_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ran = []

    def fail(_now: object) -> int:
        raise ValueError("broken")

    def count(_now: object) -> int:
        ran.append(1)
        return 3

    forgetting.register(Rule("bad", "", "", fail), Rule("good", "", "", count))

    with pytest.raises(ValueError, match="broken"):
        forgetting.run(now=clock.now())

    assert ran == [1]
    assert [record.getMessage() for record in caplog.records] == ["bad was not forgotten"]
