"""The only way code at the edge loads an import of a catalogue."""

from __future__ import annotations

from uuid import UUID

from communities.models import User
from config.kernel.errors import NotFound
from config.kernel.intake.models import Import
from suppliers.access import access_supplier_to_keep
from suppliers.catalogue.kind import CATALOGUE
from suppliers.models import Supplier


def access_import(user: User, *, public_id: UUID) -> tuple[Import, Supplier]:
    """An import and its supplier. Raises NotFound or Forbidden, as access_supplier_to_keep does."""
    upload = Import.objects.filter(kind=CATALOGUE.name, public_id=public_id).first()
    if upload is None:
        raise NotFound()
    supplier = Supplier.objects.filter(pk=upload.subject_id).first()
    if supplier is None:
        raise NotFound()
    return upload, access_supplier_to_keep(user, public_id=supplier.public_id)
