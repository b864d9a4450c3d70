"""The import protocol from upload to result, on a kind of its own."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import openpyxl
import pytest
from django.db import connection, transaction
from django.utils import translation

from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.errors import Invalid, NotFound
from config.kernel.intake.confirming import NothingToConfirm, apply_slice, confirm
from config.kernel.intake.leftovers import refused_rows_file
from config.kernel.intake.models import Import, ImportFile, ImportRow
from config.kernel.intake.rows import NotOpen, decide_row, mend_row, take_doubtful
from config.kernel.intake.selectors import counts_of, reason_sentences
from config.kernel.intake.stages import READ
from config.kernel.intake.uploads import FileEmpty, FileTooBig, read_upload
from config.kernel.jobs import Job
from config.kernel.states import StaleStatus
from tests.kernel.intake.toys import ME, TOYS, stored_toys, upload, uploaded

pytestmark = pytest.mark.usefixtures("toys")


def confirmed(one: Import) -> Import:
    with transaction.atomic():
        return confirm(upload=one, actor=ME, at=clock.now())


def mend(one: Import, number: int, **texts: str) -> ImportRow:
    with transaction.atomic():
        return mend_row(upload=one, number=number, texts=texts, actor=ME)


def decide(one: Import, number: int, decision: str) -> ImportRow:
    with transaction.atomic():
        return decide_row(upload=one, number=number, decision=decision, actor=ME)


def verdicts(one: Import) -> list[tuple[int, str, str]]:
    return list(one.rows.order_by("number").values_list("number", "verdict", "decision"))


def results(one: Import) -> list[tuple[int, str]]:
    return list(one.rows.order_by("number").values_list("number", "result"))


def test_store_upload_of_the_same_bytes_gives_the_same_import() -> None:
    first, again = upload(b"toy\r\nball\r\n"), upload(b"toy\r\nball\r\n", "other name.csv")
    other = upload(b"toy\r\ntop\r\n")
    assert first == again != other
    assert Import.objects.count() == ImportFile.objects.count() == 2


def test_store_upload_of_a_failed_file_reads_it_anew() -> None:
    failed = read_upload(import_id=upload(b"nothing, here").pk)
    assert (failed.status, failed.error_code, failed.round) == ("failed", "no_header", 1)
    again = upload(b"nothing, here")
    assert (again.pk, again.status, again.error_code, again.round) == (failed.pk, "uploaded", "", 2)


def test_store_upload_after_another_was_confirmed_is_a_step_back_not_a_repetition() -> None:
    old = uploaded("ball,red")
    confirmed(old)
    assert upload(bytes(ImportFile.objects.get(upload=old).content)) == old
    confirmed(uploaded("ball,blue"))
    back = upload(bytes(ImportFile.objects.get(upload=old).content))
    assert (back.attempt, back.status, back.pk != old.pk) == (2, "uploaded", True)


@pytest.mark.parametrize(("size", "error"), [(0, FileEmpty), (10 * 1024 * 1024 + 1, FileTooBig)])
def test_store_upload_of_an_impossible_size_keeps_nothing(
    size: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        upload(b"a" * size)
    assert (Import.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_store_upload_keeps_a_name_without_paths_and_controls() -> None:
    assert upload(b"x", "..\\..\\a/b\x00\r\n报价.xlsx").filename == ".. .. a b 报价.xlsx"


def test_read_upload_of_a_broken_file_keeps_a_failed_import_and_no_rows() -> None:
    one = read_upload(import_id=upload(b"PK\x03\x04 and nothing more", "a.xlsx").pk)
    assert (one.status, one.error_code, one.header) == ("failed", "broken_zip", [])
    assert ImportRow.objects.count() == 0


def test_read_upload_that_meets_the_time_limit_fails_and_is_not_tried_again(
    run_jobs: Callable[[], None],
) -> None:
    one = upload(b"toy,colour\r\nball,red\r\nendless,blue\r\n")

    run_jobs()

    one.refresh_from_db()
    assert (one.status, one.error_code, one.header) == ("failed", "too_slow", [])
    assert ImportRow.objects.count() == 0
    job = Job.objects.get(stage=READ, subject_id=one.pk)
    assert (job.failures, job.attempts, job.done_at is not None) == (0, 1, True)


def test_read_upload_twice_changes_nothing() -> None:
    one = uploaded("ball,red")
    before = list(one.rows.values())
    assert read_upload(import_id=one.pk).status == "read"
    assert list(one.rows.values()) == before


def test_read_upload_beside_another_worker_stores_the_rows_once() -> None:
    one = upload(b"toy\r\nball\r\n")

    def overtaken() -> None:
        Import.objects.filter(pk=one.pk).update(status="read")

    with _just_before_storing(overtaken), pytest.raises(StaleStatus):
        read_upload(import_id=one.pk)
    assert one.rows.count() == 0


def _just_before_storing(intrude: Callable[[], None]) -> AbstractContextManager[None]:
    """Runs `intrude` once, before the first UPDATE of the code under test."""
    done: list[bool] = []

    def wrapper(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("UPDATE") and not done:
            done.append(True)
            intrude()
        return execute(sql, *rest)

    return connection.execute_wrapper(wrapper)


def test_mend_row_judges_anew_and_takes_a_yes_back() -> None:
    one = uploaded("ball,?", ",red", "top,green")
    decide(one, 2, "take")
    assert verdicts(one) == [(2, "doubtful", "take"), (3, "refused", ""), (4, "ok", "")]
    mend(one, 3, name=" kite ")
    mend(one, 2, colour="blue")
    assert verdicts(one) == [(2, "ok", ""), (3, "ok", ""), (4, "ok", "")]
    assert one.rows.get(number=3).mended == {"name": "kite"}
    assert one.rows.get(number=3).cells == ["", "red"]


def test_mend_row_back_to_what_the_file_says_forgets_the_mending() -> None:
    one = uploaded("ball,?")
    mend(one, 2, colour="blue")
    row = mend(one, 2, colour="?")
    assert (row.mended, row.verdict) == ({}, "doubtful")


@pytest.mark.parametrize(
    ("number", "texts", "error"),
    [(2, {"size": "1"}, Invalid), (2, {"name": "x" * 2001}, Invalid), (9, {"name": "x"}, NotFound)],
)
def test_mend_row_that_cannot_be_is_refused(
    number: int, texts: dict[str, str], error: type[Exception]
) -> None:
    one = uploaded("ball,red")
    before = list(one.rows.values())
    with pytest.raises(error):
        mend(one, number, **texts)
    assert list(one.rows.values()) == before


def test_decide_row_yes_to_a_refused_row_is_refused() -> None:
    one = uploaded(",red")
    with pytest.raises(Invalid):
        decide(one, 2, "take")
    assert verdicts(one) == [(2, "refused", "")]


def test_take_doubtful_says_yes_to_what_nobody_decided() -> None:
    one = uploaded("a,?", "b,?", "c,?", ",red")
    decide(one, 3, "leave")
    with transaction.atomic():
        assert take_doubtful(upload=one, actor=ME) == 2
    assert [row[2] for row in verdicts(one)] == ["take", "leave", "take", ""]


def test_confirm_applies_what_is_taken_once_and_leaves_the_rest() -> None:
    one = uploaded("a,red", "b,?", "c,?", ",red", "e,red")
    decide(one, 3, "take")
    decide(one, 6, "leave")
    confirmed(one)
    assert apply_slice(import_id=one.pk) is True
    one.refresh_from_db()
    assert (one.status, one.applied_at is not None) == ("confirmed", True)
    assert results(one) == [(2, "created"), (3, "created"), (4, "left"), (5, "left"), (6, "left")]
    assert stored_toys() == ["a", "b"]


def test_confirm_twice_and_apply_twice_changes_nothing() -> None:
    one = uploaded("a,red")
    first = confirmed(one)
    apply_slice(import_id=one.pk)
    again = confirmed(one)
    assert (again.confirmed_at, apply_slice(import_id=one.pk)) == (first.confirmed_at, True)
    assert stored_toys() == ["a"]
    assert AuditEntry.objects.filter(action="import.confirmed").count() == 1


def test_confirm_of_nothing_is_refused() -> None:
    one = uploaded(",red", "b,?")
    with pytest.raises(NothingToConfirm):
        confirmed(one)
    assert results(one) == [(2, ""), (3, "")]


def test_confirm_of_a_failed_file_is_refused() -> None:
    one = read_upload(import_id=upload(b"nothing, here").pk)
    with pytest.raises(NotOpen):
        confirmed(one)


def test_nothing_can_be_mended_after_confirming() -> None:
    one = uploaded("a,red", "b,?")
    confirmed(one)
    with pytest.raises(NotOpen):
        mend(one, 3, colour="red")
    with pytest.raises(NotOpen):
        decide(one, 3, "take")
    assert verdicts(one) == [(2, "ok", ""), (3, "doubtful", "")]


def test_apply_row_that_fails_rolls_back_its_own_effect_and_no_other() -> None:
    one = uploaded("a,red", "broken,red", "c,red")
    confirmed(one)
    apply_slice(import_id=one.pk)
    assert results(one) == [(2, "created"), (3, "failed"), (4, "created")]
    assert stored_toys() == ["a", "c"]
    assert not AuditEntry.objects.filter(action="toy.half_done").exists()
    (reason,) = one.rows.get(number=3).reasons
    with translation.override("en"):
        assert reason_sentences(TOYS, [reason]) == ["This row could not be stored: toy_broken"]


def test_apply_goes_on_after_a_crash_where_it_stopped() -> None:
    one = uploaded(*[f"t{number},red" for number in range(10)])
    confirmed(one)

    class Killed(BaseException):
        pass

    calls: list[int] = []

    def die(execute: Callable[..., object], sql: str, *rest: object) -> object:
        calls.append(sql.startswith('UPDATE "kernel_importrow"'))
        if sum(calls) == 4 and calls[-1]:
            raise Killed
        return execute(sql, *rest)

    with connection.execute_wrapper(die), pytest.raises(Killed):
        apply_slice(import_id=one.pk)
    assert stored_toys() == ["t0", "t1", "t2"]
    assert counts_of(one).done == 3
    assert apply_slice(import_id=one.pk) is True
    assert stored_toys() == [f"t{number}" for number in range(10)]


def test_apply_slice_out_of_time_leaves_a_new_job_for_the_rest(
    run_jobs: Callable[[], None],
) -> None:
    one = uploaded("a,red", "b,red")
    confirmed(one)
    assert apply_slice(import_id=one.pk, seconds=-1) is False
    one.refresh_from_db()
    assert (one.round, one.applied_at, stored_toys()) == (2, None, [])
    run_jobs()
    assert stored_toys() == ["a", "b"]


def test_jobs_find_and_do_all_the_work(run_jobs: Callable[[], None]) -> None:
    one = upload(b"toy,colour\r\nball,red\r\n")
    run_jobs()
    one.refresh_from_db()
    assert one.status == "read"
    confirmed(one)
    run_jobs()
    one.refresh_from_db()
    assert (one.applied_at is not None, stored_toys()) == (True, ["ball"])


def test_judge_formula_is_refused_until_it_is_mended() -> None:
    page = openpyxl.Workbook()
    assert page.active is not None
    for line in (("toy", "colour"), ("=1+1", "red"), ("ball", "red")):
        page.active.append(line)
    stream = io.BytesIO()
    page.save(stream)
    one = read_upload(import_id=upload(stream.getvalue(), "toys.xlsx").pk)
    assert verdicts(one) == [(2, "refused", ""), (3, "ok", "")]
    assert one.rows.get(number=2).reasons == [
        {
            "code": "formula",
            "column": "name",
            "params": {"value": "=1+1", "column": "toy"},
            "level": "refused",
        }
    ]
    assert mend(one, 2, name="2").verdict == "ok"


def test_refused_rows_file_gives_back_rows_and_reasons_harmlessly() -> None:
    one = uploaded("a,red", "=1+1,?", ",-2")
    with translation.override("en"):
        files = {suffix: refused_rows_file(upload=one, suffix=suffix) for suffix in ("csv", "xlsx")}
    expected = [
        ["toy", "colour", "row in the file", "reason"],
        ["=1+1", "?", "3", "“colour” is unknown."],
        ["", "-2", "4", "No name."],
    ]
    assert files["csv"][0] == "toys rows left out.csv"
    text = files["csv"][1].decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        [f"'{cell}" if cell[:1] in ("=", "-") and cell else cell for cell in row]
        for row in expected
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"][1])).active
    assert sheet is not None
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == expected
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_refused_rows_file_twice_is_the_same_to_the_byte() -> None:
    one = uploaded("a,?")
    assert refused_rows_file(upload=one, suffix="xlsx") == refused_rows_file(
        upload=one, suffix="xlsx"
    )


@pytest.mark.django_db(transaction=True)
def test_apply_by_three_workers_at_once_stores_each_row_once() -> None:
    one = uploaded(*[f"t{number},red" for number in range(60)])
    confirmed(one)
    _together(3, lambda: apply_slice(import_id=one.pk))
    assert apply_slice(import_id=one.pk) is True
    assert sorted(stored_toys()) == sorted(f"t{number}" for number in range(60))


@pytest.mark.django_db(transaction=True)
def test_apply_without_the_lock_on_the_row_would_store_rows_twice() -> None:
    """The control: workers that look before they lock nothing do the same rows."""
    one = uploaded(*[f"t{number},red" for number in range(60)])
    confirmed(one)
    barrier = threading.Barrier(3)

    def careless() -> None:
        for row in one.rows.filter(result="").order_by("number"):
            barrier.wait(timeout=20)
            with transaction.atomic():
                TOYS.apply(one.subject_id, row.values, ME)
                row.result = "created"
                row.save(update_fields=["result"])

    _together(3, careless)
    assert len(stored_toys()) == 180


def _together(workers: int, work: Callable[[], object]) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(run) for _worker in range(workers)]:
            future.result(timeout=60)
