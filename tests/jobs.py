"""Background work, done in the process of the test."""

from __future__ import annotations

from config.kernel import jobs


def run_all() -> None:
    """Run until a sweep of everything finds nothing left to do; what a job says is next comes first, as in a worker."""
    then: tuple[str, ...] = ()
    for _turn in range(60):
        jobs.Job.objects.update(rung_at=None)
        ids = jobs.sweep(then) if then else []
        if not ids:
            ids = jobs.sweep()
        if not ids:
            return
        then = tuple(dict.fromkeys(name for job_id in ids for name in jobs.run(job_id)))
