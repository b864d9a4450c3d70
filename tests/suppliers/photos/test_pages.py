"""The page for photos of products: put in, shown, taken out; what is no picture is refused with a sentence."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communities.models import Community
from suppliers.models import Product, ProductPhoto, Supplier
from suppliers.photos.images import MAX_BYTES
from tests import factories as make
from tests import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def supplier(community: Community) -> Supplier:
    return make.make_supplier(community)


@pytest.fixture
def browser(community: Community) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.make_staff(community))
    return client


def upload(browser: Client, product: Product, content: bytes | None, **fields: str) -> str:
    file = {} if content is None else {"file": SimpleUploadedFile("IMG.jpg", content)}
    address = f"/admin/desk/suppliers/{product.supplier.public_id}/photos/"
    answer = browser.post(
        address, {"product": str(product.public_id), **file, **fields}, follow=True
    )
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_photo_is_put_in_shown_and_taken_out(browser: Client, supplier: Supplier) -> None:
    product, other = supplier.products.order_by("pk")

    page = upload(browser, product, pictures.jpeg(40, 30, beside=b"GPS"))

    photo = ProductPhoto.objects.get()
    address = f"/admin/desk/suppliers/{supplier.public_id}/photos/{product.public_id}/"
    assert (photo.product, photo.media_type, photo.width) == (product, "image/jpeg", 40)
    assert address in page
    assert str(other.public_id) in page
    shown = browser.get(address)
    assert (shown.content, shown["Content-Type"]) == (bytes(photo.content), "image/jpeg")
    assert b"GPS" not in shown.content
    upload(browser, product, None, remove="1")
    assert not ProductPhoto.objects.exists()
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Please choose a photo first."),
        (b"", "This is no picture that can be read here"),
        (b"=1+1\x00", "This is no picture that can be read here"),
        (pictures.png()[:-5], "This is no picture that can be read here"),
        (b"\xff\xd8\xff" + b"\0" * MAX_BYTES, "The picture is too large"),
        (b"\xff\xd8\xff" + b"\0" * 11 * MAX_BYTES, "The picture is too large"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_old_one_stays(
    browser: Client, supplier: Supplier, content: bytes | None, sentence: str
) -> None:
    product = supplier.products.order_by("pk")[0]
    upload(browser, product, pictures.png())
    before = ProductPhoto.objects.values().get()

    assert sentence in upload(browser, product, content)

    assert ProductPhoto.objects.values().get() == before


def test_photo_of_another_suppliers_product_is_not_found(
    browser: Client, community: Community, supplier: Supplier
) -> None:
    foreign = make.make_supplier(make.make_community()).products.order_by("pk")[0]
    address = f"/admin/desk/suppliers/{supplier.public_id}/photos/"
    for given in (str(foreign.public_id), "", "x", "0" * 5000):
        file = SimpleUploadedFile("a.png", pictures.png())
        assert browser.post(address, {"product": given, "file": file}).status_code == 404

    assert not ProductPhoto.objects.exists()


@pytest.mark.parametrize("products", [1, 30])
def test_photo_page_takes_the_same_statements_whatever_the_products(
    browser: Client,
    community: Community,
    django_assert_num_queries: object,
    products: int,
) -> None:
    supplier = make.make_supplier(community, prices_fen=[100] * products)
    address = f"/admin/desk/suppliers/{supplier.public_id}/photos/"
    browser.get(address)

    # session, account, communities coordinated, the supplier, how many products, the products with their photos
    with django_assert_num_queries(6):  # type: ignore[operator]
        page = browser.get(address).content.decode()

    assert page.count('name="product"') == products
