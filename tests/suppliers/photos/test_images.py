"""What is kept of an upload: the picture, measured, and nothing that stood beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suppliers.photos.images import JPEG, MAX_BYTES, PNG, WEBP, NotAPhoto, TooLarge, read_photo
from tests import pictures

SECRET = b"GPS 31.19,121.44 <script>"
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
# Of a picture that no telephone can hold.
PNG_HEAD = pictures.png(20000, 1)[8:33]
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
        # Two headers: a decoder believes the first, whoever reads to the end the last.
        PNG_HEAD.join([PNG_MAGIC, pictures.png(8, 8)[8:]]),
        PNG_MAGIC + pictures.png(8, 8)[33:-12] + pictures.png(8, 8)[8:],
        pictures.jpeg(8, 8)[:-2] + pictures.jpeg(4000, 4000)[2:],
        pictures.jpeg().replace(b"\xff\xc0", b"\xff\xc3"),
        pictures.jpeg().replace(b"\x08\x00\x03\x00\x02", b"\x0c\x00\x03\x00\x02"),
        pictures.jpeg(scans=101),
        pictures.webp(64, 64, again=(16383, 16383)),
        pictures.webp(64, 64, canvas=(16383, 16383)),
        # Text in a chunk that is kept.
        pictures.png(gamma=SECRET),
    ],
)
def test_read_photo_of_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPhoto):
        read_photo(raw)


@pytest.mark.parametrize("adobe", [b"", b"\xff\xee\x00\x0eAdobe\0\x64\0\0\0\0\x01"])
def test_read_photo_writes_the_marks_of_a_jpeg_anew(adobe: bytes) -> None:
    jfif = b"JFIF\0\x01\x02\x00\x00\x48\x00\x48\x00\x00"
    marks = [(0xE0, jfif + SECRET), (0xE0, b"JFXX\0\x13" + SECRET), (0xEE, b"Other" + SECRET)]
    marks += [(0xEE, adobe[4:] + SECRET)] if adobe else []

    content = read_photo(pictures.jpeg(marks=marks)).content

    own = b"\xff\xe0\x00\x10JFIF\0\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    assert SECRET not in content
    assert content.startswith(b"\xff\xd8" + own + adobe + b"\xff\xdb")
    assert read_photo(content).content == content


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xd8\xff" + b"\0" * MAX_BYTES,
        pictures.png(4097, 1),
        pictures.jpeg(4096, 4096),
        pictures.png(2, 2, depth=16),
    ],
)
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
