"""The look at a zip directory before anything is unpacked."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from .limits import MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FROM_BYTES
from .table import IntakeError

_END = b"PK\x05\x06"
_CHUNK = 64 * 1024
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    OSError,
    RuntimeError,
    ValueError,
)
_MEGABYTE = 1024 * 1024


def open_workbook(content: bytes) -> zipfile.ZipFile:
    """The zip of an xlsx whose directory promises nothing dangerous. Raises IntakeError.

    The promise is kept by the reader: zipfile never unpacks more than the directory says.
    """
    _check_count(content)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (*_BROKEN, OverflowError) as error:
        raise IntakeError("broken_zip") from error
    members = archive.infolist()
    _check_members(members)
    _check_kind(archive)
    return archive


def _check_count(content: bytes) -> None:
    """Read the number of members from the end record: a huge directory is not even listed."""
    end = content.rfind(_END)
    if end < 0 or end + 12 > len(content):
        raise IntakeError("broken_zip")
    (count,) = struct.unpack_from("<H", content, end + 10)
    if count > MAX_MEMBERS:
        raise IntakeError("zip_too_many", count=count, limit=MAX_MEMBERS)


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise IntakeError("zip_too_many", count=len(members), limit=MAX_MEMBERS)
    names = {member.filename.casefold() for member in members}
    if len(names) != len(members):
        raise IntakeError("zip_paths")
    for member in members:
        _check_path(member)
        if member.flag_bits & 0x1:
            raise IntakeError("encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise IntakeError("broken_zip")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES:
        raise IntakeError(
            "zip_too_big", size=unpacked // _MEGABYTE, limit=MAX_UNPACKED_BYTES // _MEGABYTE
        )
    for member in members:
        if member.file_size > max(RATIO_FROM_BYTES, MAX_RATIO * member.compress_size):
            raise IntakeError("zip_ratio", limit=MAX_RATIO)


def _check_path(member: zipfile.ZipInfo) -> None:
    # orig_filename: zipfile cuts the name at a NUL byte and turns the system's separator round.
    name = member.orig_filename
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or "\x00" in name or ":" in name or ".." in parts:
        raise IntakeError("zip_paths")


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = {name.casefold() for name in archive.namelist()}
    if "mimetype" in names and "content.xml" in names:
        raise IntakeError("opendocument")
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise IntakeError("other_office")
    if "xl/workbook.bin" in names:
        raise IntakeError("binary_xlsb")
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise IntakeError("macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise IntakeError("external_links")
    if "[content_types].xml" not in names or "_rels/.rels" not in names:
        raise IntakeError("not_a_workbook")
    if b"macroEnabled" in b"".join(chunks(archive, "[Content_Types].xml")):
        raise IntakeError("macros")


def chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part that is there, piece by piece. Raises IntakeError if its bytes are damaged."""
    try:
        with archive.open(name) as part:
            while chunk := part.read(_CHUNK):
                yield chunk
    except _BROKEN as error:
        raise IntakeError("broken_zip") from error
