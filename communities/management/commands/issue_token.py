"""manage.py issue_token <username>: a token for the API, printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from communities.models import User
from communities.tokens import issue_token
from config.kernel.audit import Actor


class Command(BaseCommand):
    help = "Issue a token for the API to an account and print it; it cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        with transaction.atomic(durable=True):
            user = User.objects.filter(username=username, is_active=True).first()
            if user is None:
                raise CommandError(f"There is no active account {username!r}.")
            text = issue_token(user=user, actor=Actor("command"))
        self.stdout.write(text)
