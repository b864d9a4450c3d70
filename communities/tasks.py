"""Celery's side of the communities."""

from __future__ import annotations

from celery import shared_task
from knox.models import AuthToken

from config.kernel import clock


@shared_task(name="communities.tidy")
def tidy() -> None:
    """Delete tokens that have expired; they were refused already."""
    AuthToken.objects.filter(expiry__lt=clock.now()).delete()
