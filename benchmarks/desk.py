"""Pages of the desk over the real server, with 300 rounds of history and one over 100 communities and 30,000 orders.

Three people look: an organiser of four communities, of which one leads that round, a committee officer above all of
them, and an administrator.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import round_town
from benchmarks.running import web
from communities.models import User
from config.embedded.ports import LOOPBACK
from config.kernel import clock
from orders.consolidation.consolidating import consolidate
from orders.files.rendering import render_files
from orders.models import OrderWindow, SupplierOrder
from orders.states import WindowStatus
from orders.supply import releasing
from orders.windows import closing
from volunteers.picklists.building import build_pick_lists

TIMES = 21
_DESK = "/admin/desk/"
Page = tuple[str, str]


def measure() -> dict[str, float]:
    """`desk_<page>_ms` and `_p95_ms` for whoever waits longest; `desk_statements` of the page that takes most."""
    officer = round_town.build(past=300)
    window = round_town.open_round(officer)
    round_town.order(window, officer)
    round_town.tidy()
    root = User.objects.create_superuser("bench", password=None)
    people = [User.objects.get(username="qibao-organiser-01"), officer, root]
    past = OrderWindow.objects.filter(
        status=WindowStatus.SETTLED, community__in=_led(people[0])
    ).latest("pk")
    with web(Path(os.environ["VAR_DIR"])) as port:
        look = Look(port)
        look.at(people, [("index", _DESK), ("past_window", _page(past))])
        look.at(people, _stage(window, "open"))
        _prepare(window)
        look.at(people, [*_stage(window, "prepared"), ("check", _page(window, "check/"))])
        _release(window, officer)
        community = window.community.public_id
        look.at(
            people[1:],
            [*_stage(window, "released"), ("lists", _page(window, f"lists/{community}/"))],
        )
    return look.results()


def _led(organiser: User) -> list[int]:
    return list(organiser.memberships.values_list("community_id", flat=True))


def _page(window: OrderWindow, rest: str = "") -> str:
    return f"{_DESK}{window.public_id}/{rest}"


def _stage(window: OrderWindow, stage: str) -> list[Page]:
    return [
        (f"{stage}_window", _page(window)),
        (f"{stage}_progress", _page(window, "progress/")),
        (f"{stage}_orders", _page(window, "orders/")),
        (f"{stage}_orders_page_400", _page(window, "orders/?page=400")),
        (f"{stage}_orders_found", _page(window, "orders/?q=3-301")),
    ]


def _prepare(window: OrderWindow) -> None:
    OrderWindow.objects.filter(pk=window.pk).update(closes_at=clock.database_now())
    _in_transaction(lambda: closing.close_window(window_id=window.pk))
    _in_transaction(lambda: consolidate(window_id=window.pk, revision=1))
    render_files(SupplierOrder.objects.get(window=window).pk)
    round_town.tidy()


def _release(window: OrderWindow, officer: User) -> None:
    for verb in (releasing.check_order, releasing.release_order):
        order = SupplierOrder.objects.get(window=window)
        _in_transaction(partial(verb, supplier_order=order, actor=officer))
    _in_transaction(lambda: build_pick_lists(supplier_order_id=order.pk))
    round_town.tidy()


def _in_transaction(verb: Callable[[], object]) -> None:
    with transaction.atomic(durable=True):
        verb()


class Look:
    """Asks for pages as people's browsers do, one after the other."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection(LOOPBACK, port, timeout=60)
        self._waits: dict[str, list[list[float]]] = {}
        self._statements: dict[str, int] = {}

    def at(self, people: Sequence[User], pages: Sequence[Page]) -> None:
        # Between two stages the server has hung up; the next question dials again.
        self._connection.close()
        for person in people:
            browser = Client()
            browser.force_login(person)
            cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
            for name, address in pages:
                waits = [self._ask(address, cookie) for _turn in range(TIMES)]
                self._waits.setdefault(name, []).append(sorted(waits[1:]))
                with CaptureQueriesContext(connection) as queries:
                    browser.get(address, headers={"host": "localhost"})
                self._statements[name] = max(self._statements.get(name, 0), len(queries))

    def _ask(self, address: str, cookie: str) -> float:
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "Host": "localhost"}
        began = perf_counter()
        self._connection.request("GET", address, headers=headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        return 1000 * (perf_counter() - began)

    def results(self) -> dict[str, float]:
        figures: dict[str, float] = {}
        for name, people in self._waits.items():
            figures[f"desk_{name}_ms"] = max(map(median, people))
            figures[f"desk_{name}_p95_ms"] = max(waits[len(waits) * 95 // 100] for waits in people)
        slowest = [value for name, value in figures.items() if not name.endswith("_p95_ms")]
        figures |= {f"desk_{name}_statements": n for name, n in self._statements.items()}
        return figures | {
            "desk_slowest_page_ms": max(slowest),
            "desk_statements": max(self._statements.values()),
        }
