"""Jobs: claimed once, three failures park, ten beginnings park, twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from pytest_django import Settings

from config.kernel import clock, jobs
from config.kernel.jobs import Job, Stage, Subject
from config.kernel.states import StaleStatus

pytestmark = pytest.mark.django_db(transaction=True)

Moved = Callable[[float], None]


class Toy:
    """A stage of the tests: subjects that want work, what was done, what goes wrong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wanted: list[Subject] = []
        self.done: list[int] = []
        self.trouble: Exception | None = None
        self.meanwhile: Callable[[Job], object] = str

    def find(self) -> list[Subject]:
        return [subject for subject in self.wanted if subject.id not in self.done]

    def run(self, job: Job) -> None:
        self.meanwhile(job)
        if self.trouble is not None:
            raise self.trouble
        self.done.append(job.subject_id)


@pytest.fixture
def toy() -> Iterator[Toy]:
    toy = Toy("tests.toy")
    jobs.register(Stage(toy.name, toy.run, toy.find, then=("tests.next",)))
    yield toy
    del jobs._stages[toy.name]


@pytest.fixture
def later(settings: Settings) -> Moved:
    """Let so many seconds pass."""

    def move(seconds: float) -> None:
        settings.CLOCK_OFFSET_SECONDS += seconds

    return move


def sweep(toy: Toy, *ids: int) -> list[int]:
    toy.wanted = [Subject("toy", number) for number in ids or (1,)]
    return jobs.sweep([toy.name])


def test_sweep_inserts_one_job_per_subject_however_often_it_runs(toy: Toy) -> None:
    first = sweep(toy, 1, 2)
    again = sweep(toy, 1, 2)

    rows = Job.objects.order_by("subject_id").values_list(
        "stage", "subject_kind", "subject_id", "revision"
    )
    assert list(rows) == [(toy.name, "toy", 1, 1), (toy.name, "toy", 2, 1)]
    assert sorted(first) == sorted(Job.objects.values_list("pk", flat=True))
    assert again == []


def test_sweep_of_a_new_revision_inserts_another_job(toy: Toy) -> None:
    sweep(toy)
    toy.wanted = [Subject("toy", 1, revision=2)]

    assert len(jobs.sweep([toy.name])) == 1
    assert list(Job.objects.order_by("pk").values_list("revision", flat=True)) == [1, 2]


def test_sweep_rings_again_after_four_seconds_and_not_before(toy: Toy, later: Moved) -> None:
    ids = sweep(toy)
    later(3)
    assert sweep(toy) == []
    later(2)

    assert sweep(toy) == ids


def test_sweep_of_other_stages_rings_for_them_only(toy: Toy) -> None:
    sweep(toy)
    Job.objects.update(rung_at=None)

    assert jobs.sweep([]) == []
    assert jobs.sweep(["orders.close"]) == []


def test_run_does_the_work_once_and_names_the_next_stage(toy: Toy) -> None:
    (job_id,) = sweep(toy)

    assert jobs.run(job_id) == ("tests.next",)
    assert jobs.run(job_id) == ()

    job = Job.objects.get()
    assert toy.done == [1]
    assert (job.attempts, job.failures, job.claimed_until, job.parked_at) == (1, 0, None, None)
    assert job.done_at is not None


def test_run_of_a_job_that_is_gone_does_nothing(toy: Toy) -> None:
    assert jobs.run(4711) == ()


def test_run_inside_a_transaction_is_refused(toy: Toy) -> None:
    (job_id,) = sweep(toy)

    with pytest.raises(TransactionManagementError), transaction.atomic():
        jobs.run(job_id)

    assert toy.done == []


def test_run_of_a_claimed_job_leaves_it_to_the_other_worker(toy: Toy) -> None:
    (job_id,) = sweep(toy)
    inner: list[tuple[str, ...]] = []
    toy.meanwhile = lambda job: inner.append(jobs.run(job.pk)) if not inner else None

    assert jobs.run(job_id) == ("tests.next",)

    assert inner == [()]
    assert toy.done == [1]


