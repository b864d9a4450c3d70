"""Log lines: one for each request, tied together by an id, without anything that a stranger could use."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from celery.app.trace import build_tracer
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from django.views.debug import get_exception_reporter_class

from config import celery_app, logs
from config.kernel import jobs
from config.kernel.jobs import Job
from config.logs import requests
from config.logs.lines import JsonLines, PlainLines
from config.logs.reports import MaskedReporter
from config.urls import urlpatterns as _urlpatterns
from tests import factories as make
from tests.api.client import Api, signed_in, supplier_client

PHONE, MASKED = "138 1234 5678", "138****5678"
TOKEN = "0123456789abcdef" * 4


class Log(io.StringIO):
    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == "config.logs.requests"]


@pytest.fixture
def log() -> Iterator[Log]:
    """What a program with LOG_FORMAT=json writes, all levels."""
    stream = Log()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root, own = logging.getLogger(), logging.getLogger("config.logs.requests")
    before = root.level, own.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    own.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])
    own.setLevel(before[1])


def record(
    message: str, *args: object, level: int = logging.INFO, **extra: object
) -> logging.LogRecord:
    return logging.getLogger("x").makeRecord("x", level, "f", 1, message, args, None, extra=extra)


def view(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Logs, then fails with what nobody should read."""
    logging.getLogger("x").info("called for %s", PHONE)
    password = f"pass-{TOKEN}"
    raise RuntimeError(f"Key (phone)=({PHONE}) already exists; Bearer {TOKEN}, {len(password)}")


urlpatterns = [path("failing/<int:number>", view), *_urlpatterns]
handler500 = "config.kernel.api.answers.server_error"


@pytest.mark.django_db
def test_request_writes_one_line_with_route_and_principal(log: Log) -> None:
    user = make.make_resident(make.make_community())
    client, supplier = signed_in(user), make.make_supplier()
    window = "5d2f13c8-1381-4345-8781-138123456781"

    client.get(f"/api/v1/windows/{window}?secret={TOKEN}", headers={"x-request-id": "proxy-0001"})
    supplier_client(supplier).read("supplier/order-files")
    Api().read("me")

    known, by_supplier, unknown = log.requests
    assert {
        name: known[name] for name in known if name not in ("time", "ms", "process", "message")
    } == {
        "level": "INFO",
        "logger": "config.logs.requests",
        "request_id": "proxy-0001",
        "method": "GET",
        "route": "api/v1/windows/<uuid:public_id>",
        "status": 400,
        "principal": f"user:{user.pk}",
        "address": "127.0.0.0/24",
    }
    assert by_supplier["principal"] == f"supplier:{supplier.pk}"
    assert (unknown["status"], unknown["principal"]) == (401, None)
    assert window not in log.getvalue()
    assert TOKEN not in log.getvalue()


@pytest.mark.django_db
def test_page_of_the_console_writes_who_looked(log: Log) -> None:
    user = make.make_user("wang", is_staff=True)
    browser = Client()
    browser.force_login(user)

    browser.get("/admin/desk/?q=张三")
    Client().get("/admin/desk/")

    assert [line["principal"] for line in log.requests] == [f"user:{user.pk}", None]
    assert "张三" not in log.getvalue()


@pytest.mark.django_db
def test_log_in_is_logged_with_its_outcome_and_without_the_name(
    log: Log, settings: LazySettings
) -> None:
    settings.LOG_IN_RATES = {"account": "1/300s", "address": "9/hour"}
    user = make.make_user("wang", password="langes-wort-77", is_staff=True)
    for name, password in (
        ("wang", "langes-wort-77"),
        ("wang", "falsch"),
        ("wang", "langes-wort-77"),
        ("mein-passwort-1", "falsch"),
    ):
        Client().post("/admin/login/", {"username": name, "password": password})

    said = [line for line in log.lines if line["logger"] == "communities.signing_in"]
    assert [line["message"] for line in said] == [
        f"log-in of user:{user.pk} succeeded",
        f"log-in of user:{user.pk} failed",
        f"log-in of user:{user.pk} had to wait",
        "log-in of an unknown name failed",
    ]
    assert [line["request_id"] for line in said] == [line["request_id"] for line in log.requests]
    assert not any(text in log.getvalue() for text in ("wang", "passwort", "wort-77", "falsch"))


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [
        ("a1b2c3d4", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("short", False),
        ("with blank 1234", False),
        ("<script>alert", False),
        ("12345678\u00e4", False),
    ],
)
def test_request_id_is_taken_only_if_it_is_well_formed(
    given: str, is_taken: bool, log: Log
) -> None:
    answer = Client().get("/nowhere", headers={"x-request-id": given})

    used = answer.headers["X-Request-ID"]
    assert (used == given) is is_taken
    assert 8 <= len(used) <= 64
    assert [line["request_id"] for line in log.requests] == [used]


def test_request_ids_of_two_requests_differ(log: Log) -> None:
    first, second = (Client().get("/nowhere").headers["X-Request-ID"] for _turn in range(2))

    assert first != second


def test_address_nobody_routes_is_logged_masked_and_cut(log: Log) -> None:
    Client().get(f"/nowhere/{PHONE}/{TOKEN}/" + "x" * 500)

    [line] = log.requests
    assert (line["route"], line["status"]) == (None, 404)
    assert line["path"] == f"/nowhere/{MASKED}/***/" + "x" * (
        100 - len(f"/nowhere/{PHONE}/{TOKEN}/")
    )


