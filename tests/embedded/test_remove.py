from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from config.embedded import AlreadyRunning, Servers, environment
from config.embedded.catalogues import compile_catalogues
from config.embedded.remove import remove_homes

Start = Callable[[], Servers]


def test_remove_deletes_homes_and_the_folders_they_link_to(home: Path, var_dir: Path) -> None:
    with tempfile.TemporaryDirectory() as elsewhere:
        kept = Path(elsewhere, "data")
        kept.mkdir()
        (var_dir / "test").mkdir()
        (var_dir / "test/embedded").symlink_to(kept)
        (var_dir / "other").mkdir()

        assert remove_homes(var_dir) == [home, kept]

        assert not kept.exists()
        assert [path.name for path in sorted(var_dir.rglob("*"))] == ["other", "test"]
        assert remove_homes(var_dir) == []


def test_remove_while_servers_run_refuses_and_deletes_nothing(start: Start, var_dir: Path) -> None:
    servers = start()

    with pytest.raises(AlreadyRunning):
        remove_homes(var_dir)

    assert environment(var_dir) == servers.environment


def test_compile_catalogues_writes_only_what_is_newer(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text('msgid "Window"\nmsgstr "团购"\n', encoding="utf-8")

    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert "团购".encode() in (folder / "django.mo").read_bytes()
    assert compile_catalogues(tmp_path) == []
