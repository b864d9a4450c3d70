"""Celery's side of the orders: the cutoff is looked for every second."""

from __future__ import annotations

from time import monotonic, sleep

from celery import shared_task

from config.kernel import heartbeats
from config.kernel.tasks import sweep_and_run
from orders.windows import closing

# Seconds between two bells of beat.
_EVERY = 1.0


@shared_task(name="orders.close_due")
def close_due() -> None:
    """Close windows past their cutoff. One that comes before beat rings again is waited for, so that nothing but the
    closing itself stands between the cutoff and the state that everybody sees.
    """
    until = monotonic() + _EVERY
    sweep_and_run(["orders.close"])
    heartbeats.beat("orders.close_due")
    while (wait := closing.seconds_to_cutoff(within=until - monotonic())) is not None:
        sleep(wait)
        sweep_and_run(["orders.close"])
