"""`manage.py seed wanping`, `manage.py seed qibao`."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from django.utils.translation import gettext as _

from config.kernel.errors import DomainError
from seeds.qibao import estates
from seeds.qibao import planting as town
from seeds.wanping import credentials, planting
from seeds.wanping.credentials import Credentials
from seeds.wanping.loopback import may_have_demo_log_ins

_TOWN_FILE = "qibao.json"


class Command(BaseCommand):
    help = "Fill the database with an example: wanping, a compound of 99 households, or qibao, a town of 30,000."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("example", choices=["wanping", "qibao"])
        parser.add_argument("--communities", type=int, default=estates.COMMUNITIES, help="qibao")
        parser.add_argument("--households", type=int, default=estates.HOUSEHOLDS, help="qibao")
        parser.add_argument("--history", type=int, default=0, help="qibao: group buys of the past")

    def handle(self, *args: Any, **options: Any) -> None:
        password = credentials.make_password() if may_have_demo_log_ins() else None
        try:
            text = (
                _qibao(password, options) if options["example"] == "qibao" else _wanping(password)
            )
        except (DomainError, IntegrityError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(text)


def _wanping(password: str | None) -> str:
    path = settings.VAR_DIR / credentials.FILE_NAME
    planted = planting.plant(password=password, keep=partial(credentials.save, path))
    text = _("%(community)s is there already; nothing was changed.")
    if planted.is_new:
        text = _("%(community)s is set up. Tokens, the supplier's key, passwords: %(path)s")
    return text % {"community": planted.community.name, "path": path}


def _qibao(password: str | None, options: dict[str, Any]) -> str:
    path = settings.VAR_DIR / _TOWN_FILE
    planted = town.plant(
        communities=options["communities"],
        households=options["households"],
        past=options["history"],
        password=password,
        keep=lambda: credentials.save(path, Credentials(password=password or "")),
    )
    texts = []
    if planted.is_new:
        texts.append(_("%(community)s is set up. Password of the people on duty: %(path)s"))
    if planted.windows:
        texts.append(_("%(windows)d group buys of the past were added."))
    texts = texts or [_("%(community)s is there already; nothing was changed.")]
    return "\n".join(texts) % {"community": planted.name, "path": path, "windows": planted.windows}
