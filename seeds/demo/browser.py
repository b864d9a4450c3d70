"""What a browser does with pages of forms: keep cookies, fill fields in, press a button. No scripts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

from seeds.demo.failing import DemoFailed
from seeds.demo.sessions import direct

_SECONDS = 20
_TICKS = ("checkbox", "radio")


class NoSuchForm(DemoFailed):
    """The page does not offer what the person wants to press."""


class Refused(DemoFailed):
    """The server answered with an error page."""


@dataclass(slots=True)
class Form:
    """`fields` as the page shows them, hidden ones included; several of one name are one list."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The forms and links of a page; addresses are absolute, `links` maps them to their texts."""

    def __init__(self, url: str, text: str) -> None:
        super().__init__()
        self.url = url
        self.text = text
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._link = ""
        self._form: Form | None = None
        self._select = ""
        self.feed(text)

    def form(self, ending: str, *, having: str = "") -> Form:
        """The form whose address ends so, and that has such a field. Raises NoSuchForm."""
        for form in self.forms:
            if urlsplit(form.action).path.endswith(ending) and having in ("", *form.fields):
                return form
        raise NoSuchForm(f"{ending} {having} on {self.url} {self.complaints}")

    @property
    def complaints(self) -> str:
        """What the page says is wrong."""
        return " ".join(re.findall(r'class="error">([^<]*)<', self.text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self._link = urljoin(self.url, given["href"])
            self.links.setdefault(self._link, "")
        elif tag == "form":
            address = urljoin(self.url, given.get("action") or self.url)
            self._form = Form(address)
            self.forms.append(self._form)
        elif self._form is not None:
            self._take(self._form, tag, given)

    def handle_data(self, data: str) -> None:
        if self._link:
            self.links[self._link] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "a":
            self._link = ""

    def _take(self, form: Form, tag: str, given: Mapping[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            chosen = form.fields.setdefault(self._select, [given.get("value", "")])
            if "selected" in given:
                chosen[:] = [given.get("value", "")]
        elif tag == "textarea" and name:
            form.fields.setdefault(name, [""])
        elif tag == "input" and name:
            is_tick = given.get("type") in _TICKS
            if not is_tick or "checked" in given:
                value = given.get("value", "on" if is_tick else "")
                form.fields.setdefault(name, []).append(value)


class Browser:
    """One person's session. `posts` counts the buttons pressed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.posts = 0
        self._session = direct()

    def sign_in(self, username: str, password: str) -> Page:
        """Through the console's own page. Raises Refused."""
        page = self.get("/admin/login/?next=/admin/desk/")
        page = self.press(
            page.form("/admin/login/", having="password"), username=username, password=password
        )
        if "/login/" in page.url:
            raise Refused(f"{username} cannot sign in")
        return page

    def get(self, path: str) -> Page:
        return self._page(self._fetch(urljoin(self.address, path)))

    def download(self, url: str) -> requests.Response:
        """Raises Refused."""
        answer = self._fetch(url)
        _check(answer)
        return answer

    def press(self, form: Form, **filled: str | Iterable[str]) -> Page:
        """Send a form with what the person filled in; the page it leads to. Raises Refused."""
        fields = {**form.fields, **{name: _texts(value) for name, value in filled.items()}}
        self.posts += 1
        headers = {"Referer": form.action}
        answer = self._session.post(form.action, data=fields, headers=headers, timeout=_SECONDS)
        return self._page(answer)

    def _fetch(self, url: str) -> requests.Response:
        try:
            return self._session.get(url, timeout=_SECONDS)
        except requests.ConnectionError:  # kept alive by us, closed by the server just now
            return self._session.get(url, timeout=_SECONDS)

    def _page(self, answer: requests.Response) -> Page:
        _check(answer)
        return Page(answer.url, answer.text)


def _texts(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _check(answer: requests.Response) -> None:
    if not answer.ok:
        raise Refused(f"{answer.status_code} for {answer.url}: {answer.text[:300]}")
