"""Addresses of the admin's pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.urls import reverse


def changelist(model: type[Model]) -> str:
    return _address(model, "changelist")


def add(model: type[Model]) -> str:
    return _address(model, "add")


def change(row: Model) -> str:
    return _address(type(row), "change", row.pk)


def history(row: Model) -> str:
    return _address(type(row), "history", row.pk)


def delete(row: Model) -> str:
    return _address(type(row), "delete", row.pk)


def _address(model: type[Model], page: str, *args: Any) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def listed(response: Any) -> set[int]:
    """Primary keys on a changelist."""
    return {row.pk for row in response.context["cl"].result_list}
