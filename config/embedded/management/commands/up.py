from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.embedded import up


class Command(BaseCommand):
    """For `manage.py help`: manage.py hands `up` over before Django reads its settings."""

    help = up.DESCRIPTION
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        up.add_arguments(parser)

    def handle(self, *args: Any, host: str, port: int, play_demo: bool, **options: Any) -> None:
        if up.run(host=host, port=port, play_demo=play_demo):
            raise CommandError("up could not start")
