"""Checkpoints do nothing unless a test of crashes names one."""

from __future__ import annotations

import os
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


def test_reach_of_an_armed_point_stops_one_process_and_says_which(
    settings: Settings, tmp_path: Path
) -> None:
    settings.CHECKPOINT = f"*@{tmp_path}"
    (tmp_path / "worked orders.close").touch()
    threads = [
        threading.Thread(target=reach, args=["worked orders.close"], daemon=True) for _ in range(3)
    ]

    reach("worked orders.files")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=0.2)

    assert [path.name for path in tmp_path.iterdir()] == [
        f"worked orders.close stands {os.getpid()}"
    ]
    assert [thread.is_alive() for thread in threads].count(True) == 1


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
