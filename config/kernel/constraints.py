"""Composite foreign keys: a row that carries community_id cannot point at another community's row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.apps import apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Field, Model


class CompositeForeignKey(BaseConstraint):
    """`FOREIGN KEY (fields) REFERENCES to (to_fields)`, deferred to the commit as Django's own are.

    fields, to_fields: names of model fields, in the same order; `to`: "app.Model", whose to_fields must be unique
    together. With MATCH SIMPLE a NULL in any of the fields switches the check off for that row.
    """

    def __init__(
        self, *, name: str, fields: Sequence[str], to: str, to_fields: Sequence[str], **options: Any
    ) -> None:
        super().__init__(name=name, **options)
        self.fields, self.to, self.to_fields = tuple(fields), to, tuple(to_fields)

    def _statement(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> str:
        target = apps.get_model(self.to)
        quote = editor.quote_name

        def columns(of: type[Model], names: Sequence[str]) -> str:
            fields = [cast("Field[Any, Any]", of._meta.get_field(name)) for name in names]
            return ", ".join(quote(str(field.column)) for field in fields)

        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY ({columns(model, self.fields)}) "
            f"REFERENCES {quote(target._meta.db_table)} ({columns(target, self.to_fields)}) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    # Django hands over model and editor always; its stubs let them be None.

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        self.create_sql(model, schema_editor)
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """Left to the end of the migration, when the keys it refers to surely exist."""
        schema_editor.deferred_sql.append(self._statement(model, schema_editor))
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database checks; a form has nothing to add."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositeForeignKey) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "to": self.to, "to_fields": self.to_fields}
        return path, args, kwargs
