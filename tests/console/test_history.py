"""Every action that the code records has a sentence for people."""

from __future__ import annotations

import re
from pathlib import Path

from django.urls import get_resolver

from communities.history import sentence_of

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "communities", "suppliers", "orders", "volunteers")
# `action="window.opened"`, `_record(window, actor, "window.opened")`, `self.record(request, row, "created")`
_ACTION = re.compile(r'action="([a-z_]+\.[a-z_]+)"|_record\([^"]*?"([a-z_]+\.[a-z_]+)"')


def _recorded() -> set[str]:
    found: set[str] = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for groups in _ACTION.findall(path.read_text(encoding="utf-8")):
                found |= {action for action in groups if action}
    return found


def test_every_recorded_action_has_a_sentence() -> None:
    # The addresses load every page, and with it what it calls its actions.
    assert get_resolver().url_patterns
    actions = _recorded()

    assert {"window.opened", "supplier_order.released", "household.added"} <= actions
    assert [action for action in sorted(actions) if sentence_of(action) == action] == []
