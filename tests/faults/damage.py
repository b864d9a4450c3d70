"""A round that is over is damaged on purpose: every invariant must notice its own damage."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import override_settings

from config.kernel import clock, outbox
from tests.api.client import Api
from tests.faults import invariants, statements
from tests.faults import town as towns
from tests.faults.book import Book
from tests.faults.damages import DAMAGES, LOOSEN, OF_FILES
from tests.faults.invariants import broken
from tests.faults.organiser import Organiser
from tests.faults.replay import do_all
from tests.faults.stage import Stage
from tests.faults.tally import Tally
from tests.faults.town import Town

# Seconds in which everybody orders.
_ORDERING = 5.0


def run(stage: Stage, rng: random.Random, *, small: bool) -> Tally:
    tally = Tally(rounds=1)
    book = _finished_round(stage)
    tally.violations += broken(book=book)
    unknown = _sentences() - {*DAMAGES, *OF_FILES, *_of_books(book)}
    tally.violations += [f"no damage is known for “{sentence}”" for sentence in sorted(unknown)]
    for sentence, failed in _noticed(stage, book, small=small):
        tally.control(f"notices: {sentence}", failed=failed)
    return tally


def _finished_round(stage: Stage) -> Book:
    """Ordered through the API, closed, released and filed, all in this process."""
    stage.fresh_database()
    now = clock.database_now()
    cutoff = now + timedelta(seconds=_ORDERING)
    town, book = towns.build(now - timedelta(minutes=1), [cutoff], buildings=1), Book()
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        _order(town, book)
    time.sleep(max(0.0, (cutoff - clock.database_now()).total_seconds()))
    organiser = Organiser(stage, town.organiser)
    do_all()
    organiser.look()
    do_all()
    while outbox.deliver_due():
        pass
    return book


def _order(town: Town, book: Book) -> None:
    window = town.windows[0]
    menu, path = town.menus[window.pk], f"windows/{window.public_id}/orders"
    for seat in town.seats:
        lines = [{"offer": str(good.id), "quantity": 2} for good in menu[:3]]
        body = {"lines": lines, "expected_total_fen": sum(2 * good.price_fen for good in menu[:3])}
        key = f"order-{seat.user_id:04d}"
        book.ask(key, principal=f"user:{seat.user_id}", method="POST", path=f"/{path}", body=body)
        answer = Api(f"Bearer {seat.token}").send(path, body, key=key)
        book.hear(key, (answer.status_code, answer.content))


def _sentences() -> set[str]:
    """Those of statements.py, shortened as in DAMAGES, and those that invariants.py yields by itself."""
    known = [*DAMAGES, *OF_FILES]
    checks = [sentence for sentence, _sql in (*statements.ALWAYS, *statements.SETTLED)]
    source = Path(str(invariants.__file__)).read_text(encoding="utf-8")
    checks += re.findall(r'yield f?"([^{:"]+?) ?[:{"]', source)
    return {_known(text, known) for text in checks}


def _known(text: str, known: Sequence[str]) -> str:
    """The beginning under which its damage is known, else the sentence itself."""
    return next((one for one in known if text.startswith(one) or one.startswith(text)), text)


def _noticed(stage: Stage, book: Book, *, small: bool) -> Iterable[tuple[str, bool]]:
    with stage.scratch_copy():
        with connection.cursor() as cursor:
            cursor.execute(LOOSEN)
        for sentence, damage in DAMAGES.items():
            yield sentence, _is_said(sentence, damage, book)
    for sentence, other in _of_books(book).items():
        yield sentence, any(found.startswith(sentence) for found in broken(book=other, rendered=0))
    for sentence, damage in [] if small else OF_FILES.items():
        with stage.scratch_copy():
            with connection.cursor() as cursor:
                cursor.execute(damage)
            yield sentence, any(found.startswith(sentence) for found in broken(rendered=1))


def _is_said(sentence: str, damage: str, book: Book) -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(damage)
        found = broken(book=book, rendered=0)
        transaction.set_rollback(True)
    return any(each.startswith(sentence) for each in found)


def _of_books(book: Book) -> dict[str, Book]:
    """What clients heard, falsified; the database is sound."""
    return {
        "a repeat was answered with other bytes": _with_answer(book, (201, b"{}")),
        "a refused request was carried out": _with_answer(
            book, (409, b'{"code": "sold_out"}'), alone=True
        ),
    }


def _with_answer(book: Book, answer: tuple[int, bytes], *, alone: bool = False) -> Book:
    """A copy in which the first entry heard this, too or alone."""
    other = Book()
    for number, (key, entry) in enumerate(book.entries.items()):
        given: dict[str, Any] = {
            "principal": entry.principal,
            "method": entry.method,
            "path": entry.path,
            "body": entry.body,
        }
        other.ask(key, **given)
        for heard in [] if alone and number == 0 else entry.answers:
            other.hear(key, heard)
        if number == 0:
            other.hear(key, answer)
    return other
