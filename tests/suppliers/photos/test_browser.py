"""A telephone's photo in a real browser: made smaller before it is sent, put in, shown under the strict policy."""

from __future__ import annotations

import base64

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from suppliers.models import ProductPhoto
from suppliers.photos.images import MAX_BYTES, TooLarge, read_photo
from tests import factories as make
from tests.chromium import chromium, visiting

pytestmark = pytest.mark.journey

# A picture of noise, as large as a telephone's: nothing to be pressed together.
_NOISE = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1700, height: 1275 });
  const pen = canvas.getContext("2d"), pixels = pen.createImageData(1700, 1275);
  for (let at = 0; at < pixels.data.length; at += 1) pixels.data[at] = at % 4 === 3 ? 255 : Math.random() * 255;
  pen.putImageData(pixels, 0, 0);
  return canvas.toDataURL("image/jpeg", 0.95).split(",")[1];
}"""


@pytest.mark.django_db(transaction=True)
def test_large_photo_is_made_smaller_in_the_browser_and_put_in(live_server: LiveServer) -> None:
    community = make.make_community()
    supplier, client = make.make_supplier(community), Client()
    client.force_login(make.make_staff(community))
    address = f"{live_server.url}/admin/desk/suppliers/{supplier.public_id}/photos/"
    with chromium() as browser, visiting(browser, client, live_server.url) as (page, said):
        page.goto(address)
        raw = base64.b64decode(page.evaluate(_NOISE))
        assert len(raw) > MAX_BYTES
        with pytest.raises(TooLarge):
            read_photo(raw)
        form = page.locator("li.photo").first
        form.locator("input[type=file]").set_input_files(
            {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": raw}
        )
        page.wait_for_function(
            "() => document.querySelector('input[type=file]').files[0].name === 'photo.jpg'"
        )
        form.locator("button").first.click()
        page.wait_for_function(
            "() => document.querySelector('.picture img')?.naturalWidth === 1280"
        )
        assert said == []
    photo = ProductPhoto.objects.get()
    assert (photo.product.supplier, photo.width, photo.height) == (supplier, 1280, 960)
    assert len(bytes(photo.content)) <= MAX_BYTES
