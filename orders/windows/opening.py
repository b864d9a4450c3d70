"""Publish a window. From then on an order is taken iff opens_at ≤ the database's clock < closes_at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.kernel import audit, clock, locks
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.states import advance
from orders.models import Offer, OrderWindow
from orders.states import WindowStatus


class NothingOffered(DomainError):
    code = "nothing_offered"
    detail = _("There is nothing on offer yet.")


class CutoffPassed(DomainError):
    code = "cutoff_passed"
    detail = _("The cutoff has passed already. Set another one first.")


def make_ready(*, window: OrderWindow, actor: Actor) -> None:
    """DRAFT → READY. Raises NothingOffered, StaleStatus."""
    locks.require_atomic()
    if not Offer.objects.filter(window=window, is_active=True).exists():
        raise NothingOffered
    advance(window, to=WindowStatus.READY)
    _record(window, actor, "window.ready")


def back_to_draft(*, window: OrderWindow, actor: Actor) -> None:
    """READY → DRAFT."""
    locks.require_atomic()
    advance(window, to=WindowStatus.DRAFT)
    _record(window, actor, "window.back_to_draft")


def open_window(*, window: OrderWindow, actor: Actor) -> None:
    """READY → OPEN. Raises NothingOffered, CutoffPassed, StaleStatus."""
    locks.require_atomic()
    if not Offer.objects.filter(window=window, is_active=True).exists():
        raise NothingOffered
    if window.closes_at <= clock.database_now():
        raise CutoffPassed
    advance(window, to=WindowStatus.OPEN)
    _record(window, actor, "window.opened")


def _record(window: OrderWindow, actor: Actor, action: str) -> None:
    audit.record(
        actor=actor, action=action, subject=("window", window.pk), community_id=window.community_id
    )
