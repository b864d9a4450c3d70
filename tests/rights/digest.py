"""What every table of the database holds, cheap enough to ask before and after each request.

PostgreSQL counts what a transaction writes to each table, also what a savepoint takes back: only tables of which more
was written since the last look are read again. A setting remembers which look that was, and a rollback takes it back
with the rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any, Generic, TypeVar

from django.db import connection, transaction

# Table → how many rows it has, and the sum of their hashes.
Digest = Mapping[str, tuple[int, int]]
# Table → primary key → columns.
Rows = Mapping[str, Mapping[int | str, Mapping[str, Any]]]
Found = TypeVar("Found")


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


_WRITTEN = """
    SELECT now(), current_setting(%s, true), current_setting('track_counts'), ARRAY(
        SELECT pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
            + pg_stat_get_xact_tuples_deleted(oid)
        FROM unnest(%s::regclass[]) WITH ORDINALITY AS t (oid, place) ORDER BY place
    )
"""


@dataclass
class _Memory(Generic[Found]):
    """What was found in each table at each look of the transaction that began at `began`."""

    setting: str
    read: Callable[[Sequence[str]], dict[str, Found]]
    began: datetime | None = None
    looks: dict[str, tuple[list[int], dict[str, Found]]] = field(default_factory=dict)
    serials: Iterator[int] = field(default_factory=lambda: count(1))

    def look(self) -> Mapping[str, Found]:
        began, last, written = self._asked()
        if began != self.began:
            self.began, self.looks = began, {}
        then, known = self.looks.get(last, ([], {}))
        stale = [
            name
            for place, name in enumerate(tables())
            if name not in known or written[place] != then[place]
        ]
        if not stale:
            return known
        found = {**known, **self.read(stale)}
        serial = str(next(self.serials))
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [self.setting, serial])
        self.looks[serial] = written, found
        return found

    def _asked(self) -> tuple[datetime, str, list[int]]:
        """When the transaction began, its last look that no rollback took back, how often it wrote to each table."""
        with connection.cursor() as cursor:
            cursor.execute(_WRITTEN, [self.setting, [f'"{name}"' for name in tables()]])
            began, last, counting, written = cursor.fetchone()
        assert counting == "on", "PostgreSQL must count what is written (track_counts)"
        return began, last or "", written


def _hashed(names: Sequence[str]) -> dict[str, tuple[int, int]]:
    one = "SELECT '{0}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{0}\" t"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(one.format(name) for name in names))
        return {name: (count, hashes) for name, count, hashes in cursor.fetchall()}


def _read(names: Sequence[str]) -> dict[str, Mapping[int | str, Mapping[str, Any]]]:
    found: dict[str, Mapping[int | str, Mapping[str, Any]]] = {}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT (to_jsonb(t) - 'content')::text FROM \"{name}\" t")  # noqa: S608 -- our own tables
            lines = [json.loads(line) for (line,) in cursor.fetchall()]
            found[name] = {line.get("id", str(line)): line for line in lines}
    return found


_digests = _Memory("jidan.digest", _hashed)
_rows = _Memory("jidan.rows", _read)


def digest() -> Digest:
    """Of every table there is."""
    return _digests.look()


def read_anew() -> Digest:
    """Of every table, whatever was seen before."""
    return _hashed(tables())


def look_once() -> None:
    """Behind a fixture that many tests share: what each of them asks first is known then."""
    digest()
    rows()


def changed(before: Digest, after: Digest) -> set[str]:
    """The tables that are not as they were."""
    return {name for name, was in before.items() if after[name] != was}


def rows() -> Rows:
    """Every row, the bytes of files left out: to say what exactly a request wrote."""
    return _rows.look()


def written(before: Rows, after: Rows) -> dict[str, set[str]]:
    """Table → the columns changed in old rows, "+" for new rows and "-" for lost ones."""
    changes: dict[str, set[str]] = {}
    for name, now in after.items():
        was = before[name]
        if now is was:
            continue
        marks = {"+"} if now.keys() - was.keys() else set()
        marks |= {"-"} if was.keys() - now.keys() else set()
        for key in now.keys() & was.keys():
            marks |= {column for column in now[key] if now[key][column] != was[key][column]}
        if marks:
            changes[name] = marks
    return changes
