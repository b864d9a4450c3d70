"""Background work, done in the process of the test."""

from __future__ import annotations

from config.kernel import jobs


def run_all() -> None:
    """Run until a sweep of everything finds nothing left to do; behind a job what it says comes next, as a worker does."""
    then: tuple[str, ...] = ()
    for _turn in range(60):
        jobs.Job.objects.update(rung_at=None)
        ids = jobs.sweep(then) if then else []
        if not ids:
            ids = jobs.sweep()
        if not ids:
            return
        then = tuple(dict.fromkeys(name for job_id in ids for name in jobs.run(job_id)))
