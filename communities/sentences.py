"""How the messages of the communities read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communities.wording import name_kinds

SENTENCES = {
    "join.approved": _(
        "Somebody else orders for your household now. If you know nothing of it, tell a volunteer."
    ),
    "device.signed_in": _(
        "A new device is signed in to your account. If it is not yours, sign it out and tell a volunteer."
    ),
    "phone.changed": _(
        "The phone number kept with your name was changed. If you know nothing of it, tell a volunteer."
    ),
}


def register() -> None:
    """Called once when the app is ready."""
    name_kinds(SENTENCES)
