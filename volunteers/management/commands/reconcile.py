"""`manage.py reconcile <window>`."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from orders.models import OrderWindow
from volunteers.reconciling.comparison import Result
from volunteers.reconciling.reconciling import reconcile


class Command(BaseCommand):
    help = (
        "Compare orders, allocations, the supplier's order, every file (read back from its bytes), "
        "pick lists and bags of a group buy line by line. Exit code 1 if anything differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("window", help="its number, or the id in its address")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, window: str, as_json: bool, **options: Any) -> None:
        found = find_window(window)
        result = reconcile(found)
        if as_json:
            self.stdout.write(json.dumps(as_data(found, result), ensure_ascii=False, indent=1))
        else:
            self._print(found, result)
        if not result.comparisons:
            raise CommandError(_("There is nothing to compare yet."))
        if not result.is_equal:
            raise CommandError(
                _("%(count)d of %(all)d comparisons differ.")
                % {"count": len(result.mismatches), "all": result.comparisons}
            )

    def _print(self, window: OrderWindow, result: Result) -> None:
        for mismatch in result.mismatches:
            self.stdout.write(
                _("%(what)s: expected %(expected)s, found %(found)s")
                % {"what": mismatch.what, "expected": mismatch.expected, "found": mismatch.found}
            )
        for note in result.notes:
            self.stdout.write(note)
        self.stdout.write(
            (
                _("%(title)s: %(count)d comparisons, all equal.")
                if result.is_equal
                else _("%(title)s: %(count)d comparisons.")
            )
            % {"title": window.title, "count": result.comparisons}
        )


def find_window(text: str) -> OrderWindow:
    """By public id, or by a number that only one community's round has. Raises CommandError."""
    try:
        windows = OrderWindow.objects.filter(public_id=UUID(text))
    except ValueError:
        windows = OrderWindow.objects.filter(
            number=int(text) if text.isdecimal() and len(text) < 10 else 0
        )
    found = list(windows.order_by("pk")[:2])
    if len(found) != 1:
        raise CommandError(
            _("Several group buys have the number %(text)s; please give the id.") % {"text": text}
            if found
            else _("There is no group buy %(text)s.") % {"text": text}
        )
    return found[0]


def as_data(window: OrderWindow, result: Result) -> dict[str, Any]:
    """For a machine."""
    return {
        "window": str(window.public_id),
        "title": window.title,
        "reconciled": result.is_equal,
        "comparisons": result.comparisons,
        "mismatches": [
            {"what": list(one.where), "expected": one.expected, "found": one.found}
            for one in result.mismatches
        ],
        "notes": result.notes,
    }
