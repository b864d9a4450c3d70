"""What must hold of rounds whatever was broken: `broken` returns a sentence for each row that is wrong.

Written against the tables alone, apart from the product's own reconciling, which reads every file back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from config.kernel.idempotency import IdempotencyKey
from orders.files import rendering, writing
from orders.models import OrderFile, OrderWindow, SupplierOrder
from orders.states import WindowStatus
from tests.faults import statements
from tests.faults.book import Book, Entry
from volunteers.models import PickList, PickListFile
from volunteers.picklists.rendering import pick_sheet
from volunteers.reconciling.reconciling import reconcile
from volunteers.sheets.writing import PICK_WRITERS


def broken(
    window_ids: Sequence[int] | None = None,
    *,
    book: Book | None = None,
    settled: bool = True,
    rendered: int | None = None,
) -> list[str]:
    """Sentences about these windows (None: all) and about the whole database's jobs, messages and keys.

    `settled`: background work is over, so nothing may be missing any more. `rendered`: how many revisions and pick
    lists are rendered anew and compared byte for byte, and how many windows reconciled (None: all; 0.1 to 1 s each).
    With a `book` every order must come from one of its entries.
    """
    ids = list(
        OrderWindow.objects.order_by("pk").values_list("pk", flat=True)
        if window_ids is None
        else window_ids
    )
    found = list(_by_statement(statements.ALWAYS, ids))
    found += _files(ids, rendered)
    if settled:
        found += _by_statement(statements.SETTLED, ids)
        found += _reconciled(ids[:rendered])
    if book is not None:
        found += _answers(book, ids)
    return found


def _by_statement(checks: Iterable[tuple[str, str]], ids: Sequence[int]) -> Iterator[str]:
    with connection.cursor() as cursor:
        for sentence, statement in checks:
            cursor.execute(statement, {"windows": list(ids)})
            for row in cursor.fetchall():
                yield f"{sentence}: {', '.join(map(str, row))}"


# Files.


def _files(ids: Sequence[int], rendered: int | None) -> Iterator[str]:
    orders = list(
        SupplierOrder.objects.filter(window__in=ids, filed_at__isnull=False).order_by("pk")
    )
    for number, order in enumerate(orders):
        stored = {(f.kind, f.format): f for f in OrderFile.objects.filter(supplier_order=order)}
        yield from _hashes(f"revision {order.pk}", list(stored.values()))
        if rendered is None or number < rendered:
            yield from _rendered_orders(order, {key: bytes(f.content) for key, f in stored.items()})
    lists = PickList.objects.filter(window__in=ids, filed_at__isnull=False).order_by("pk")
    for number, pick_list in enumerate(lists):
        sheets = {(f.kind, f.format): f for f in PickListFile.objects.filter(pick_list=pick_list)}
        yield from _hashes(f"pick list {pick_list.pk}", list(sheets.values()))
        if rendered is None or number < rendered:
            yield from _rendered_picks(
                pick_list, {key: bytes(f.content) for key, f in sheets.items()}
            )


def _hashes(what: str, files: Iterable[OrderFile | PickListFile]) -> Iterator[str]:
    for file in files:
        content = bytes(file.content)
        if (hashlib.sha256(content).hexdigest(), len(content)) != (file.sha256, file.size):
            yield f"the hash of a file is not that of its bytes: {what} {file.kind} {file.format}"


def _rendered_orders(order: SupplierOrder, stored: dict[tuple[str, str], bytes]) -> Iterator[str]:
    """One file for each kind and format, and the bytes of a fresh rendering of the same snapshot."""
    earlier = (
        SupplierOrder.objects.filter(
            window=order.window_id, revision__lt=order.revision, released_at__isnull=False
        )
        .order_by("-revision")
        .first()
    )
    fresh = {
        (file.kind, file.format): file.content
        for file in rendering._write(
            rendering.order_sheet(order), rendering.order_sheet(earlier) if earlier else None
        )
    }
    assert len(fresh) >= len(writing.ORDER_WRITERS)
    yield from _different(f"revision {order.pk}", fresh, stored)


def _rendered_picks(pick_list: PickList, stored: dict[tuple[str, str], bytes]) -> Iterator[str]:
    sheet = pick_sheet(pick_list)
    fresh = {key: write(sheet, "zh-hans") for key, write in PICK_WRITERS.items()}
    yield from _different(f"pick list {pick_list.pk}", fresh, stored)


def _different(
    what: str, fresh: dict[tuple[str, str], bytes], stored: dict[tuple[str, str], bytes]
) -> Iterator[str]:
    for key in sorted({*fresh, *stored}):
        if fresh.get(key) != stored.get(key):
            state = "is missing" if key not in stored else "is not what a fresh rendering gives"
            yield f"a file {state}: {what} {' '.join(key)}"


def _reconciled(ids: Sequence[int]) -> Iterator[str]:
    """The product's own comparison, out of the bytes of every file: Σ of files = Σ of order lines."""
    for window in OrderWindow.objects.filter(pk__in=ids, status=WindowStatus.CLOSED):
        result = reconcile(window)
        for one in result.mismatches[:5]:
            yield f"not reconciled: window {window.pk} {one.what}: {one.expected} ≠ {one.found}"
        if not result.comparisons:
            yield f"not reconciled: window {window.pk} has nothing to compare"


