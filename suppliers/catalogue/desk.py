"""How the pages of an import show a catalogue."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from communities.importing.desk import Desk, Opened
from communities.models import User
from suppliers.catalogue.access import access_import
from suppliers.catalogue.kind import CATALOGUE


def _access(user: User, public_id: UUID) -> Opened:
    upload, supplier = access_import(user, public_id=public_id)
    title = _("Catalogue of %(name)s") % {"name": supplier.name}
    return Opened(upload, title, reverse("catalogue:index", args=[supplier.public_id]))


DESK = Desk(
    kind=CATALOGUE,
    namespace="catalogue",
    access=_access,
    shown=("name", "spec", "unit", "price", "barcode"),
)
