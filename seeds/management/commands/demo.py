"""`manage.py demo`: the Wanping round, played over HTTP."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from config.kernel.errors import DomainError
from seeds.demo import alone
from seeds.demo.failing import DemoFailed
from seeds.demo.first_round import address, play_first_round, tell_log_ins
from seeds.demo.playing import Plan
from seeds.demo.timeline import Timeline
from seeds.demo.whole import play_whole, set_up


class Command(BaseCommand):
    help = (
        "Play the round of 宛平南苑 with servers of its own under var/demo and a clock of its own, "
        "and write var/demo/summary.json. Exit code 1 if anything is not the same everywhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        alone.add_arguments(parser)
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="play it on the running servers instead, if they know no community yet",
        )
        parser.add_argument("--inside", action="store_true", help="used by the command itself")

    def handle(self, *args: Any, seconds: int, seed: int, **options: Any) -> None:
        if os.environ.get("LANG", "").startswith("en"):
            translation.activate("en")
        if not options["if_empty"] and not options["inside"]:
            sys.exit(alone.run(seconds=seconds, seed=seed, twice=options["twice"]))
        timeline = Timeline(sys.stdout)
        try:
            if options["inside"]:
                _play_inside(timeline, seed)
            else:
                play_first_round(timeline, seed=seed)
                tell_log_ins(timeline)
        except (DemoFailed, DomainError, requests.RequestException) as error:
            raise CommandError(f"{type(error).__name__}: {error}") from error


def _play_inside(timeline: Timeline, seed: int) -> None:
    """Within the servers and the clock of `seeds.demo.alone`."""
    closes_at = datetime.fromtimestamp(alone.CUTOFF, UTC).astimezone(timeline.zone)
    plan = Plan(
        address=address(), opens_at=closes_at - timedelta(hours=4), closes_at=closes_at, seed=seed
    )
    play_whole(plan, set_up(timeline), folder=settings.VAR_DIR, timeline=timeline)
