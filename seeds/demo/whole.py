"""A whole round: set up, play, compare, write down."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from config.kernel.money import yuan
from seeds.demo.failing import DemoFailed
from seeds.demo.playing import Plan, Played, play
from seeds.demo.summing import (
    compare_everything,
    compare_roads,
    compare_with_supplier,
    save_files,
    summary,
    write_summary,
)
from seeds.demo.timeline import Timeline
from seeds.wanping import credentials
from seeds.wanping.credentials import Credentials
from seeds.wanping.planting import plant
from volunteers.reconciling.comparison import Result

MAX_ACTIONS = 3


def set_up(timeline: Timeline) -> Credentials:
    """宛平南苑 with its people and goods; what opens its doors. Raises DemoFailed, DomainError."""
    path = settings.VAR_DIR / credentials.FILE_NAME
    planted = plant(password=credentials.make_password(), keep=partial(credentials.save, path))
    known = credentials.load(path)
    if known is None:
        raise DemoFailed(
            _("%(path)s is missing, and its secrets cannot be had again.") % {"path": path}
        )
    timeline.say(
        _("%(community)s: 99 households, %(goods)d products.")
        % {"community": planted.community.name, "goods": planted.supplier.products.count()}
    )
    return known


def play_whole(plan: Plan, known: Credentials, *, folder: Path, timeline: Timeline) -> Played:
    """Play it, compare everything, write `folder`/files and summary.json. Raises DemoFailed for any difference."""
    played = play(plan, known, timeline)
    compare_with_supplier(played)
    compare_roads(played)
    result = compare_everything(played)
    shutil.rmtree(folder / "files", ignore_errors=True)
    files = save_files(folder / "files", played)
    write_summary(folder / "summary.json", summary(plan, played, result, files))
    _report(played, result, folder, timeline)
    judge(played, result)
    return played


def judge(played: Played, result: Result) -> None:
    """Raises DemoFailed if a figure differs somewhere, or the volunteer had too much to do."""
    if not result.is_equal:
        raise DemoFailed(
            _("%(count)d figures are not the same everywhere.") % {"count": len(result.mismatches)}
        )
    if played.volunteer_actions > MAX_ACTIONS:
        raise DemoFailed(_("More than three actions of a volunteer."))


def _report(played: Played, result: Result, folder: Path, timeline: Timeline) -> None:
    for mismatch in result.mismatches:
        timeline.say(f"{mismatch.what}: {mismatch.expected} ≠ {mismatch.found}")
    if result.is_equal:
        timeline.say(
            _("Reconciled: %(count)d comparisons from the orders to the slips, all equal.")
            % {"count": result.comparisons}
        )
    timeline.say(
        _(
            "%(households)d households, %(lines)d lines, %(total)s yuan; files %(files)s s after "
            "the cutoff; %(actions)d actions of a volunteer. %(folder)s"
        )
        % {
            "households": len(played.wishes),
            "lines": played.lines,
            "total": yuan(played.total_fen),
            "files": played.seconds_close_to_files,
            "actions": played.volunteer_actions,
            "folder": folder / "summary.json",
        }
    )