# What clients heard.


def answers(book: Book) -> Iterator[str]:
    """Sentences about what was answered under the keys of a book, and what is stored of it. Copies of a request may
    overtake each other.
    """
    rows = IdempotencyKey.objects.filter(key__in=list(book.entries)).defer("request_hash")
    stored = {(row.principal, row.key): row for row in rows}
    for key, entry in book.entries.items():
        row = None if entry.may_come_late else stored.get((entry.principal, key))
        yield from _one_answer(key, entry, row)


def _answers(book: Book, ids: Sequence[int]) -> Iterator[str]:
    stored = {
        (row.principal, row.key): row for row in IdempotencyKey.objects.all().defer("request_hash")
    }
    for key, entry in book.entries.items():
        yield from _one_answer(key, entry, stored.get((entry.principal, key)))
    keys = {(entry.principal, key) for key, entry in book.entries.items()}
    for pair in stored.keys() - keys:
        yield f"an answer is stored that nobody asked for: {pair}"
    yield from _orders_answered(ids, list(stored.values()))


def _one_answer(key: str, entry: Entry, row: IdempotencyKey | None) -> Iterator[str]:
    successes = {answer[1] for answer in entry.answers if answer and 200 <= answer[0] < 300}
    what = f"{entry.principal} {key} {entry.method} {entry.path}"
    if len(successes) > 1:
        yield f"a repeat was answered with other bytes: {what}"
    if successes and row is None:
        yield f"an accepted request is not stored: {what}"
    if successes and row is not None and bytes(row.body) not in successes:
        yield f"the stored answer is not the one that was given: {what}"
    if row is not None and not successes and not entry.is_open:
        yield f"a refused request was carried out: {what}: {entry.answers[-1]}"


def _orders_answered(ids: Sequence[int], rows: Sequence[IdempotencyKey]) -> Iterator[str]:
    """Each order over HTTP has one stored 201 with its id and number, and each such answer its order."""
    answered: dict[str, int] = {}
    for row in rows:
        if row.status == 201:
            body = json.loads(bytes(row.body))
            if str(body["id"]) in answered:
                yield f"an order was answered under two keys: {body['id']}"
            answered[str(body["id"])] = int(body["number"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT public_id::text, number FROM orders_order WHERE window_id = ANY(%s)",
            [list(ids)],
        )
        orders = dict(cursor.fetchall())
    for public_id in sorted(orders.keys() - answered.keys()):
        yield f"an order that no request asked for: {public_id}"
    for public_id, number in answered.items():
        if public_id not in orders:
            yield f"an accepted order is gone: {public_id}"
        elif orders[public_id] != number:
            yield f"an order has another number than its buyer was told: {public_id}"
