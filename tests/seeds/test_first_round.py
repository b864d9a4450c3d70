"""The round that `make run` plays once, and what it tells at the end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pytest_django import Settings

from communities.models import Community
from seeds.demo.first_round import address, play_first_round, tell_log_ins
from seeds.demo.timeline import Timeline
from seeds.wanping import credentials
from seeds.wanping.credentials import Credentials
from tests import factories as make


@pytest.fixture(autouse=True)
def _on_loopback(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = tmp_path
    settings.EMBEDDED = True
    monkeypatch.setenv("WEB_HOST", "127.0.0.1")
    monkeypatch.setenv("WEB_PORT", "8123")


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.mark.django_db(transaction=True)
def test_play_first_round_where_a_community_exists_does_nothing(out: io.StringIO) -> None:
    make.make_community()

    play_first_round(Timeline(out), seed=1)

    assert Community.objects.count() == 1
    assert out.getvalue() == ""


@pytest.mark.django_db(transaction=True)
def test_play_first_round_where_other_machines_get_in_seeds_nothing(
    out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_HOST", "::")

    play_first_round(Timeline(out), seed=1)

    assert not Community.objects.exists()
    assert len(out.getvalue().splitlines()) == 1


def test_tell_log_ins_of_a_seeded_clone_tells_the_password(
    out: io.StringIO, tmp_path: Path
) -> None:
    known = Credentials(supplier_key="jd_a_b", password="abcd-efgh-ijkm")
    credentials.save(tmp_path / credentials.FILE_NAME, known)

    tell_log_ins(Timeline(out))

    assert "http://127.0.0.1:8123/admin/desk/" in out.getvalue()
    assert "organiser" in out.getvalue()
    assert "abcd-efgh-ijkm" in out.getvalue()
    assert "jd_a_b" not in out.getvalue()


@pytest.mark.parametrize("known", [None, Credentials(supplier_key="jd_a_b")])
def test_tell_log_ins_without_any_tells_addresses_only(
    out: io.StringIO, tmp_path: Path, known: Credentials | None
) -> None:
    if known is not None:
        credentials.save(tmp_path / credentials.FILE_NAME, known)

    tell_log_ins(Timeline(out))

    assert len(out.getvalue().splitlines()) == 2


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("", "http://127.0.0.1:8123"),
        ("::", "http://[::1]:8123"),
        ("::1", "http://[::1]:8123"),
        ("localhost", "http://localhost:8123"),
        ("192.168.1.5", "http://192.168.1.5:8123"),
    ],
)
def test_address_is_one_that_this_machine_reaches(
    monkeypatch: pytest.MonkeyPatch, host: str, expected: str
) -> None:
    monkeypatch.setenv("WEB_HOST", host)

    assert address() == expected
