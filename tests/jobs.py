"""Background work, done in the process of the test."""

from __future__ import annotations

from config.kernel import jobs


def run_all() -> None:
    """Sweep and run until nothing is left to do."""
    for _turn in range(20):
        jobs.Job.objects.update(rung_at=None)
        ids = jobs.sweep()
        if not ids:
            return
        for job_id in ids:
            jobs.run(job_id)
