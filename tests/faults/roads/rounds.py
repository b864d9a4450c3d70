"""One round: everybody at once while things break, the line judged, the cutoff, late orders, the release."""

from __future__ import annotations

import random
import signal
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from django.db import connection

from communities.models import GroupMessage
from config.kernel.jobs import Job
from config.kernel.outbox import OutboxMessage
from orders.models import OrderWindow, SupplierOrder
from orders.states import SupplierOrderStatus
from orders.waiting.serving import servable
from tests.faults.organiser import Organiser
from tests.faults.roads import desk, oracle, residents
from tests.faults.roads.scene import Scene
from tests.faults.roads.world import Town, set_cutoff
from tests.faults.stage import Stage
from tests.faults.storm import Armoury, Mender
from volunteers.models import PickList

# Seconds: several leases of the dead, and robots that were answered with an error.
PATIENCE = 300.0
# Where whoever does this round's work may be killed.
POINTS = (
    *(
        f"{moment} {stage}"
        for stage in (
            "orders.serve_waiting",
            "intake.read",
            "intake.apply",
            "communities.robots",
            "orders.close",
            "orders.consolidate",
        )
        for moment in ("claimed", "worked")
    ),
    "committing orders.serve_waiting",
    "committing intake.apply",
    "robot spoken to",
    *(
        f"{moment} {topic}"
        for topic in ("window.opened", "waiting.served", "order.added_late", "request.promised")
        for moment in ("delivering", "delivered")
    ),
    "answering",
    "answered",
)


class Hands(Protocol):
    """Whoever does the background work, and breaks things meanwhile."""

    def look(self) -> None:
        """Every now and then, while anybody waits."""

    def trouble(self, rng: random.Random) -> None:
        """Something breaks."""


class Crew:
    """Real processes: what is dead is started again, whoever stands at an armed point is killed."""

    def __init__(self, stage: Stage, env: Mapping[str, str], kills: Counter[str]) -> None:
        folder = stage.folder / "points"
        env = {**env, "CHECKPOINT": f"*@{folder}"}
        self._stage, self._folder, self.kills = stage, folder, kills
        self.armoury = Armoury(folder, (), at_once=3, kills=kills)
        self.mender = Mender(
            {
                "web": lambda: stage.start_web(threads=12, environment=env),
                "worker": lambda: stage.start_worker(environment=env),
                "closer": lambda: stage.start_closer(environment=env),
                "beat": lambda: stage.start_beat(environment=env),
            }
        )
        stage.wait_until_ready()

    def arm(self, points: Sequence[str]) -> None:
        self.armoury = Armoury(self._folder, points, at_once=len(points), kills=self.kills)

    def look(self) -> None:
        self.mender.look()
        self.armoury.look()

    def put_away(self) -> None:
        self.armoury.put_away()

    def trouble(self, rng: random.Random) -> None:
        stage, running = self._stage, self.mender.running
        how = rng.choice(("worker", "child", "web", "web child", "database", "database", "closer"))
        if how == "database":
            stage.restart_database(by=rng.choice((signal.SIGQUIT, signal.SIGKILL)))
        elif how == "child":
            stage.kill_child(running["worker"], rng)
        elif how == "web child":
            stage.kill_child(running["web"], rng)
        else:
            stage.kill(running[how], only_leader=rng.random() < 0.3)


def play(scene: Scene, stage: Stage | None, hands: Hands, *, troubles: int) -> list[str]:
    """Sentences about what was wrong. Without a `stage` the database is never away."""
    rng = scene.rng("troubles")
    found = _together(scene, hands, [*residents.acts(scene), *desk.acts(scene)], rng, troubles)
    found += _settle(scene, hands, "the open round")
    found += scene.patiently(lambda: oracle.judge_line(scene))
    scene.patiently(lambda: set_cutoff(scene.town, seconds=0.3))
    _watch(hands, scene, lambda: desk.is_closed(scene))
    found += _together(scene, hands, desk.late_acts(scene), rng, min(troubles, 1))
    found += _settle(scene, hands, "the closed round", also=lambda: desk.is_closed(scene))
    if stage is not None:
        found += _release(scene, stage, hands)
    return found


def _together(
    scene: Scene,
    hands: Hands,
    works: Sequence[Callable[[], None]],
    rng: random.Random,
    troubles: int,
) -> list[str]:
    """Everybody at once; the troubles are spread over it."""
    found: list[str] = []
    lock = threading.Lock()

    def alone(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            with lock:
                found.append(f"somebody gave up: {type(error).__name__}: {error}")
            traceback.print_exc()
        finally:
            connection.close()

    moments = sorted(rng.uniform(0.1, 1.1) * scene.seconds for _trouble in range(troubles))
    began = time.monotonic()
    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(alone, work) for work in works]
        while not all(each.done() for each in running):
            hands.look()
            if moments and time.monotonic() - began > moments[0]:
                del moments[0]
                hands.trouble(rng)
            time.sleep(0.05)
    for _left in moments:
        hands.trouble(rng)
    return found


def is_quiet() -> bool:
    """Nothing of any round waits to be done."""
    return not (
        Job.objects.filter(done_at=None, parked_at=None).exists()
        or OutboxMessage.objects.filter(delivered_at=None, parked_at=None).exists()
        or GroupMessage.objects.filter(status="waiting", robot__is_active=True).exists()
        or servable()
    )


def _settle(
    scene: Scene, hands: Hands, what: str, *, also: Callable[[], bool] = lambda: True
) -> list[str]:
    """Until all background work is done, several looks in a row: a job that is over may ask for the next one."""
    calm = 0

    def is_calm() -> bool:
        nonlocal calm
        calm = calm + 1 if is_quiet() and also() else 0
        return calm > 3

    if _watch(hands, scene, is_calm):
        return []
    return [f"{what} did not come to rest in {PATIENCE:.0f} s"]


def _watch(hands: Hands, scene: Scene, what: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        hands.look()
        if scene.patiently(what):
            return True
        time.sleep(0.1)
    return False


def _release(scene: Scene, stage: Stage, hands: Hands) -> list[str]:
    """By the organiser, as soon as there are files; then the papers of those who pack."""
    town = scene.town
    organiser = Organiser(stage, town.organiser)

    def is_released() -> bool:
        organiser.look()
        return _is_listed(town)

    if not _watch(hands, scene, is_released):
        return ["the round was not released with all its papers"]
    return _settle(scene, hands, "the released round")


def _is_listed(town: Town) -> bool:
    window = OrderWindow.objects.get(pk=town.window.pk)
    released = SupplierOrder.objects.filter(
        window=window, status=SupplierOrderStatus.RELEASED, revision=window.demand_revision
    )
    lists = PickList.objects.filter(window=window, supplier_order__in=released)
    return lists.exists() and not lists.filter(filed_at=None).exists()
