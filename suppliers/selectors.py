"""Reads of the catalogue."""

from __future__ import annotations

from django.db.models import Min, QuerySet, Window

from suppliers.models import Product


def in_catalogue_order(products: QuerySet[Product]) -> QuerySet[Product]:
    """As the supplier listed them, each category in one piece: vegetables first if his list begins with them."""
    first = Window(Min("pk"), partition_by="category")
    return products.annotate(category_begins=first).order_by("category_begins", "pk")
