"""Keys with which a supplier's program signs in: `jd_<prefix>_<secret>`, shown once, stored as SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.intake.parsing.text import clean
from config.kernel.locks import require_atomic
from suppliers.models import Supplier, SupplierKey


class AlreadyRevoked(DomainError):
    code = "already_revoked"
    detail = _("This key has been revoked already.")


def issue_key(
    *, supplier: Supplier, label: str, actor: Actor, at: datetime
) -> tuple[SupplierKey, str]:
    """The key's row and the text to hand over; the text cannot be had again. The label is cut to 40 characters."""
    require_atomic()
    prefix, secret = secrets.token_hex(6), secrets.token_hex(32)
    key = SupplierKey.objects.create(
        supplier=supplier,
        prefix=prefix,
        secret_hash=_hash(secret),
        label=" ".join(clean(label).split())[:40],
        created_at=at,
    )
    _record(key, "supplier_key.issued", actor)
    return key, f"jd_{prefix}_{secret}"


def revoke_key(*, key: SupplierKey, actor: Actor, at: datetime) -> None:
    """Dead at once. Raises AlreadyRevoked."""
    require_atomic()
    if not SupplierKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        raise AlreadyRevoked
    key.revoked_at = at
    _record(key, "supplier_key.revoked", actor)


def find_key(text: str) -> SupplierKey | None:
    """The live key that this text opens, with its supplier; None for anything else. One statement."""
    parts = text.split("_")
    if len(parts) != 3 or parts[0] != "jd":
        return None
    key = (
        SupplierKey.objects.select_related("supplier")
        .filter(prefix=parts[1], revoked_at=None, supplier__is_active=True)
        .first()
    )
    if key is None or not hmac.compare_digest(key.secret_hash, _hash(parts[2])):
        return None
    return key


def _record(key: SupplierKey, action: str, actor: Actor) -> None:
    """Once for each served community: those who supervise it see only its own entries."""
    served = key.supplier.serves.order_by("pk").values_list("community_id", flat=True)
    concerned: list[int | None] = [*served]
    for community_id in concerned or [None]:
        audit.record(
            actor=actor,
            action=action,
            subject=("supplier_key", key.pk),
            community_id=community_id,
            data={"supplier": key.supplier_id, "prefix": key.prefix, "label": key.label},
        )


def _hash(secret: str) -> str:
    # 256 random bits: a plain hash cannot be searched, a slow one would only cost.
    return hashlib.sha256(secret.encode()).hexdigest()
