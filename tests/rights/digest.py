"""What every table of the database holds, cheap enough to ask before and after each batch of requests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, transaction

# Table → how many rows it has, and the sum of their hashes.
Digest = Mapping[str, tuple[int, int]]
# Table → primary key → columns.
Rows = Mapping[str, Mapping[int | str, Mapping[str, Any]]]


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction or savepoint that never commits; durable ones may be opened inside, as in Django's TestCase."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # type: ignore[attr-defined]
    with atomic:
        try:
            yield
        finally:
            transaction.set_rollback(True)


@cache
def tables() -> tuple[str, ...]:
    """All of them, also Django's and knox's."""
    with connection.cursor() as cursor:
        return tuple(connection.introspection.table_names(cursor))


def digest() -> Digest:
    """Of every table there is, in one statement."""
    one = "SELECT '{0}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{0}\" t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(name) for name in tables()))
        return {name: (count, hashes) for name, count, hashes in cursor.fetchall()}


def changed(before: Digest, after: Digest) -> set[str]:
    """The tables that are not as they were."""
    return {name for name, was in before.items() if after[name] != was}


def rows() -> Rows:
    """Every row, the bytes of files left out: to say what exactly a request wrote."""
    found: dict[str, dict[int | str, dict[str, Any]]] = {}
    with connection.cursor() as cursor:
        for name in tables():
            cursor.execute(f"SELECT (to_jsonb(t) - 'content')::text FROM \"{name}\" t")  # noqa: S608 -- our own tables
            lines = [json.loads(line) for (line,) in cursor.fetchall()]
            found[name] = {line.get("id", str(line)): line for line in lines}
    return found


def written(before: Rows, after: Rows) -> dict[str, set[str]]:
    """Table → the columns changed in old rows, "+" for new rows and "-" for lost ones."""
    changes: dict[str, set[str]] = {}
    for name, now in after.items():
        was = before[name]
        marks = {"+"} if now.keys() - was.keys() else set()
        marks |= {"-"} if was.keys() - now.keys() else set()
        for key in now.keys() & was.keys():
            marks |= {column for column in now[key] if now[key][column] != was[key][column]}
        if marks:
            changes[name] = marks
    return changes
