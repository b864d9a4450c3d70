"""XML parts of a workbook, read as a stream of events straight from expat.

No tree is built, so memory does not grow with the part. A DTD is refused as soon as it begins,
whatever the encoding: without one there are no entities, neither external nor laughing ones.
"""

import zipfile
from collections.abc import Iterator
from typing import Protocol
from xml.parsers import expat

from .archive import chunks
from .limits import MAX_ELEMENTS
from .table import IntakeError


class Handler(Protocol):
    """Takes events by local name. `text` is called with the whole text between two tags."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, data: str) -> None: ...


def feed(archive: zipfile.ZipFile, part: str, handler: Handler) -> Iterator[None]:
    """Drive `handler` through a part, pausing after each piece so that the caller can stop early.

    A part that is not there says nothing: styles, shared strings and relations are optional.
    Raises IntakeError for XML that is not well formed, holds a DTD or an odd encoding.
    """
    if part not in archive.NameToInfo:
        return
    parser = _parser(handler)
    try:
        for chunk in chunks(archive, part):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]:
            raise MemoryError from error
        raise IntakeError("broken_xml", part=part) from error
    except (LookupError, ValueError) as error:  # an unknown encoding, a number that is none
        raise IntakeError("broken_xml", part=part) from error


def read_whole(archive: zipfile.ZipFile, part: str, handler: Handler) -> None:
    """`feed` to the end."""
    for _pause in feed(archive, part, handler):
        pass


def _parser(handler: Handler) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    start, end = handler.start, handler.end
    left = MAX_ELEMENTS

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise IntakeError("too_heavy")
        start(name if ":" not in name else name.rpartition(":")[2], attributes)

    def on_end(name: str) -> None:
        end(name if ":" not in name else name.rpartition(":")[2])

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_dtd
    return parser


def _refuse_dtd(*_declaration: object) -> None:
    raise IntakeError("xml_dtd")
