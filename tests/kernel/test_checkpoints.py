"""Checkpoints do nothing unless a test of crashes names one."""

from __future__ import annotations

import threading
from pathlib import Path

from pytest_django import Settings

from config.kernel.checkpoints import reach


def test_reach_goes_on_in_production() -> None:
    reach("worked orders.close")


def test_reach_of_another_point_goes_on(settings: Settings, tmp_path: Path) -> None:
    settings.CHECKPOINT = f"answered@{tmp_path / 'reached'}"

    reach("worked orders.close")

    assert list(tmp_path.iterdir()) == []


def test_reach_of_the_named_point_says_so_and_stands_still(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "reached"
    settings.CHECKPOINT = f"worked orders.close@{path}"
    thread = threading.Thread(target=reach, args=["worked orders.close"], daemon=True)

    thread.start()
    thread.join(timeout=0.2)

    assert path.read_text(encoding="utf-8") == "worked orders.close"
    assert thread.is_alive()
