"""Celery's side of the orders: the cutoff is looked for every second."""

from __future__ import annotations

from celery import shared_task

from config.kernel import heartbeats
from config.kernel.tasks import sweep_and_ring


@shared_task(name="orders.close_due")
def close_due() -> None:
    """Find windows past their cutoff and ring for them."""
    sweep_and_ring(["orders.close"])
    heartbeats.beat("orders.close_due")
