"""Products as rows of a catalogue import see them: read them all, write one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.intake.kinds import CREATED, UNCHANGED, UPDATED, Outcome
from config.kernel.locks import require_atomic
from suppliers.catalogue.judging import Known
from suppliers.models import Product

FIELDS = (
    "barcode",
    "item_number",
    "name",
    "spec",
    "unit",
    "price_fen",
    "category",
    "brand",
    "case_size",
    "minimum",
    "order_multiple",
    "description",
    "is_active",
)


class ProductChangedMeanwhile(DomainError):
    """The product is no longer what the person saw in the preview."""

    code = "product_changed_meanwhile"
    detail = _("The product was changed by somebody else after the preview.")


class ProductTakenMeanwhile(DomainError):
    """Barcode or name have come to belong to another product since the preview."""

    code = "product_taken_meanwhile"
    detail = _("Another product got this barcode or this name after the preview.")


def known_products(supplier_id: int) -> list[Known]:
    """All products of a supplier, those off sale included."""
    rows = Product.objects.filter(supplier_id=supplier_id).order_by("pk").values("pk", *FIELDS)
    return [Known(row["pk"], {name: row[name] for name in FIELDS}) for row in rows]


def store_product(supplier_id: int, values: Mapping[str, Any], actor: Actor) -> Outcome:
    """Create or change one product as judged (`fields`, `product`, `was`).

    Raises ProductChangedMeanwhile or ProductTakenMeanwhile; then nothing was written.
    """
    require_atomic()
    try:
        with transaction.atomic():
            if values["product"] is None:
                return _create(supplier_id, values["fields"], actor)
            return _change(supplier_id, values, actor)
    except IntegrityError as error:
        raise ProductTakenMeanwhile() from error


def _create(supplier_id: int, fields: Mapping[str, Any], actor: Actor) -> Outcome:
    product = Product.objects.create(supplier_id=supplier_id, **fields)
    _record("product.created", product, actor, {"price_fen": product.price_fen})
    return Outcome(CREATED, "product", product.pk)


def _change(supplier_id: int, values: Mapping[str, Any], actor: Actor) -> Outcome:
    product = (
        Product.objects.select_for_update()
        .filter(supplier_id=supplier_id, pk=values["product"])
        .first()
    )
    if product is None:
        raise ProductChangedMeanwhile()
    changes = {
        name: value for name, value in values["fields"].items() if getattr(product, name) != value
    }
    if any(values["was"].get(name) != getattr(product, name) for name in changes):
        raise ProductChangedMeanwhile()
    if not changes:
        return Outcome(UNCHANGED, "product", product.pk)
    data: dict[str, Any] = {"fields": sorted(changes)}
    if "price_fen" in changes:
        data["price_fen"] = [product.price_fen, changes["price_fen"]]
    for name, value in changes.items():
        setattr(product, name, value)
    product.save(update_fields=list(changes))
    _record("product.edited", product, actor, data)
    return Outcome(UPDATED, "product", product.pk)


def _record(action: str, product: Product, actor: Actor, data: dict[str, Any]) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("product", product.pk),
        data={"supplier": product.supplier_id, **data},
    )