def test_run_of_a_job_whose_worker_died_begins_anew_when_the_lease_ends(
    toy: Toy, later: Moved
) -> None:
    (job_id,) = sweep(toy)
    Job.objects.update(attempts=1, claimed_until=clock.now() + timedelta(seconds=300))
    later(299)
    assert jobs.run(job_id) == ()
    assert jobs.sweep([toy.name]) == []
    later(2)

    assert jobs.sweep([toy.name]) == [job_id]
    assert jobs.run(job_id) == ("tests.next",)
    assert (toy.done, Job.objects.get().attempts) == ([1], 2)


def test_run_that_fails_waits_longer_each_time_and_is_parked_after_three(
    toy: Toy, later: Moved
) -> None:
    (job_id,) = sweep(toy)
    toy.trouble = RuntimeError("no paper")
    waits = []
    for _turn in range(3):
        begun = clock.now()
        assert jobs.run(job_id) == ()
        job = Job.objects.get()
        assert (job.last_error, job.claimed_until) == ("RuntimeError: no paper", None)
        waits.append(round((job.run_after - begun).total_seconds()))
        assert jobs.run(job_id) == ()
        later(waits[-1] + 1)

    job = Job.objects.get()
    assert waits == [10, 20, 40]
    assert (job.attempts, job.failures) == (3, 3)
    assert job.parked_at is not None
    assert jobs.sweep([toy.name]) == []
    assert jobs.run(job_id) == ()
    assert toy.done == []


def test_parked_job_blocks_no_other(toy: Toy) -> None:
    sweep(toy)
    Job.objects.update(parked_at=clock.now())
    (other,) = sweep(toy, 1, 2)

    assert jobs.run(other) == ("tests.next",)
    assert toy.done == [2]


def test_retry_gives_a_parked_job_three_more_tries(toy: Toy) -> None:
    (job_id,) = sweep(toy)
    Job.objects.update(parked_at=clock.now(), failures=3, attempts=3)

    jobs.retry(Job.objects.get())

    assert jobs.sweep([toy.name]) == [job_id]
    assert jobs.run(job_id) == ("tests.next",)
    job = Job.objects.get()
    assert (job.attempts, job.failures, job.parked_at, job.last_error) == (1, 0, None, "")


def test_retry_of_a_job_that_is_not_parked_is_stale(toy: Toy) -> None:
    sweep(toy)

    with pytest.raises(StaleStatus):
        jobs.retry(Job.objects.get())

    assert Job.objects.get().rung_at is not None


def test_job_that_kills_its_worker_is_parked_after_ten_beginnings(toy: Toy) -> None:
    (job_id,) = sweep(toy)
    Job.objects.update(attempts=jobs.MAX_ATTEMPTS)

    assert jobs.run(job_id) == ()

    job = Job.objects.get()
    assert job.parked_at is not None
    assert job.last_error == "begun ten times without an end"
    assert toy.done == []


def test_run_that_comes_too_late_is_done_without_an_error(toy: Toy) -> None:
    (job_id,) = sweep(toy)
    toy.trouble = StaleStatus()

    assert jobs.run(job_id) == ("tests.next",)

    job = Job.objects.get()
    assert (job.failures, job.last_error) == (0, "")
    assert job.done_at is not None


def test_failure_after_the_lease_does_not_end_the_claim_of_the_next_worker(
    toy: Toy, later: Moved
) -> None:
    (job_id,) = sweep(toy)
    toy.trouble = RuntimeError("slow, then broken")
    taken = clock.now() + timedelta(seconds=600)

    def taken_over(job: Job) -> None:
        Job.objects.filter(pk=job.pk).update(attempts=2, claimed_until=taken)

    toy.meanwhile = taken_over
    jobs.run(job_id)

    job = Job.objects.get()
    assert (job.claimed_until, job.failures, job.last_error) == (taken, 0, "")


def test_success_after_somebody_parked_the_job_is_a_success(toy: Toy) -> None:
    (job_id,) = sweep(toy)
    toy.meanwhile = lambda _job: Job.objects.update(parked_at=clock.now())

    assert jobs.run(job_id) == ("tests.next",)

    job = Job.objects.get()
    assert job.parked_at is None
    assert job.done_at is not None


