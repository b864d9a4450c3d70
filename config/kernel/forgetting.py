"""What is forgotten, and when: one list. Each app registers its rules here, `kernel.tidy` runs them all once an hour,
and docs/operations.md shows them as a table.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rule:
    """`what` is forgotten `when`, in the words of the table. `forget` is given the time, brings no transaction and
    returns how many rows it changed; it never changes one twice.
    """

    name: str
    what: str
    when: str
    forget: Callable[[datetime], int]


_rules: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Called once when an app is ready."""
    _rules.update({rule.name: rule for rule in rules})


def rules() -> list[Rule]:
    return list(_rules.values())


def run(*, now: datetime) -> dict[str, int]:
    """Every rule in a transaction of its own; by name, how many rows it changed. One that fails holds up no other: the
    last error is raised in the end.
    """
    forgotten: dict[str, int] = {}
    failed: Exception | None = None
    for rule in rules():
        try:
            with transaction.atomic(durable=True):
                forgotten[rule.name] = rule.forget(now)
        except Exception as error:
            logger.exception("%s was not forgotten", rule.name)
            failed = error
    if failed is not None:
        raise failed
    return forgotten
