"""What every answer tells the browser: every page of every address, found or not, allowed or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path

from config.headers import CONTENT_SECURITY_POLICY
from config.urls import urlpatterns as _urlpatterns
from tests.security.places import Places

EXPECTED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def wrong_headers(response: Any) -> dict[str, str | None]:
    given = {name: response.headers.get(name) for name in EXPECTED}
    return {name: text for name, text in given.items() if text != EXPECTED[name]}


class Inline(HTMLParser):
    """What the policy would refuse: scripts and styles inside the page, handlers, addresses that are programs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_data = given.get("type", "").endswith("json")
        self._script = tag == "script" and "src" not in given and not is_data
        self.found += [
            f"<{tag} {name}=" for name in given if name == "style" or name.startswith("on")
        ]
        self.found += [
            f"<{tag} {v[:20]}>" for v in given.values() if v.lower().startswith("javascript:")
        ]
        if tag == "style" or self._script:
            self.found.append(f"<{tag}>")


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address that is routed, with something in place of what is asked for."""
    for entry in resolver.url_patterns:
        here = before + _filled(str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


def _filled(pattern: str) -> str:
    stands_for = {"uuid": str(uuid4()), "int": "1", "slug": "x-1", "path": "1", "str": "auth"}
    text = re.sub(r"<(?:(\w+):)?\w+>", lambda m: stands_for[m[1] or "str"], pattern)
    text = re.sub(r"\(\?P<\w+>[^)]*\)", "auth", text)
    return re.sub(r"[\^$\\]|\.\*$|\(\?P<url>.*", "", text)


def test_answer_of_every_address_carries_the_policy(places: Places) -> None:
    found = sorted(set(addresses(get_resolver())))
    nobody = Client(raise_request_exception=False)
    answers = {
        **{f"get {address}": nobody.get(address) for address in found},
        **{
            f"post {address}": nobody.post(address) for address in found if "/admin/" not in address
        },
        **{
            f"root {address}": places.root.get(address)
            for address in found
            if "/auth" not in address
        },
    }

    assert {what: bad for what, answer in answers.items() if (bad := wrong_headers(answer))} == {}
    assert {200, 302, 401, 403, 404, 405} <= {answer.status_code for answer in answers.values()}
    assert len(found) > 130


def test_page_of_every_kind_holds_nothing_inline(places: Places) -> None:
    pages = places.pages()

    assert {address: bad for address, text in pages.items() if (bad := Inline(text).found)} == {}
    assert {*places.of_desk(), "/api/v1/docs", "/admin/orders/orderwindow/"} <= pages.keys()
    assert len(pages) > 60


def test_inline_parser_sees_every_way_to_cheat() -> None:
    page = (
        '<p style="x">a</p><b onclick="x()">b</b><style>x</style><script>x()</script>'
        '<a href="javascript:x()">c</a><script src="/x.js"></script><script type="application/json">{}</script>'
    )

    assert len(Inline(page).found) == 5


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["jidan/desk.css", "jidan/mark.svg", "admin/js/theme.js"])
def test_static_file_carries_the_policy(name: str) -> None:
    assert finders.find(name)

    response = Client().get(f"{settings.STATIC_URL}{name}")
    response.close()

    assert (response.status_code, wrong_headers(response)) == (200, {})
    assert "Access-Control-Allow-Origin" not in response.headers


def test_refused_host_carries_the_policy() -> None:
    response = Client().get("/", headers={"host": "evil.example"})

    assert (response.status_code, wrong_headers(response)) == (400, {})


def _break(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


urlpatterns = [path("broken", _break), path("api/v1/broken", _break), *_urlpatterns]
handler500 = "config.kernel.api.answers.server_error"


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("address", ["/broken", "/api/v1/broken"])
@pytest.mark.parametrize("debug", [False, True])
def test_error_of_ours_carries_the_policy(address: str, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        response = Client(raise_request_exception=False).get(address)

    assert (response.status_code, wrong_headers(response)) == (500, {})


@override_settings(ROOT_URLCONF=__name__)
def test_page_of_an_error_says_its_number_and_nothing_else() -> None:
    browser = Client(headers={"accept-language": "zh-CN"}, raise_request_exception=False)

    response = browser.get("/broken")

    page = response.content.decode()
    assert "系统出错了，请再试一次。" in page
    assert f"X-Request-ID {response.headers['X-Request-ID']}" in page
    assert "RuntimeError" not in page
    assert Inline(page).found == []


def test_policy_allows_nothing_inline_and_nobody_elses_frame() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))

    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert (rules["default-src"], rules["script-src"], rules["style-src"]) == (
        "'none'",
        "'self'",
        "'self'",
    )
    assert (rules["frame-ancestors"], rules["base-uri"], rules["form-action"]) == (
        "'none'",
        "'none'",
        "'self'",
    )


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "rot13", "idna"])
def test_form_in_a_charset_that_nobody_sends_is_refused_as_a_page(charset: str) -> None:
    """The page of the refusal has no form: the token of one would have to be read out of this very request."""
    browser = Client(raise_request_exception=False)
    browser.cookies["csrftoken"] = "a" * 32

    response = browser.generic(
        "POST",
        "/admin/login/",
        b"a=1",
        content_type=f"application/x-www-form-urlencoded; charset={charset}",
    )

    assert response.status_code == 400
    assert "csrfmiddlewaretoken" not in response.content.decode()
