"""Addresses and forms of the desk, as a browser knows them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.contrib.messages import get_messages
from django.test import Client

from orders.models import OrderWindow

DESK = "/admin/desk/"


def at(window: OrderWindow, rest: str = "") -> str:
    return f"{DESK}{window.public_id}/{rest}"


def do(client: Client, window: OrderWindow, action: str, **fields: Any) -> Any:
    return client.post(at(window, f"do/{action}/"), fields)


def told(response: Any) -> list[str]:
    """The sentences the person reads on the next page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


class _Strict(HTMLParser):
    """Collects what a strict Content-Security-Policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        for name, value in names.items():
            if name == "style" or name.startswith("on") or (value or "").startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag == "style" or (
            tag == "script" and "src" not in names and names.get("type") != "application/json"
        ):
            self.found.append(f"<{tag}>")
        for name in ("src", "href", "action"):
            if (names.get(name) or "").startswith(("http:", "https:", "//")):
                self.found.append(f"<{tag} {name}={names[name]!r}>")


def offences(response: Any) -> list[str]:
    """Inline scripts, styles and handlers, and addresses of other hosts, in a rendered page."""
    parser = _Strict()
    parser.feed(response.content.decode())
    return parser.found
