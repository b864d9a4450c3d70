"""Which addresses there are: from the resolver of the URLs, and from docs/openapi.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# The console has its own matrix; everything below its address is there.
CONSOLE = "/admin/"
_SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


@cache
def served() -> dict[str, frozenset[str]]:
    """Every address outside the console → the methods its view implements: `/api/v1/orders/{public_id}` → GET, PUT."""
    found = {"/" + route: pattern for route, pattern in _walk(get_resolver().url_patterns, "")}
    return {
        route: implemented(pattern.callback)
        for route, pattern in found.items()
        if not route.startswith(CONSOLE)
    }


def _walk(patterns: Iterable[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in patterns:
        if not isinstance(entry.pattern, RoutePattern):
            # The console's own catch-all is the only one.
            assert before.startswith(CONSOLE[1:]), f"{before}{entry.pattern}: write it with path()"
            continue
        route = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, route)
        else:
            yield route, entry


def implemented(view: Any) -> frozenset[str]:
    """The methods of a view's class, HEAD and OPTIONS left out. Of a function: GET, and the matrix shows that it has no
    more.
    """
    view_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if view_class is None:
        return frozenset({"GET"})
    given = getattr(view, "view_initkwargs", {})
    names = given.get("http_method_names", view_class.http_method_names)
    return frozenset(name.upper() for name in names if hasattr(view_class, name)) - {
        "OPTIONS",
        "HEAD",
    }


@cache
def schema() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(_SCHEMA.read_text(encoding="utf-8"))
    return document


def described() -> dict[str, frozenset[str]]:
    """Every address of the schema → its methods."""
    return {
        route: frozenset(method.upper() for method in operations)
        for route, operations in schema()["paths"].items()
    }


def parameters(route: str, method: str) -> set[str]:
    """The names that the schema lets stand in the query."""
    given = schema()["paths"][route][method.lower()].get("parameters", [])
    return {one["name"] for one in given if one["in"] == "query"}


def request_shape(route: str, method: str) -> dict[str, Any]:
    """The body's schema with all references resolved."""
    body = schema()["paths"][route][method.lower()]["requestBody"]
    shape: dict[str, Any] = _resolved(body["content"]["application/json"]["schema"])
    return shape


def _resolved(part: Any) -> Any:
    if isinstance(part, list):
        return [_resolved(item) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _resolved(schema()["components"]["schemas"][part["$ref"].rpartition("/")[2]])
    return {name: _resolved(member) for name, member in part.items()}
