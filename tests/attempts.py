"""Try to write what the database itself must refuse, by plain SQL, past every verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint


def refused_by(sql: str, values: Mapping[str, Any]) -> str | None:
    """The name of the constraint that refuses the statement, deferred ones included; None if none does.

    Nothing remains of it either way. A statement that touches no row proves nothing and is an error.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            assert cursor.rowcount > 0, "no row was touched"
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except IntegrityError as error:
        name: str = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
        return name
    return None


def constraints_of(app: str) -> set[str]:
    """Names of all constraints of an app's models, without those that only serve as targets of composite keys:
    a pair with the primary key in it is unique anyway.
    """
    return {
        constraint.name
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
        if not (isinstance(constraint, UniqueConstraint) and "id" in constraint.fields)
    }
