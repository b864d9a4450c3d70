"""JPEG, PNG and WebP as chunks: known by their magic, measured, and rid of everything that is not the picture.

A telephone writes into its photos where and when they were taken, and sometimes a second picture; whoever wants to
smuggle something appends it. None of that is kept: the chunks that draw the picture are copied, all others are left
out. A JPEG keeps the one number that says which side is up. Nothing is decoded and nothing encoded anew, so what is
measured must be what a decoder believes: one header, in its place, and one picture. Knows no Django.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import pack, unpack_from

MAX_BYTES = 1024 * 1024
MAX_SIDE = 4096
# Four bytes each in the memory of a telephone that shows it.
MAX_PIXELS = 12_000_000

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
# Chunks that draw, and how long each may be: no text fits in beside them.
_PNG_KEPT = {
    b"IHDR": 13,
    b"PLTE": 768,
    b"tRNS": 256,
    b"gAMA": 4,
    b"sRGB": 1,
    b"IDAT": MAX_BYTES,
    b"IEND": 0,
}
_WEBP_KEPT = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
# Bits of VP8X: a profile, metadata twice, an animation.
_WEBP_DROPPED = 0x20 | 0x08 | 0x04 | 0x02
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
# Baseline, extended and progressive: what browsers draw.
_DRAWN = {0xC0, 0xC1, 0xC2}
# Tables, restarts, the frame, scans.
_JPEG_KEPT = _DRAWN | {0xC4, 0xDA, 0xDB, 0xDD}
# A scan of a few bytes draws the whole picture again.
_MOST_SCANS = 100
_JFIF = b"\xff\xe0\x00\x10JFIF\0" + b"\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_ADOBE = b"\xff\xee\x00\x0eAdobe"
_ORIENTATION = 0x0112


class NotAPhoto(ValueError):
    """The bytes are no whole JPEG, PNG or WebP."""


class TooLarge(ValueError):
    """A picture, but with too many bytes or pixels on a side."""


@dataclass(frozen=True)
class Photo:
    """What is kept: the picture's own bytes. Sides in pixels."""

    media_type: str
    content: bytes
    width: int
    height: int


def read_photo(raw: bytes) -> Photo:
    """The picture in an upload. Raises NotAPhoto, TooLarge."""
    if len(raw) > MAX_BYTES:
        raise TooLarge(f"{len(raw)} bytes")
    try:
        photo = _reader(raw)
    except (IndexError, struct.error) as error:
        raise NotAPhoto("it ends too early") from error
    if not photo.width or not photo.height:
        raise NotAPhoto("no size")
    if max(photo.width, photo.height) > MAX_SIDE or photo.width * photo.height > MAX_PIXELS:
        raise TooLarge(f"{photo.width} × {photo.height}")
    return photo


def _reader(raw: bytes) -> Photo:
    if raw.startswith(b"\xff\xd8\xff"):
        return _jpeg(raw)
    if raw.startswith(_PNG_MAGIC):
        return _png(raw)
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return _webp(raw)
    raise NotAPhoto("unknown magic")


def _jpeg(raw: bytes) -> Photo:
    frames: list[tuple[int, int]] = []
    scans, up = 0, 1
    is_jfif, adobe = False, b""
    kept: list[bytes] = []
    for marker, segment in _segments(raw):
        if marker in _FRAMES:
            frames.append(_frame(marker, segment))
        elif marker == 0xE1:
            up = _orientation(segment[4:]) or up
        elif marker == 0xE0:
            is_jfif |= segment[4:9] == b"JFIF\0"
        elif marker == 0xEE:
            adobe = adobe or _adobe(segment)
        scans += marker == 0xDA
        if marker in _JPEG_KEPT:
            kept.append(segment)
    if len(frames) != 1 or not 1 <= scans <= _MOST_SCANS:
        raise NotAPhoto("not one picture inside")
    content = b"\xff\xd8" + _JFIF * is_jfif + _exif(up) + adobe + b"".join(kept) + b"\xff\xd9"
    return Photo(JPEG, content, *frames[0])


def _frame(marker: int, segment: bytes) -> tuple[int, int]:
    """Width and height."""
    depth, height, width, colours = unpack_from(">BHHB", segment, 4)
    if marker not in _DRAWN or depth != 8 or len(segment) != 10 + 3 * colours:
        raise NotAPhoto("a frame that no browser draws")
    return width, height


def _adobe(segment: bytes) -> bytes:
    """How the colours are meant, in a segment of our own; "" of what says nothing about it."""
    if not segment.startswith(b"Adobe", 4) or len(segment) < 16:
        return b""
    return _ADOBE + b"\0\x64\0\0\0\0" + segment[15:16]


