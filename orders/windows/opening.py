"""Publish a window. From then on an order is taken iff opens_at ≤ the database's clock < closes_at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config.kernel import audit, clock, locks
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.states import StaleStatus, advance
from orders.models import Offer, OrderWindow
from orders.states import WindowStatus


class NothingOffered(DomainError):
    code = "nothing_offered"
    detail = _("There is nothing on offer yet.")


class CutoffPassed(DomainError):
    code = "cutoff_passed"
    detail = _("The cutoff has passed already. Set another one first.")


def make_ready(*, window: OrderWindow, actor: Actor) -> None:
    """DRAFT → READY. Raises NothingOffered, IllegalTransition, StaleStatus. Takes the window lock."""
    _lock(window)
    _require_offers(window)
    advance(window, to=WindowStatus.READY)
    _record(window, actor, "window.ready")


def back_to_draft(*, window: OrderWindow, actor: Actor) -> None:
    """READY → DRAFT. Raises IllegalTransition, StaleStatus. Takes the window lock."""
    _lock(window)
    advance(window, to=WindowStatus.DRAFT)
    _record(window, actor, "window.back_to_draft")


def open_window(*, window: OrderWindow, actor: Actor) -> None:
    """READY → OPEN. Raises NothingOffered, CutoffPassed, IllegalTransition, StaleStatus. Takes the window lock, so that
    no offer changes after residents have seen it.
    """
    _lock(window)
    _require_offers(window)
    if window.closes_at <= clock.database_now():
        raise CutoffPassed()
    advance(window, to=WindowStatus.OPEN)
    _record(window, actor, "window.opened")


def _lock(window: OrderWindow) -> None:
    """The window's lock and a fresh look. Raises StaleStatus if the state is no longer the one the caller saw."""
    seen = window.status
    locks.take(exclusive=[locks.key(locks.Namespace.WINDOW, window.pk)])
    window.refresh_from_db()
    if window.status != seen:
        raise StaleStatus()


def _require_offers(window: OrderWindow) -> None:
    if not Offer.objects.filter(window=window, is_active=True).exists():
        raise NothingOffered()


def _record(window: OrderWindow, actor: Actor, action: str) -> None:
    audit.record(
        actor=actor, action=action, subject=("window", window.pk), community_id=window.community_id
    )
