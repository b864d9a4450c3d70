"""What an order says beside its lines: substitutes, the version that was seen; and the picture beside an offer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities.models import Community, Household
from config.kernel.audit import AuditEntry
from orders.models import Order, OrderWindow
from suppliers.models import ProductPhoto
from suppliers.photos.keeping import remove_photo, set_photo
from tests import factories as make
from tests import pictures
from tests.api.client import Api, signed_in, wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community(rooms=("101", "102"))


@pytest.fixture
def window(community: Community) -> OrderWindow:
    return make.make_window(community)


@pytest.fixture
def resident(community: Community) -> Api:
    return signed_in(make.make_resident(community))


def place(resident: Api, window: OrderWindow, **members: Any) -> Order:
    answer = resident.send(f"windows/{window.public_id}/orders", wish(window, 1, **members))
    assert answer.status_code == 201, answer.content
    return Order.objects.get(public_id=answer.json()["id"])


def test_order_takes_the_households_answer_unless_it_has_its_own(
    community: Community, window: OrderWindow, resident: Api
) -> None:
    home = make.household(community)
    before = place(resident, window)

    answer = resident.send(f"me/households/{home.public_id}", {"substitutes": "call"}, method="PUT")
    after, own = place(resident, window), place(resident, window, substitutes="like")

    assert answer.status_code == 200
    assert answer.json()["substitutes"] == "call"
    assert resident.read("me").json()["households"][0]["substitutes"] == "call"
    found = [before.substitutes, after.substitutes, own.substitutes]
    assert found == ["refund", "call", "like"]
    assert Household.objects.get(community=community, room="102").substitutes == "refund"
    entry = AuditEntry.objects.get(action="household.substitutes_set")
    assert (entry.subject_id, entry.data) == (home.pk, {"substitutes": "call"})


@pytest.mark.parametrize("answer", ["", "anything", None, 1, ["call"]])
def test_household_says_nothing_that_is_not_known(
    community: Community, resident: Api, answer: Any
) -> None:
    home = make.household(community)

    refused = resident.send(
        f"me/households/{home.public_id}", {"substitutes": answer}, method="PUT"
    )

    assert refused.status_code == 400
    assert Household.objects.get(pk=home.pk).substitutes == "refund"


def test_change_order_keeps_its_answer_unless_told(window: OrderWindow, resident: Api) -> None:
    order = place(resident, window, substitutes="like")
    path = f"orders/{order.public_id}"

    resident.send(path, wish(window, 2), method="PUT")
    kept = resident.read(path).json()["substitutes"]
    resident.send(path, wish(window, 3, substitutes="call"), method="PUT")

    assert (kept, resident.read(path).json()["substitutes"]) == ("like", "call")


def test_change_order_seen_before_somebody_else_changed_it_shows_how_it_stands(
    window: OrderWindow, resident: Api
) -> None:
    order = place(resident, window)
    path = f"orders/{order.public_id}"
    resident.send(path, wish(window, 0, 2, expected_version=1), method="PUT")

    refused = resident.send(path, wish(window, 5, expected_version=1), method="PUT")

    now = resident.read(path).json()
    assert refused.status_code == 409
    assert refused.json()["code"] == "order_changed"
    assert refused.json()["fields"] == {"version": 2, "order": now}
    assert [line["quantity"] for line in now["lines"]] == [2]
    again = resident.send(path, wish(window, 5, expected_version=2), method="PUT")
    assert again.json()["version"] == 3


def photograph(window: OrderWindow, **options: Any) -> ProductPhoto:
    product = make.offers_of(window)[0].product
    with transaction.atomic():
        return set_photo(product=product, content=pictures.png(**options), actor=make.SETUP)


def test_photo_of_an_offer_is_cached_under_the_address_that_names_it(
    window: OrderWindow, resident: Api
) -> None:
    photo = photograph(window, beside=b"GPS")
    offers = resident.read(f"windows/{window.public_id}").json()["offers"]
    path = offers[0]["photo"].removeprefix("/api/v1/")

    answer = resident.read(path)
    unnamed = resident.read(path.partition("?")[0])
    known = resident.read(path, **{"if-none-match": answer.headers["ETag"]})

    assert offers[1]["photo"] is None
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content == bytes(photo.content) == pictures.png()
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert unnamed.headers["Cache-Control"] == "private, no-cache"
    assert (known.status_code, known.content) == (304, b"")
    other = photograph(window, colour=7)
    now = resident.read(f"windows/{window.public_id}").json()["offers"][0]["photo"]
    assert now.endswith(other.sha256[:16])
    assert resident.read(path).headers["Cache-Control"] == "private, no-cache"


def test_photo_that_was_taken_out_is_not_found(window: OrderWindow, resident: Api) -> None:
    photo = photograph(window)
    path = f"windows/{window.public_id}/offers/{make.offers_of(window)[0].public_id}/photo"
    with transaction.atomic():
        remove_photo(product=photo.product, actor=make.SETUP)

    assert resident.read(path).status_code == 404
    entries = AuditEntry.objects.filter(subject_kind="product").order_by("pk")
    assert [entry.action for entry in entries] == ["product.photo_set", "product.photo_removed"]


# 1 token · 2 window, community, household · 3 the picture without its bytes · 4 its bytes
def test_photo_makes_4_statements_and_3_where_it_is_known(
    window: OrderWindow, resident: Api
) -> None:
    photo = photograph(window)
    path = f"windows/{window.public_id}/offers/{make.offers_of(window)[0].public_id}/photo"

    with CaptureQueriesContext(connection) as whole:
        resident.read(path)
    with CaptureQueriesContext(connection) as known:
        resident.read(path, **{"if-none-match": f'"{photo.sha256}"'})

    assert (len(whole), len(known)) == (4, 3)
