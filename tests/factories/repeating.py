"""Repeating group buys, and a clock that can be set."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from pytest_django import Settings

from communities.models import Community, User
from orders.models import WindowTemplate
from orders.windows.templates import create_template
from suppliers.models import Supplier
from tests import factories as make

# From seven to noon, every day.
DAILY: dict[str, Any] = {
    "valid_from": date(2022, 4, 1),
    "opens": time(7),
    "closes": time(12),
    "delivers": time(17),
}


def make_template(
    community: Community,
    *,
    supplier: Supplier | None = None,
    organiser: User | None = None,
    **rules: Any,
) -> WindowTemplate:
    """ACTIVE, every day from 7:00 to 12:00, everything on offer; `rules` as the verb takes them."""
    with transaction.atomic():
        return create_template(
            community=community,
            supplier=supplier or make.make_supplier(community),
            actor=organiser or make.make_staff(community),
            **{**DAILY, **rules},
        )


def set_clock(settings: Settings, text: str) -> None:
    """The database's clock too: `2022-04-20 18:00:05`, the wall clock of Shanghai."""
    moment = datetime.fromisoformat(f"{text}+08:00")
    settings.CLOCK_OFFSET_SECONDS = round((moment - datetime.now(UTC)).total_seconds())
