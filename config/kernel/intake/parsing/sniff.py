"""What a file really is, judged by its first bytes. The name is never believed."""

import re

from .table import IntakeError

ZIP = "zip"
TEXT = "text"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|\?xml|!--|style)", re.IGNORECASE)


def kind_of(content: bytes) -> str:
    """ZIP (perhaps a workbook) or TEXT (perhaps csv). Raises IntakeError for what cannot be read.

    `PK` stands at the very beginning of a workbook; one hidden behind other bytes is no workbook.
    """
    if not content.strip():
        raise IntakeError("empty_file")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return ZIP
    if content.startswith(_OLE):
        raise IntakeError("encrypted" if _ENCRYPTED in content else "old_xls")
    if content.startswith(b"%PDF"):
        raise IntakeError("pdf")
    if content.startswith(_PICTURES) or content[4:12] in (b"ftypheic", b"ftypmif1"):
        raise IntakeError("picture")
    if content.startswith(_ARCHIVES):
        raise IntakeError("archive")
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise IntakeError("markup")
    return TEXT