def test_machines_that_ask_all_the_time_fill_no_log(log: Log) -> None:
    Client().get("/healthz")
    Client().get("/static/jidan/desk.css").close()

    assert log.requests == []


@override_settings(ROOT_URLCONF=__name__)
def test_error_is_logged_once_with_the_request_and_without_secrets(log: Log) -> None:
    client = Client(raise_request_exception=False)

    answer = client.get(f"/failing/1?phone={PHONE}", headers={"authorization": f"Bearer {TOKEN}"})

    said, failed, asked = log.lines
    assert said["message"] == f"called for {MASKED}"
    assert (failed["logger"], failed["level"]) == ("django.request", "ERROR")
    assert failed["error"].endswith("RuntimeError: Key (phone)=*** already exists; Bearer ***, 69")
    assert (asked["status"], asked["level"]) == (500, "WARNING")
    assert {line["request_id"] for line in log.lines} == {answer.headers["X-Request-ID"]}
    assert not any(text in log.getvalue() for text in (PHONE, "13812345678", TOKEN))


def test_error_report_of_django_holds_no_secret(settings: LazySettings) -> None:
    request = RequestFactory().post(
        f"/x?phone={PHONE}", {"name": "张三", "comment": PHONE}, headers={"cookie": f"a={TOKEN}"}
    )
    reporter_class: object = get_exception_reporter_class(request)
    assert reporter_class is MaskedReporter
    try:
        view(request)
    except RuntimeError as error:
        reporter = MaskedReporter(request, type(error), error, error.__traceback__)
        reports = [reporter.get_traceback_text(), reporter.get_traceback_html()]

    for report in reports:
        assert "RuntimeError" in report
        assert "FIELD_KEYS" in report
        secrets = (PHONE, "13812345678", TOKEN, "张三", settings.SECRET_KEY, settings.REDIS_URL)
        assert [text for text in secrets if text in report] == []


def test_number_that_could_be_a_phone_is_masked_and_others_stay_numbers() -> None:
    line = json.loads(
        JsonLines().format(record("x", count=3, ms=1.5, phone=13812345678, ok=True, none=None))
    )

    assert (line["count"], line["ms"], line["ok"], line["none"]) == (3, 1.5, True, None)
    assert line["phone"] == MASKED


@pytest.mark.parametrize("form", [JsonLines(), PlainLines()])
def test_message_with_line_breaks_is_one_line(form: logging.Formatter) -> None:
    text = form.format(record("a\nINFO config.logs.requests forged\r\x1b[2Jb\u2028c"))

    assert len(text.splitlines()) == 1
    assert "forged" in text


def test_message_that_is_too_long_is_cut_after_it_is_masked() -> None:
    text = "x" * 3995 + PHONE + "y" * 10_000

    line = json.loads(JsonLines().format(record("%s", text)))

    assert line["message"] == "x" * 3995 + MASKED[:5]


def test_message_with_wrong_arguments_is_logged_all_the_same() -> None:
    assert PlainLines().format(record("%d pieces", "many")) == "INFO x %d pieces"


def test_line_inside_a_task_names_it_and_who_rang(log: Log) -> None:
    """As a worker runs it."""

    @celery_app.task(name="tests.log")
    def speak() -> None:
        logging.getLogger("x").warning("inside")

    tracer = build_tracer(speak.name, speak, app=celery_app)
    tracer("task-1", [], {}, {"id": "task-1", "root_id": "root-1"})
    del celery_app.tasks["tests.log"]

    [line] = [line for line in log.lines if line["logger"] == "x"]
    assert (line["task"], line["task_id"], line["root_id"]) == ("tests.log", "task-1", "root-1")
    assert "request_id" not in line


@pytest.mark.django_db(transaction=True)
def test_job_writes_one_line_when_it_is_done(log: Log) -> None:
    community = make.make_community()
    make.pass_cutoff(make.make_window(community))
    for job_id in jobs.sweep(["orders.close"]):
        jobs.run(job_id)

    [job] = Job.objects.all()
    [line] = [line for line in log.lines if line["logger"] == "config.kernel.jobs"]
    assert line["message"].startswith(f"job {job} done in ")
    assert (line["level"], job.done_at is not None) == ("INFO", True)


@pytest.mark.parametrize(
    ("address", "whole", "logged"),
    [
        ("203.0.113.77", False, "203.0.113.0/24"),
        ("2001:db8:1:2::/64", False, "2001:db8:1::/48"),
        ("unknown", False, "unknown"),
        ("203.0.113.77", True, "203.0.113.77"),
    ],
)
def test_address_is_logged_as_its_network(address: str, whole: bool, logged: str) -> None:
    with override_settings(LOG_WHOLE_ADDRESSES=whole):
        assert requests.logged_address(address) == logged


def test_slow_request_is_a_warning(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "SLOW_MS", 0)

    Client().get("/healthz")

    assert [line["level"] for line in log.requests] == ["WARNING"]


@pytest.mark.parametrize(
    ("name", "text"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "LOUD"), ("LOG_FORMAT", "")]
)
def test_form_of_the_log_that_is_none_stops_the_start(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(ImproperlyConfigured, match=f"{name} must be one of"):
        logs.from_environment()


@pytest.mark.parametrize(("embedded", "form"), [("1", "line"), ("", "json"), ("no", "json")])
def test_log_is_json_outside_the_embedded_mode(
    embedded: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOG_FORMAT", raising=False)
    monkeypatch.setenv("JIDAN_EMBEDDED", embedded or "no")

    assert logs.from_environment()["handlers"]["console"]["formatter"] == form
