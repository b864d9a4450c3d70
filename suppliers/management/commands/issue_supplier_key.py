"""manage.py issue_supplier_key <supplier> [--label …]: a key for a supplier's program, printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from config.kernel import clock
from config.kernel.audit import Actor
from suppliers.keys import issue_key
from suppliers.models import Supplier


class Command(BaseCommand):
    help = "Issue a key to a supplier's program and print it; it cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("supplier", help="The supplier's name.")
        parser.add_argument("--label", default="", help="Who or what uses it.")

    def handle(self, *args: Any, supplier: str, label: str, **options: Any) -> None:
        with transaction.atomic(durable=True):
            row = Supplier.objects.filter(name=supplier, is_active=True).first()
            if row is None:
                raise CommandError(f"There is no active supplier {supplier!r}.")
            _key, text = issue_key(
                supplier=row, label=label, actor=Actor("command"), at=clock.now()
            )
        self.stdout.write(text)