def _segments(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes of each segment up to the end of the image; a scan with the data behind it."""
    at = 2
    while True:
        if raw[at] != 0xFF:
            raise NotAPhoto("a marker is missing")
        while raw[at + 1] == 0xFF:
            at += 1
        marker = raw[at + 1]
        if marker == 0xD9:
            return
        end = at + 2 + int(unpack_from(">H", raw, at + 2)[0])
        if end < at + 4 or end > len(raw):
            raise NotAPhoto("a segment ends too early")
        if marker == 0xDA:
            end = _end_of_scan(raw, end)
        yield marker, raw[at:end]
        at = end


def _end_of_scan(raw: bytes, at: int) -> int:
    """Where the next marker stands: FF 00 is data, FF D0 … D7 are restarts inside of it."""
    while True:
        at = raw.find(b"\xff", at)
        if at < 0:
            raise NotAPhoto("the picture has no end")
        if raw[at + 1] != 0 and not 0xD0 <= raw[at + 1] <= 0xD7:
            return at
        at += 2


def _orientation(exif: bytes) -> int:
    """2 … 8 if the telephone was not held upright, else 0. Damaged notes are no notes."""
    if not exif.startswith(b"Exif\0\0"):
        return 0
    tiff = exif[6:]
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        start = unpack_from(order + "I", tiff, 4)[0]
        for number in range(min(unpack_from(order + "H", tiff, start)[0], 100)):
            tag, kind, _count, value = unpack_from(order + "HHIH", tiff, start + 2 + 12 * number)
            if (tag, kind) == (_ORIENTATION, 3):
                return int(value) if 2 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _exif(up: int) -> bytes:
    """A segment that says which side is up, and nothing else."""
    if up == 1:
        return b""
    entry = pack(">HHIHH", _ORIENTATION, 3, 1, up, 0)
    body = b"Exif\0\0" + b"MM\0*" + pack(">IH", 8, 1) + entry + pack(">I", 0)
    return b"\xff\xe1" + pack(">H", len(body) + 2) + body


def _png(raw: bytes) -> Photo:
    kept, at, kind = [_PNG_MAGIC], len(_PNG_MAGIC), b""
    kinds: list[bytes] = []
    while kind != b"IEND":
        length, kind = unpack_from(">I4s", raw, at)
        end = at + 12 + int(length)
        crc = unpack_from(">I", raw, end - 4)[0]
        if zlib.crc32(raw[at + 4 : end - 4]) != crc:
            raise NotAPhoto("a checksum is wrong")
        if not kinds and kind != b"IHDR":
            raise NotAPhoto("the header is not first")
        kinds.append(kind)
        if kind in _PNG_KEPT:
            if length > _PNG_KEPT[kind]:
                raise NotAPhoto("a chunk is too long")
            kept.append(raw[at:end])
        at = end
    if b"IDAT" not in kinds or kinds.count(b"IHDR") != 1:
        raise NotAPhoto("not one picture inside")
    return Photo(PNG, b"".join(kept), *_png_size(raw))


def _png_size(raw: bytes) -> tuple[int, int]:
    """Raises TooLarge for sixteen bits a colour: twice the memory, for nobody's eyes."""
    if unpack_from(">I", raw, 8)[0] != 13:
        raise NotAPhoto("a damaged header")
    width, height, depth = unpack_from(">IIB", raw, 16)
    if depth > 8:
        raise TooLarge(f"{depth} bits")
    return width, height


def _webp(raw: bytes) -> Photo:
    """Also an animation is none: its pictures lie deeper."""
    kept: list[bytes] = []
    kinds: list[bytes] = []
    sizes: set[tuple[int, int]] = set()
    for kind, chunk in _riff_chunks(raw):
        if kind not in _WEBP_KEPT:
            continue
        body = chunk
        if kind == b"VP8X":
            if kinds or len(body) != 10:
                raise NotAPhoto("a damaged header")
            body = bytes([body[0] & ~_WEBP_DROPPED]) + body[1:]
        if kind != b"ALPH":
            sizes.add(_webp_size(kind, body))
        kinds.append(kind)
        kept.append(pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2))
    pictures = [kind for kind in kinds if kind in (b"VP8 ", b"VP8L")]
    if len(pictures) != 1 or len(sizes) != 1 or len(kinds) != len(set(kinds)):
        raise NotAPhoto("not one picture inside")
    content = b"WEBP" + b"".join(kept)
    return Photo(WEBP, b"RIFF" + pack("<I", len(content)) + content, *sizes.pop())


def _riff_chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each."""
    at, over = 12, 8 + int(unpack_from("<I", raw, 4)[0])
    if over > len(raw):
        raise NotAPhoto("it ends too early")
    while at < over:
        kind, length = unpack_from("<4sI", raw, at)
        body = raw[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
        if len(body) != length:
            raise NotAPhoto("it ends too early")
        yield kind, body


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height
    if kind == b"VP8L":
        if body[0] != 0x2F:
            raise NotAPhoto("a damaged picture")
        bits = int(unpack_from("<I", body, 1)[0])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if body[3:6] != b"\x9d\x01\x2a":
        raise NotAPhoto("a damaged picture")
    width, height = unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF
