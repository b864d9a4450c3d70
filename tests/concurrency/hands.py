"""A process that is sweep, beat and worker at once, until there is nothing left to do (test_hands.py)."""

from __future__ import annotations

import time

from config.kernel import jobs, outbox
from config.kernel.jobs import Job

PATIENCE = 20


def work() -> int:
    """Hear every bell, also those that others hear; returns how often it tried to begin a job."""
    tried, idle, deadline = 0, 0, time.monotonic() + PATIENCE
    while idle < 3 and time.monotonic() < deadline:
        jobs.sweep()
        waiting = list(Job.objects.filter(done_at=None).values_list("pk", flat=True))
        for job_id in waiting:
            jobs.run(job_id)
        outbox.deliver_due()
        tried, idle = tried + len(waiting), 0 if waiting else idle + 1
    return tried
