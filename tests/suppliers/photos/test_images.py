"""What is kept of an upload: the picture, measured, and nothing that stood beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.photos.images import JPEG, MAX_BYTES, PNG, WEBP, NotAPhoto, TooLarge, read_photo
from tests import pictures

SECRET = b"GPS 31.19,121.44 <script>"
MAKERS = [(pictures.png, PNG), (pictures.jpeg, JPEG), (pictures.webp, WEBP)]


@pytest.mark.parametrize(("make", "media_type"), MAKERS)
def test_read_photo_keeps_the_picture_and_nothing_beside_it(
    make: Callable[..., bytes], media_type: str
) -> None:
    photo = read_photo(make(640, 480, beside=SECRET))

    assert (photo.media_type, photo.width, photo.height) == (media_type, 640, 480)
    assert SECRET not in photo.content
    assert read_photo(photo.content) == photo


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("up", range(1, 9))
def test_read_photo_keeps_which_side_of_a_jpeg_is_up(up: int, order: str) -> None:
    plain = pictures.jpeg(up=1)
    raw = plain.replace(pictures.exif(1), pictures.exif(up, order))

    content = read_photo(raw).content

    kept = b"\x01\x12\x00\x03\x00\x00\x00\x01" + bytes([0, up])
    assert (kept in content) == (up > 1)
    assert read_photo(content).content == content


@pytest.mark.parametrize(("make", "_media_type"), MAKERS)
def test_read_photo_that_is_cut_anywhere_is_refused(
    make: Callable[..., bytes], _media_type: str
) -> None:
    whole = make()
    for end in range(len(whole)):
        with pytest.raises(NotAPhoto):
            read_photo(whole[:end])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xd9",
        pictures.png().replace(b"IDAT", b"IDAX"),
        pictures.png(0, 5),
        b"RIFF\x04\x00\x00\x00WEBP",
    ],
)
def test_read_photo_of_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPhoto):
        read_photo(raw)


@pytest.mark.parametrize("raw", [b"\xff\xd8\xff" + b"\0" * MAX_BYTES, pictures.png(4097, 1)])
def test_read_photo_beyond_the_limits_is_refused(raw: bytes) -> None:
    with pytest.raises(TooLarge):
        read_photo(raw)


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x50\0\0\0WEBP"]),
)
def test_read_photo_of_noise_is_refused_without_another_error(noise: bytes, magic: bytes) -> None:
    try:
        photo = read_photo(magic + noise)
    except (NotAPhoto, TooLarge):
        return
    assert read_photo(photo.content).content == photo.content
