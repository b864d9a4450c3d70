"""Orders over real HTTP beside pgbench that replays their statements, turn by turn in the same run."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from benchmarks import orders_replay, orders_stages, orders_town, placing
from benchmarks.orders_load import Plan, Report
from benchmarks.orders_replay import Sample
from benchmarks.orders_town import HotWindow, Town
from benchmarks.orders_wire import Wire
from config.embedded.ports import LOOPBACK, bind
from config.embedded.processes import spawn, stop
from config.embedded.up import WEB

ROOT = Path(__file__).resolve().parent.parent
TURNS, SECONDS, WARM_UP, CLIENTS = 6, 5.0, 1.5, 50
# Orders a second at which a hot window is quick; at the most that the server takes, everybody queues.
MODERATE = 100.0
_TRIES = (4, 8, 16, 32)
_CONTROL = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE)\b")


def measure() -> dict[str, float]:
    """The ratio is the median over the turns; waits are those of 50 clients who never pause, and at 100 a second."""
    town = orders_town.build()
    folder = Path(os.environ["VAR_DIR"])
    statements, sample = _capture(town, folder)
    script = folder / "order.pgbench"
    script.write_text(orders_replay.script(statements, sample), encoding="utf-8")
    with _web(folder) as port:
        _load(town, port, seconds=SECONDS)
        clients = max(_TRIES, key=lambda number: _replay(town, script, number, 3))
        pairs = [_turn(town, port, script, clients) for _again in range(TURNS)]
        calm = _load(town, port, seconds=SECONDS, rate=MODERATE)
        alone = _waits("", _load(town, port, seconds=SECONDS / 2, clients=1).waits)["order_p50_ms"]
    https, replays = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    http = median(report.orders / report.seconds for report in https)
    work = [one for one in statements if not _CONTROL.match(one)]
    return {
        "order_throughput_vs_pgbench": median(
            report.orders / report.seconds / replay for report, replay in pairs
        ),
        "orders_per_second_http": http,
        "orders_per_second_pgbench": median(replays),
        "orders_pgbench_clients": clients,
        "statements_post_order": len(work),
        "orders_load_cpu_share": median(_cpu(report) for report in https),
        **_waits("", [wait for report in https for wait in report.waits]),
        **_waits("_at_100_per_second", calm.waits),
        "order_alone_ms": alone,
        **_stages(town, alone),
        **placing.measure(),
    }


def _cpu(report: Report) -> float:
    """Of one core: it is taken from the server."""
    return report.cpu_seconds / (report.seconds + WARM_UP)


def _turn(town: Town, port: int, script: Path, clients: int) -> tuple[Report, float]:
    report = _load(town, port, seconds=SECONDS)
    replay = _replay(town, script, clients, SECONDS)
    print(f"  {report.orders / report.seconds:8.1f} orders/s over HTTP, {replay:8.1f} by pgbench")
    return report, replay


def _replay(town: Town, script: Path, clients: int, seconds: float) -> float:
    window = orders_town.open_window(town)
    done = orders_replay.run(script, window, clients=clients, seconds=seconds)
    orders_town.check(window, done.transactions)
    return done.per_second


def _waits(at: str, waits: Sequence[float]) -> dict[str, float]:
    ordered = sorted(waits)
    return {
        f"order_p{share}_ms{at}": 1000 * ordered[len(ordered) * share // 100]
        for share in (50, 95, 99)
    }


def _stages(town: Town, alone: float) -> dict[str, float]:
    """Print where an order's time goes; by stage, in milliseconds."""
    window = orders_town.open_window(town)
    menus = random.Random(1).sample(orders_town.menus(), k=orders_stages.ORDERS)
    pairs = zip(town.tokens, menus, strict=False)
    stages = orders_stages.measure(
        [(_path(window), token, _body(window, menu)) for token, menu in pairs]
    )
    stages["server and sockets"] = (alone - sum(own for own, _waited in stages.values()), 0.0)
    for name, (own, waited) in stages.items():
        print(f"  {name:32} {own:8.3f} ms, {waited:8.3f} of it waiting for PostgreSQL")
    return {
        f"order_stage_{re.sub('[^a-z]+', '_', name.lower())}_ms": own
        for name, (own, _w) in stages.items()
    }


