"""The settings of a server behind a TLS proxy, as a process of its own reads them; and which header is believed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.test import Client, RequestFactory
from gunicorn.config import Config  # type: ignore[import-untyped,unused-ignore]

from config import env
from config import gunicorn as serving
from tests import factories as make
from tests.architecture.source import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgresql://jidan@127.0.0.1/none",
    "REDIS_URL": "redis://127.0.0.1/0",
    "SECRET_KEY": "fifty-characters-that-are-only-here-to-please-the-check-0123456789",
    "FIELD_KEY": "bm90LWEta2V5LW5vdC1hLWtleS1ub3QtYS1rZXkhISE=",
    "BLIND_INDEX_KEY": "none",
    "BEHIND_TLS_PROXY": "yes",
}
_SHOW = """
import json, django, io
from django.conf import settings
from django.core.management import call_command
django.setup()
said = io.StringIO()
try:
    call_command("check", deploy=True, fail_level="WARNING", stdout=said, stderr=said)
    checked = "clean"
except Exception as error:
    checked = str(error)
shown = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
print(json.dumps({**shown, "checked": checked}, default=str))
"""


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", _SHOW],
        cwd=ROOT,
        env={**kept, **PRODUCTION, "DJANGO_SETTINGS_MODULE": "config.settings", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    ended = start(ALLOWED_HOSTS="jidan.example.org")
    loaded: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return loaded


def test_check_of_a_deployment_is_clean(production: dict[str, Any]) -> None:
    assert production["checked"] == "clean"


def test_check_of_a_careless_deployment_is_not() -> None:
    shown = json.loads(start(DEBUG="yes", BEHIND_TLS_PROXY="no").stdout.splitlines()[-1])

    for warning in ("security.W004", "security.W008", "security.W018"):
        assert warning in shown["checked"]


def test_cookies_are_for_this_host_over_tls_only(production: dict[str, Any]) -> None:
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert production[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert production[f"{cookie}_COOKIE_SECURE"] is True
        assert production[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert production[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        # What a name with __Host- asks for.
        assert production[f"{cookie}_COOKIE_PATH"] == "/"
        assert production[f"{cookie}_COOKIE_DOMAIN"] is None


def test_transport_is_tls_for_a_year(production: dict[str, Any]) -> None:
    assert production["SECURE_HSTS_SECONDS"] == 31_536_000
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_connection_to_a_database_that_vanished_is_given_up(production: dict[str, Any]) -> None:
    options = production["DATABASES"]["default"]["OPTIONS"]

    assert (options["connect_timeout"], options["tcp_user_timeout"]) == ("5", "30000")
    assert "statement_timeout=15s" in options["options"]
    assert options["application_name"].startswith("jidan ")


def test_names_and_forms_of_a_server_are_its_own(production: dict[str, Any]) -> None:
    assert production["ALLOWED_HOSTS"] == ["jidan.example.org"]
    assert production["USE_X_FORWARDED_HOST"] is False
    assert production["USE_X_FORWARDED_PORT"] is False
    assert production["DEBUG"] is production["EMBEDDED"] is False
    assert production["LOGGING"]["handlers"]["console"]["formatter"] == "json"
    assert production["METRICS_TOKEN"] == ""


def test_start_without_a_secret_is_refused() -> None:
    ended = start(SECRET_KEY="")

    assert ended.returncode == 1
    assert "SECRET_KEY is not set" in ended.stderr


def test_start_with_a_short_token_for_metrics_is_refused() -> None:
    ended = start(METRICS_TOKEN="short")

    assert ended.returncode == 1
    assert "METRICS_TOKEN must have at least 16 characters." in ended.stderr


def test_cookie_of_a_session_behind_the_proxy_is_taken_and_given_back(
    db: None, settings: LazySettings
) -> None:
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    settings.SESSION_COOKIE_SECURE = True
    make.make_user("wang", password="langes-wort-77", is_staff=True)
    browser = Client()

    answer = browser.post("/admin/login/", {"username": "wang", "password": "langes-wort-77"})

    cookie = answer.cookies["__Host-sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["samesite"]) == (
        True,
        True,
        "/",
        "Lax",
    )
    assert cookie["domain"] == ""
    assert browser.get("/admin/password_change/").status_code == 200


@pytest.mark.parametrize(
    ("is_believed", "given", "is_secure"),
    [(True, "https", True), (True, "http", False), (True, "", False), (False, "https", False)],
)
def test_scheme_is_the_proxys_word_only_where_there_is_one(
    settings: LazySettings, is_believed: bool, given: str, is_secure: bool
) -> None:
    if is_believed:
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"x-forwarded-proto": given} if given else {}

    assert RequestFactory(headers=headers).get("/").is_secure() is is_secure


def test_redirect_to_tls_goes_to_the_host_that_was_asked(settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["jidan.example.org"]
    headers = {"host": "jidan.example.org", "x-forwarded-host": "evil.example"}

    answer = Client().get("/admin/", headers=headers)

    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "https://jidan.example.org/admin/",
    )


@pytest.mark.parametrize(
    "host", ["evil.example", "", "127.0.0.1.evil.example", "testserver:80@evil"]
)
def test_host_that_is_not_ours_is_refused(settings: LazySettings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]

    assert Client().get("/admin/login/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"username": "x" * 1_100_000}, 413),
        ({f"field{number}": "" for number in range(5001)}, 400),
    ],
)
def test_form_that_is_too_large_is_refused(form: dict[str, str], status: int) -> None:
    """Files have limits of their own, of the import that takes them."""
    fields = urlencode(form)
    kind = "application/x-www-form-urlencoded"

    assert Client().post("/admin/login/", fields, content_type=kind).status_code == status


def test_gunicorn_believes_nobody_about_the_scheme() -> None:
    config = Config()
    config.set("forwarded_allow_ips", serving.forwarded_allow_ips)

    assert (config.forwarded_allow_ips, serving.secure_scheme_headers) == ([], {})


@pytest.mark.parametrize(
    ("started", "program"),
    [
        (["/x/gunicorn/__main__.py", "--config", "y"], "web"),
        (["/x/bin/gunicorn"], "web"),
        (["/x/celery/__main__.py", "-A", "config", "worker", "--queues", "a"], "worker"),
        (["/x/bin/celery", "-A", "config", "beat"], "beat"),
        (["manage.py", "migrate"], "migrate"),
        (["/x/bin/pytest"], "pytest"),
    ],
)
def test_connection_says_which_program_it_belongs_to(
    started: list[str], program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", started)

    assert env.program() == program
