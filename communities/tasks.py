"""Celery's side of the communities."""

from __future__ import annotations

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db import transaction
from knox.models import AuthToken

from communities.joining.leaving import erase_residents
from communities.joining.requesting import lapse_joins
from communities.joining.sending import forget_codes
from config.kernel import clock


@shared_task(name="communities.tidy")
def tidy() -> None:
    """Delete tokens and sessions that have expired; they were refused already. Wishes that nobody decided end."""
    AuthToken.objects.filter(expiry__lt=clock.now()).delete()
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    forget_codes()
    with transaction.atomic(durable=True):
        lapse_joins(at=clock.now())
        erase_residents(at=clock.now())