def _load(
    town: Town, port: int, *, seconds: float, rate: float = 0.0, clients: int = CLIENTS
) -> Report:
    """Let the clients loose on a fresh window; every order they say was taken is there."""
    window = orders_town.open_window(town)
    plan = Plan(
        port=port,
        path=_path(window),
        tokens=town.tokens,
        bodies=[_body(window, menu) for menu in orders_town.menus()],
        name=f"bench-{window.id}",
        seconds=seconds,
        warm_up=WARM_UP,
        clients=clients,
        rate=rate,
    )
    command = [sys.executable, "-m", "benchmarks.orders_load"]
    given = json.dumps(asdict(plan))
    ended = subprocess.run(
        command, cwd=ROOT, input=given, stdout=subprocess.PIPE, text=True, check=True
    )
    report = Report(**json.loads(ended.stdout))
    if set(report.statuses) != {"201"}:
        raise RuntimeError(f"orders were refused: {report.statuses}")
    orders_town.check(window, report.answers)
    return report


def _path(window: HotWindow) -> str:
    return f"/api/v1/windows/{window.public_id}/orders"


def _body(window: HotWindow, menu: Sequence[int]) -> str:
    pairs = list(zip(menu, orders_town.QUANTITIES, strict=True))
    lines: list[dict[str, Any]] = [
        {"offer": str(orders_town.offer_uuid(window.first_offer + k)), "quantity": quantity}
        for k, quantity in pairs
    ]
    total = sum((orders_town.PRICE_FEN + k) * quantity for k, quantity in pairs)
    return json.dumps({"lines": lines, "expected_total_fen": total})


def _capture(town: Town, folder: Path) -> tuple[list[str], Sample]:
    """What one POST says to PostgreSQL, on a connection that has served before."""
    window = orders_town.open_window(town)
    menu = (3, 7, 21, 44)
    sample = Sample(
        n=17, token=town.tokens[16], menu=menu, window=window, idempotency_key="captured-order-1"
    )
    upstream = urlsplit(os.environ["DATABASE_URL"])
    with Wire(int(upstream.port or 5432)) as wire:
        passed = upstream._replace(
            netloc=upstream.netloc.replace(f":{upstream.port}", f":{wire.port}")
        )
        single = {
            "WEB_WORKERS": "1",
            "WEB_THREADS": "1",
            "DATABASE_URL": passed.geturl() + "?sslmode=disable",
        }
        with _web(folder, **single) as port:
            for _again in range(3):
                _get_me(port, sample.token)
            wire.statements.clear()
            _post(port, sample)
            return list(wire.statements), sample


def _get_me(port: int, token: str) -> None:
    connection = HTTPConnection(LOOPBACK, port)
    connection.request("GET", "/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    if connection.getresponse().status != 200:
        raise RuntimeError("the resident is not known")
    connection.close()


def _post(port: int, sample: Sample) -> None:
    connection = HTTPConnection(LOOPBACK, port)
    headers = {
        "Authorization": f"Bearer {sample.token}",
        "Idempotency-Key": sample.idempotency_key,
        "Content-Type": "application/json",
    }
    connection.request("POST", _path(sample.window), _body(sample.window, sample.menu), headers)
    answer = connection.getresponse()
    if answer.status != 201:
        raise RuntimeError(f"{answer.status}: {answer.read()!r}")
    connection.close()


@contextmanager
def _web(folder: Path, **variables: str) -> Iterator[int]:
    """The server as `manage.py up` runs it; its port, once it answers."""
    with bind(LOOPBACK, 0) as listener, (folder / "web.log").open("ab") as log:
        port = int(listener.getsockname()[1])
        environment = {
            **os.environ,
            "STATEMENT_TIMEOUT_SECONDS": "15",
            "LOG_FORMAT": "json",
            **variables,
        }
        command = [sys.executable, "-m", *WEB, "--bind", f"fd://{listener.fileno()}"]
        process = spawn(
            command,
            environment=environment,
            cwd=ROOT,
            output=log.fileno(),
            pass_fds=[listener.fileno()],
        )
        try:
            _wait_until_healthy(port)
            yield port
        finally:
            stop(process, by=signal.SIGTERM, seconds=15)


def _wait_until_healthy(port: int) -> None:
    deadline = monotonic() + 60
    while True:
        connection = HTTPConnection(LOOPBACK, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            if monotonic() > deadline:
                raise
            sleep(0.1)
        finally:
            connection.close()
