"""What is there already is refused in plain words, without names of constraints."""

from __future__ import annotations

import pytest
from django.db.models import Model
from django.test import Client

from communities.models import Building, Community, Household, Region, User
from suppliers.models import Product, Supplier
from tests import factories as make
from tests.console import addresses as at
from tests.console.browsing import fill
from tests.console.conftest import Enter, Place

SENTENCES: dict[str, tuple[type[Model], str]] = {
    "region": (Region, "There is a region of this name here already."),
    "community": (Community, "The region has a community of this name already."),
    "address": (Building, "The community has a building with this address already."),
    "room": (Household, "The building has a household in this room already."),
    "supplier": (Supplier, "There is a supplier of this name already."),
    "product": (
        Product,
        "The supplier has another product with this name and specification.",
    ),
}


def _english(browser: Client) -> Client:
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def _given(what: str, home: Place) -> dict[str, object]:
    building, product = home.rows[Building], home.rows[Product]
    fields: dict[str, dict[str, object]] = {
        "region": {"kind": "grid", "name": home.community.region.name},
        "community": {
            "region": home.community.region_id,
            "name": home.community.name,
            "short_name": "院",
        },
        "address": {"community": home.community.pk, "number": building.number},
        "room": {"building": building.pk, "room": home.rows[Household].room},
        "supplier": {
            "name": home.rows[Supplier].name,
            "short_name": "菜场",
            "community": home.community.pk,
        },
        "product": {
            "supplier": product.supplier_id,
            "name": product.name,
            "spec": product.spec,
            "unit": "袋",
            "price": "1.00",
        },
    }
    return fields[what]


@pytest.mark.parametrize("what", SENTENCES)
def test_new_row_that_is_there_already_is_refused_in_plain_words(
    what: str, home: Place, root: User, enter: Enter
) -> None:
    model, sentence = SENTENCES[what]
    before = model._default_manager.count()
    browser = _english(enter(root))

    answer = fill(browser, at.add(model), **_given(what, home))

    errors = answer.context["adminform"].form.errors
    assert [str(text) for texts in errors.values() for text in texts] == [sentence]
    assert model._default_manager.count() == before


def test_edited_product_with_the_barcode_of_another_is_refused_in_plain_words(
    home: Place, enter: Enter
) -> None:
    first, second = home.rows[Supplier].products.order_by("pk")
    Product.objects.filter(pk=first.pk).update(barcode="6901234567892")
    browser = _english(enter(home.organiser))

    answer = fill(browser, at.change(second), barcode="6901234567892")

    errors = answer.context["adminform"].form.errors
    assert errors == {"__all__": ["The supplier has another product with this barcode."]}
    second.refresh_from_db()
    assert second.barcode == ""


def test_edited_building_with_the_label_of_another_is_refused_in_plain_words(
    home: Place, enter: Enter
) -> None:
    other = make.building(home.community, "2")
    browser = _english(enter(home.organiser))

    answer = fill(browser, at.change(other), label=home.rows[Building].label)

    errors = answer.context["adminform"].form.errors
    assert errors == {
        "__all__": ["The community has a building with this name on screens already."]
    }
    other.refresh_from_db()
    assert other.label != home.rows[Building].label