def test_report_shows_progress_while_the_work_goes_on(toy: Toy) -> None:
    (job_id,) = sweep(toy)
    seen: list[tuple[int, int]] = []

    def half_way(job: Job) -> None:
        job.report(2, 5)
        seen.extend(Job.objects.values_list("progress_done", "progress_total"))

    toy.meanwhile = half_way
    jobs.run(job_id)

    assert seen == [(2, 5)]


def test_latest_is_the_job_of_that_revision(toy: Toy) -> None:
    (job_id,) = sweep(toy)

    job = jobs.latest(toy.name, Subject("toy", 1))

    assert job is not None
    assert job.pk == job_id
    assert jobs.latest(toy.name, Subject("toy", 1, revision=2)) is None
    assert jobs.latest(toy.name, Subject("toy", 2)) is None


def test_register_of_a_stage_twice_is_refused(toy: Toy) -> None:
    with pytest.raises(ValueError, match="registered twice"):
        jobs.register(Stage(toy.name, toy.run, toy.find))


# Workers that die, are cut off, or whose clocks are wrong.


def test_claim_is_kept_while_the_work_goes_on(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    (job_id,) = sweep(toy)
    others: list[tuple[str, ...]] = []

    def outlast_three_leases(job: Job) -> None:
        until = Job.objects.get().claimed_until
        assert until is not None
        while clock.database_now() < until + 3 * jobs.LEASE:
            others.append(jobs.run(job.pk))

    toy.meanwhile = outlast_three_leases
    assert jobs.run(job_id) == ("tests.next",)

    assert set(others) == {()}
    assert (toy.done, Job.objects.get().attempts) == ([1], 1)


def test_control_claim_that_is_not_renewed_is_lost_to_another_worker(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    monkeypatch.setattr(jobs, "_renew", lambda _job, _over: None)
    (job_id,) = sweep(toy)
    inner: list[tuple[str, ...]] = []

    def outlast_the_lease(job: Job) -> None:
        until = Job.objects.get().claimed_until
        while not inner and until and clock.database_now() < until + 3 * jobs.LEASE:
            toy.meanwhile = str
            inner.extend(filter(None, [jobs.run(job.pk)]))

    toy.meanwhile = outlast_the_lease
    jobs.run(job_id)

    assert inner == [("tests.next",)]
    assert toy.done == [1, 1]


def test_work_whose_connection_is_cut_is_free_again_and_counts_no_failure(toy: Toy) -> None:
    (job_id,) = sweep(toy)

    def cut(_job: Job) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    toy.meanwhile = cut
    assert jobs.run(job_id) == ()
    job = Job.objects.get()
    assert (job.failures, job.claimed_until, job.parked_at, toy.done) == (0, None, None, [])

    toy.meanwhile = str
    assert jobs.run(job_id) == ("tests.next",)
    assert toy.done == [1]


def test_statement_that_takes_too_long_is_a_failure_of_the_work(toy: Toy) -> None:
    (job_id,) = sweep(toy)

    def wait(_job: Job) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10ms'; SELECT pg_sleep(5)")

    toy.meanwhile = wait

    assert jobs.run(job_id) == ()
    assert Job.objects.get().failures == 1


@pytest.mark.parametrize("hours", [-2, 2])
def test_worker_whose_clock_is_wrong_takes_and_leaves_what_the_others_do(
    toy: Toy, hours: int
) -> None:
    moment = clock.now()
    wrong = moment + timedelta(hours=hours)
    inner: list[tuple[str, ...]] = []

    def let_the_others_try(job: Job) -> None:
        toy.meanwhile = str
        with time_machine.travel(moment, tick=True):
            inner.append(jobs.run(job.pk))

    with time_machine.travel(wrong, tick=True):
        broken, held, left = sweep(toy, 1, 2, 3)
        toy.trouble = RuntimeError("no paper")
        jobs.run(broken)
        toy.trouble, toy.meanwhile = None, let_the_others_try
        assert jobs.run(held) == ("tests.next",)
    assert jobs.run(left) == ("tests.next",)

    assert inner == [()]
    assert toy.done == [2, 3]
    for job in Job.objects.all():
        times = [job.created_at, job.run_after, job.rung_at, job.done_at]
        assert all(abs(at - moment) < timedelta(minutes=5) for at in times if at), job
