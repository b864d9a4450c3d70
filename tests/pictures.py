"""Small pictures as bytes: JPEG, PNG and WebP, with what telephones and others write beside them."""

from __future__ import annotations

import zlib
from struct import pack


def png(width: int = 2, height: int = 3, *, beside: bytes = b"", colour: int = 128) -> bytes:
    """Grey; `beside` stands in a text chunk and behind the end."""
    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + bytes([colour]) * width) * height)
    chunks = [_chunk(b"IHDR", head)]
    chunks += [_chunk(b"tEXt", b"Comment\0" + beside)] if beside else []
    chunks += [_chunk(b"IDAT", rows), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + beside


def _chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))


def jpeg(width: int = 2, height: int = 3, *, up: int = 1, beside: bytes = b"") -> bytes:
    """Segments with a scan that shows nothing; `beside` stands in the Exif, in a comment and behind the end."""
    frame = _segment(0xC0, pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    notes = _segment(0xE1, exif(up) + beside) + _segment(0xFE, beside)
    tables = _segment(0xDB, b"\0" * 65) + _segment(0xC4, b"\0" * 17)
    return b"\xff\xd8" + notes + tables + frame + scan + b"\xff\xd9" + beside


def exif(up: int, order: str = "<") -> bytes:
    """Two notes: whose telephone it was, and which side is up."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    entries = pack(order + "HHII", 0x010F, 2, 4, 0) + pack(order + "HHIHH", 0x0112, 3, 1, up, 0)
    return b"Exif\0\0" + mark + pack(order + "IH", 8, 2) + entries + pack(order + "I", 0)


def _segment(marker: int, body: bytes) -> bytes:
    return pack(">BBH", 0xFF, marker, len(body) + 2) + body


def webp(width: int = 2, height: int = 3, *, beside: bytes = b"") -> bytes:
    """Lossless, in the extended form; `beside` stands in its Exif and behind the end."""
    sides = (width - 1) | (height - 1) << 14
    picture = b"\x2f" + pack("<I", sides) + b"\0"
    canvas = pack("<BBH", 0x08, 0, 0) + (width - 1).to_bytes(3, "little")
    body = b"WEBP" + _riff(b"VP8X", canvas + (height - 1).to_bytes(3, "little"))
    body += _riff(b"VP8L", picture) + _riff(b"EXIF", beside)
    return b"RIFF" + pack("<I", len(body)) + body + beside


def _riff(kind: bytes, body: bytes) -> bytes:
    return pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2)
