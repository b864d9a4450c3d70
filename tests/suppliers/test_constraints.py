"""The database is the last defence: each constraint of suppliers, attacked directly."""

from __future__ import annotations

import pytest

from suppliers.models import Product
from suppliers.photos.keeping import set_photo
from tests import factories as make
from tests import pictures
from tests.attempts import constraints_of, refused_by

pytestmark = pytest.mark.django_db


def product(change: str) -> str:
    return f"UPDATE suppliers_product SET {change} WHERE id = %(product)s"  # noqa: S608 -- of this table


ATTEMPTS = {
    "supplier_multiple_positive": "UPDATE suppliers_supplier SET order_multiple = 0 WHERE id = %(supplier)s",
    "served_once": """
        INSERT INTO suppliers_servedcommunity (supplier_id, community_id)
        SELECT supplier_id, community_id FROM suppliers_servedcommunity WHERE supplier_id = %(supplier)s
    """,
    "product_barcode_of_supplier": product("barcode = '6901234567892'"),
    "product_name_and_spec": product("name = '商品2'"),
    "product_price_not_negative": product("price_fen = -1"),
    "product_minimum_positive": product("minimum = 0"),
    "product_multiple_positive": product("order_multiple = 0"),
    "product_case_positive": product("case_size = 0"),
    "product_has_name": product("name = ''"),
    "photo_media_type_known": "UPDATE suppliers_productphoto SET media_type = 'image/gif'",
    "photo_sides": "UPDATE suppliers_productphoto SET width = 4097",
}


@pytest.fixture(scope="module")
def world(shared_db: None) -> dict[str, object]:
    supplier = make.make_supplier(make.make_community())
    first, second = supplier.products.order_by("pk")
    Product.objects.filter(pk=second.pk).update(barcode="6901234567892")
    set_photo(product=first, content=pictures.png(), actor=make.SETUP)
    return {"supplier": supplier.pk, "product": first.pk}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_direct_write_is_refused_by_the_constraint(name: str, world: dict[str, object]) -> None:
    assert refused_by(ATTEMPTS[name], world) == name


def test_every_constraint_is_attacked() -> None:
    assert set(ATTEMPTS) == constraints_of("suppliers")


@pytest.mark.parametrize(
    "change", ["barcode = ''", "name = '商品2', spec = '1kg'", "case_size = NULL"]
)
def test_direct_write_of_something_proper_is_accepted(
    change: str, world: dict[str, object]
) -> None:
    assert refused_by(product(change), world) is None
