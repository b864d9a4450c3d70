"""`manage.py seed wanping`."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils.translation import gettext as _

from config.kernel.errors import DomainError
from seeds.wanping import credentials
from seeds.wanping.loopback import may_have_demo_log_ins
from seeds.wanping.planting import plant


class Command(BaseCommand):
    help = "Fill the database with an example: 99 households, their volunteers, a supermarket."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("example", choices=["wanping"])

    def handle(self, *args: Any, **options: Any) -> None:
        password = credentials.make_password() if may_have_demo_log_ins() else None
        path = settings.VAR_DIR / credentials.FILE_NAME
        try:
            planted = plant(password=password, keep=partial(credentials.save, path))
        except (DomainError, IntegrityError) as error:
            raise CommandError(str(error)) from error
        text = _("%(community)s is there already; nothing was changed.")
        if planted.is_new:
            text = _("%(community)s is set up. Tokens, the supplier's key, passwords: %(path)s")
        self.stdout.write(text % {"community": planted.community.name, "path": path})
