"""What the tests' database costs: made once out of the migrations and then copied, emptied by deleting rows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """The database of each worker is a copy of one that has all migrations; what is not in the copy is migrated.

    Only on servers of our own: nobody else's is left a database.
    """
    if os.environ.get("TEST_SERVERS") != "ours":
        return
    name = f"template_{_digest_of_migrations()[:16]}"
    with django_db_blocker.unblock():
        _make_template(name)
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _digest_of_migrations() -> str:
    """Also of the lock, for other packages bring migrations of their own."""
    digest = hashlib.sha256((_ROOT / "requirements.lock").read_bytes())
    for path in sorted(_ROOT.glob("[!.]*/**/migrations/*.py")):
        digest.update(f"{path.relative_to(_ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _make_template(name: str) -> None:
    """Unless it is there from a former run, or another worker makes it just now. Those of other migrations go."""
    unfinished = f"unfinished_{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # one worker migrates, the others wait
        cursor.execute("SELECT pg_advisory_lock(1)")  # until this connection ends
        cursor.execute(
            r"SELECT datname FROM pg_database WHERE datname ~ '^(unfinished_)?template_'"
        )
        found = {row[0] for row in cursor.fetchall()}
        if name in found:
            return
        for old in found:
            cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{unfinished}"')
        with _connected_to(unfinished):
            call_command("migrate", verbosity=0, interactive=False)
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


@contextmanager
def _connected_to(database: str) -> Iterator[None]:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


@cache
def _emptying(alias: str) -> str:
    """One transaction. It waits for whoever still uses a table, as TRUNCATE does; all our foreign keys are looked at
    when it commits, so that the order does not matter. Kinds of content and permissions stay as migrations made them.
    """
    operations, introspection = connections[alias].ops, connections[alias].introspection
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    with connections[alias].cursor() as cursor:
        found = introspection.table_names(cursor)
    tables = [operations.quote_name(name) for name in sorted(set(found) - kept)]
    deletions = (f"DELETE FROM {name}" for name in tables)  # noqa: S608 -- our own tables
    return f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE; {'; '.join(deletions)}"


def empty(alias: str = "default") -> None:
    """All rows of all tables go, but for what migrations made."""
    statements = _emptying(alias)
    with connections[alias].cursor() as cursor:
        cursor.execute(statements)


def _empty_all(case: Any) -> None:
    for alias in case._databases_names(include_mirrors=False):
        empty(alias)


# Instead of `flush`, which truncates every table and writes all kinds of content and permissions anew.
TransactionTestCase._fixture_teardown = _empty_all  # type: ignore[attr-defined]
