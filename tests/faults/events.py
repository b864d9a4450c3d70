"""Events through killed workers and brokers: none is lost, none happens twice. Plain Celery tasks beside them are."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerAway

from tests.faults import counting
from tests.faults.stage import Stage
from tests.faults.storm import Mender
from tests.faults.tally import Tally

_PIECE = 250
# Seconds for all of it; a quiet machine with two processors needs about one minute.
_PATIENCE = 600


@dataclass(frozen=True)
class Load:
    """How many events go through the outbox, how many as jobs, how many plain tasks beside them."""

    messages: int
    jobs: int
    plain: int

    @property
    def events(self) -> int:
        return self.messages + self.jobs


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    load = Load(500, 50, 500) if small else Load(18_500, 1_500, 4_000)
    kills = (
        {"child": 4, "leader": 1, "broker": 1, "flush": 1}
        if small
        else {"child": 18, "leader": 10, "broker": 3, "flush": 1}
    )
    tally = Tally(rounds=1)
    counting.register()
    try:
        _play(stage, rng, load, kills, tally)
    finally:
        stage.end_programs()
        counting.forget()
    _judge(load, tally)
    return tally


def _play(
    stage: Stage, rng: random.Random, load: Load, kills: dict[str, int], tally: Tally
) -> None:
    stage.fresh_database()
    with connection.cursor() as cursor:
        cursor.execute(counting.TABLES)
    options = [
        "--include",
        "tests.faults.counting_worker",
        "--queues",
        f"close,jobs,default,{counting.QUEUE}",
    ]
    mender = Mender(
        {
            "one": lambda: stage.start_worker(options=[*options, "--hostname", "one@%h"]),
            "two": lambda: stage.start_worker(options=[*options, "--hostname", "two@%h"]),
            "beat": stage.start_beat,
        }
    )
    began = time.monotonic()
    acts = [name for name, times in kills.items() for _time in range(times)]
    rng.shuffle(acts)
    pieces = _pieces(load)
    left = [*pieces]
    for number, act in enumerate(acts):
        # Events come as long as there is something to break.
        share = len(pieces) * (number + 1) // len(acts)
        while len(pieces) - len(left) < share:
            _emit(left.pop())
        _break(stage, rng, mender, act)
        _watch(mender, rng.uniform(0.5, 2.5))
    while time.monotonic() - began < _PATIENCE and not _is_done(load):
        _watch(mender, 0.5)
    tally.figures["seconds until every event had its effect"] = round(time.monotonic() - began, 1)
    _let_plain_tasks_end(stage, mender)
    # What a dead worker had taken comes back after the visibility timeout, a quarter of an hour.
    tally.figures["plain tasks that come back later"] = stage.valkey().hlen("unacked")


def _pieces(load: Load) -> list[tuple[range, range, range]]:
    """Equal shares of messages, jobs and plain tasks."""
    count = max(1, load.messages // _PIECE)

    def part(total: int, number: int) -> range:
        return range(total * number // count, total * (number + 1) // count)

    return [(part(load.messages, n), part(load.jobs, n), part(load.plain, n)) for n in range(count)]


def _emit(piece: tuple[range, range, range]) -> None:
    messages, jobs, plain = piece
    with transaction.atomic(), connection.cursor() as cursor:
        # outbox.emit for each, in one statement.
        cursor.execute(
            """
            INSERT INTO kernel_outboxmessage
                (event_key, topic, payload, created_at, available_at, failures, last_error)
            SELECT 'event:' || number, %s, '{}', clock_timestamp(), clock_timestamp(), 0, ''
            FROM unnest(%s::int[]) AS number
            """,
            [counting.TOPIC, list(messages)],
        )
        cursor.execute("INSERT INTO faults_subject (id) SELECT unnest(%s::bigint[])", [list(jobs)])
    for number in plain:
        _send_plain(number)


def _send_plain(number: int) -> None:
    """Whoever sends waits for the broker, so that a task is only lost on its way."""
    while True:
        try:
            counting.plain_count.apply_async(
                kwargs={"number": number}, queue=counting.QUEUE, retry=False
            )
        except BrokerAway:
            time.sleep(0.1)
        else:
            return


def _break(stage: Stage, rng: random.Random, mender: Mender, act: str) -> None:
    victim = mender.running[rng.choice(("one", "two"))]
    if act == "child":
        if not stage.kill_child(victim, rng):
            stage.kill(victim)
    elif act == "leader":
        stage.kill(victim, only_leader=rng.random() < 0.5)
    elif act == "flush":
        stage.flush_broker()
    else:
        stage.kill_broker()
        _watch(mender, rng.uniform(0.2, 2.0))
        stage.start_broker()


def _watch(mender: Mender, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        mender.look()
        time.sleep(0.05)


def _let_plain_tasks_end(stage: Stage, mender: Mender) -> None:
    valkey, done, before = stage.valkey(), 0, -1
    while done != before or valkey.llen(counting.QUEUE):
        _watch(mender, 2.0)
        done, before = _one("SELECT count(*) FROM faults_plain"), done


def _is_done(load: Load) -> bool:
    """Every event has had its effect, and nothing is left to be tried."""
    return (
        _one("SELECT count(*) FROM faults_effect") >= load.events
        and not _one("SELECT count(*) FROM kernel_outboxmessage WHERE delivered_at IS NULL")
        and not _one("SELECT count(*) FROM kernel_job WHERE done_at IS NULL")
    )


def _one(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _judge(load: Load, tally: Tally) -> None:
    effects = _one("SELECT count(*) FROM faults_effect")
    different = _one("SELECT count(DISTINCT event) FROM faults_effect")
    lost, doubled = load.events - different, effects - different
    if lost or doubled:
        tally.violations.append(f"of {load.events} events {lost} were lost and {doubled} doubled")
    if parked := _one("SELECT count(*) FROM kernel_job WHERE parked_at IS NOT NULL"):
        tally.violations.append(f"{parked} jobs were parked")
    plain = _one("SELECT count(DISTINCT number) FROM faults_plain")
    twice = _one("SELECT count(*) FROM faults_plain") - plain
    late = int(tally.figures["plain tasks that come back later"])
    gone = max(0, load.plain - plain - late)
    tally.figures |= {
        "events": load.events,
        "events lost": lost,
        "events doubled": doubled,
        "plain tasks": load.plain,
        "plain tasks lost": gone,
        "plain tasks doubled": twice,
    }
    tally.control(
        "plain Celery tasks through the same kills are lost or doubled",
        failed=gone + twice > 0,
    )
