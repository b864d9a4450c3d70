"""Small pictures as bytes: JPEG, PNG and WebP, with what telephones and others write beside them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from struct import pack


def png(
    width: int = 2,
    height: int = 3,
    *,
    beside: bytes = b"",
    colour: int = 128,
    depth: int = 8,
    gamma: bytes = b"",
) -> bytes:
    """Grey; `beside` stands in a text chunk and behind the end."""
    head = pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes([colour]) * width) * height)
    chunks = [_chunk(b"IHDR", head)]
    chunks += [_chunk(b"gAMA", gamma)] if gamma else []
    chunks += [_chunk(b"tEXt", b"Comment\0" + beside)] if beside else []
    chunks += [_chunk(b"IDAT", rows), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + beside


def _chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))


def jpeg(
    width: int = 2,
    height: int = 3,
    *,
    up: int = 1,
    beside: bytes = b"",
    marks: Iterable[tuple[int, bytes]] = (),
    scans: int = 1,
) -> bytes:
    """Segments with scans that show nothing; `beside` stands in the Exif, in a comment and behind the end."""
    frame = _segment(0xC0, pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    notes = _segment(0xE1, exif(up) + beside) + _segment(0xFE, beside)
    tables = _segment(0xDB, b"\0" * 65) + _segment(0xC4, b"\0" * 17)
    notes = b"".join(_segment(*mark) for mark in marks) + notes
    return b"\xff\xd8" + notes + tables + frame + scan * scans + b"\xff\xd9" + beside


def exif(up: int, order: str = "<") -> bytes:
    """Two notes: whose telephone it was, and which side is up."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entries = pack(order + "HHII", 0x010F, 2, 4, 0) + pack(order + "HHIHH", 0x0112, 3, 1, up, 0)
    return b"Exif\0\0" + mark + pack(order + "IH", 8, 2) + entries + pack(order + "I", 0)


def _segment(marker: int, body: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(body) + 2) + body


def webp(
    width: int = 2,
    height: int = 3,
    *,
    beside: bytes = b"",
    canvas: tuple[int, int] | None = None,
    again: tuple[int, int] | None = None,
) -> bytes:
    """Lossless, in the extended form; `beside` stands in its Exif and behind the end, `again` is a second picture."""
    sides = b"".join((side - 1).to_bytes(3, "little") for side in canvas or (width, height))
    body = b"WEBP" + _riff(b"VP8X", pack("<BBH", 0x08, 0, 0) + sides)
    for wide, high in [(width, height), *([again] if again else [])]:
        body += _riff(b"VP8L", b"\x2f" + pack("<I", (wide - 1) | (high - 1) << 14) + b"\0")
    body += _riff(b"EXIF", beside)
    return b"RIFF" + pack("<I", len(body)) + body + beside


def _riff(kind: bytes, body: bytes) -> bytes:
    return pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2)
