"""Workers are killed at every named point, once each, while ten small rounds close at the same moment."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from config.kernel import clock
from tests.faults import town as towns
from tests.faults.organiser import Organiser
from tests.faults.replay import Wanted, place
from tests.faults.stage import Stage
from tests.faults.storm import Armoury, Mender, all_is_done
from tests.faults.town import Town

# Seconds from the start to the cutoff, and for everything after it: a lease for each of several deaths of one round.
_LEAD, _PATIENCE = 4, 300


def kill_at(
    stage: Stage, rng: random.Random, points: Sequence[str], *, rounds: int, kills: Counter[str]
) -> list[str]:
    """Sentences about what went wrong. Leaves the database with the rounds as they ended."""
    stage.fresh_database()
    folder = stage.folder / "points"
    env = {"CHECKPOINT": f"*@{folder}"}
    armoury = Armoury(folder, points, at_once=len(points), kills=kills)
    mender = Mender(
        {
            "worker": lambda: stage.start_worker(environment=env),
            "beat": lambda: stage.start_beat(environment=env),
        }
    )
    now = clock.database_now()
    cutoffs = [now + timedelta(seconds=_LEAD)] * rounds
    town = towns.build(now - timedelta(minutes=1), cutoffs, communities=1, buildings=1)
    _order(town, rng)
    organiser, began = Organiser(stage, town.organiser), time.monotonic()
    while time.monotonic() - began < _PATIENCE:
        armoury.look()
        mender.look()
        organiser.look()
        if not armoury.left and all_is_done():
            return []
        time.sleep(0.05)
    found = [f"nobody came by “{point}”" for point in armoury.left]
    if not all_is_done():
        found.append(f"rounds did not end by themselves within {_PATIENCE} s of the kills")
    return found


def _order(town: Town, rng: random.Random) -> None:
    for window in town.windows:
        for seat in town.seats:
            lines = ((0, rng.randint(1, 3), 0), (2, rng.randint(1, 4), 1), (4, 2, 0))
            with transaction.atomic():
                place(town, seat, Wanted(seat.user_id, window.pk, lines, clock.now()))
