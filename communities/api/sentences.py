"""How the messages of the communities read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communities.api.wording import name_kinds

SENTENCES = {
    "join.approved": _(
        "Somebody else orders for your household now. If you know nothing of it, tell a volunteer."
    ),
}


def register() -> None:
    """Called once when the routes are loaded."""
    name_kinds(SENTENCES)
