"""Files that must be refused, each with the code it must be refused with."""

import random
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

from tests.intake_corpus.raw import (
    CONTENT_TYPES,
    HEADING,
    MAIN,
    ROW,
    cell,
    row,
    sheet,
    two_rows,
    workbook,
    zipped,
)

HEADER_LINE = ",".join(HEADING) + "\r\n"
LINE = ",".join(ROW) + "\r\n"
MEGABYTE = 1024 * 1024


class Hostile(NamedTuple):
    filename: str
    code: str
    make: Callable[[], bytes]


def _xlsx_many_rows() -> bytes:
    body = "".join(row(number, ROW[:5]) for number in range(2, 30_002))
    return workbook(sheet(row(1, HEADING) + body))


def _zip_bomb() -> bytes:
    """A quarter of a megabyte that unpacks to 270."""
    return workbook(two_rows(), {"xl/media/filler.bin": bytes(270 * MEGABYTE)})


def _ratio_bomb() -> bytes:
    return workbook(two_rows(after="<!--" + " " * (20 * MEGABYTE) + "-->"))


def _nested_bomb() -> bytes:
    inner = zipped({"0.bin": bytes(4 * MEGABYTE)})
    for level in range(3):
        inner = zipped({f"{level}{index}.zip": inner for index in range(10)})
    return inner


def _lying_size() -> bytes:
    """The directory promises 1 kB for a part that unpacks to 30 MB."""
    content = bytearray(workbook(two_rows(after="<!--" + " " * (30 * MEGABYTE) + "-->")))
    name = b"xl/worksheets/sheet1.xml"
    for signature, size_at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            header = 30 if signature == b"PK\x03\x04" else 46
            if content[at + header : at + header + len(name)] == name:
                struct.pack_into("<I", content, at + size_at, 1024)
    return bytes(content)


def _xxe() -> bytes:
    declaration = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    return workbook(
        two_rows(
            cell("A3", "PLACE").join(("<row r='3'>", "</row>")), declaration=declaration
        ).replace("PLACE", "&secret;")
    )


def _billion_laughs() -> bytes:
    entities = '<!ENTITY l0 "ha">' + "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10)
    )
    strings = f'<!DOCTYPE x [{entities}]><sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'
    return workbook(two_rows(), {"xl/sharedStrings.xml": strings})


def _utf16_dtd() -> bytes:
    """A DTD that a search for the bytes `<!DOCTYPE` does not see."""
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]>' + sheet("")[38:]
    return workbook(text.encode("utf-16"))


def _shared_string_bomb() -> bytes:
    """One string of 2,000 characters in 200,000 cells: 400 MB of text out of some kilobytes."""
    strings = f'<sst xmlns="{MAIN}"><si><t>{"长" * 2000}</t></si></sst>'
    body = "".join(
        f'<row r="{number}">' + "<c t='s'><v>0</v></c>" * 10 + "</row>"
        for number in range(2, 20_002)
    )
    noise = random.Random(1).randbytes(200_000)
    return workbook(
        sheet(row(1, HEADING) + body), {"xl/sharedStrings.xml": strings, "n.bin": noise}
    )


def _padded(sheet_xml: str) -> bytes:
    """With noise enough that the packing ratio stays below the limit."""
    return workbook(sheet_xml + f"<!--{random.Random(2).randbytes(300_000).hex()}-->")


def _many_strings() -> bytes:
    strings = f'<sst xmlns="{MAIN}">{"<si/>" * 2_000_000}</sst>'
    return workbook(two_rows(), {"xl/sharedStrings.xml": strings}, compression=zipfile.ZIP_STORED)


def _overlapping_merges() -> bytes:
    body = "".join(row(number, ROW[:2]) for number in range(2, 4_002))
    merges = "".join(f'<mergeCell ref="A2:A{4001 - index}"/>' for index in range(3_000))
    return workbook(sheet(row(1, HEADING) + body, after=f"<mergeCells>{merges}</mergeCells>"))


def _encrypted_member() -> bytes:
    content = bytearray(workbook(two_rows()))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def _compound(marker: str) -> bytes:
    """The beginning of an OLE file: an old .xls, or an xlsx that a password protects."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + marker.encode("utf-16-le") + bytes(512)
    )


def _duplicate_members() -> bytes:
    stream = BytesIO(workbook(two_rows()))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("XL/workbook.xml", "<workbook/>")
    return stream.getvalue()


def _missing_string() -> bytes:
    return workbook(two_rows('<row r="3"><c r="A3" t="s"><v>7</v></c></row>'))


def _wide(count: int) -> str:
    return sheet(f'<row r="1">{"".join(f"<c><v>{n}</v></c>" for n in range(count))}</row>')


_MACRO_TYPES = CONTENT_TYPES.replace(
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "vnd.ms-excel.sheet.macroEnabled.main+xml",
)
_FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

HOSTILE: dict[str, Hostile] = {
    "empty": Hostile("空.csv", "empty_file", lambda: b""),
    "only blanks": Hostile("空.csv", "empty_file", lambda: b" \r\n" * 100),
    "random bytes as xlsx": Hostile(
        "商品.xlsx", "unknown_encoding", lambda: random.Random(7).randbytes(5000)
    ),
    "truncated zip": Hostile("商品.xlsx", "broken_zip", lambda: workbook(two_rows())[:900]),
    "zip cut in its directory": Hostile(
        "商品.xlsx", "broken_zip", lambda: workbook(two_rows())[:-40]
    ),
    "flipped bits": Hostile(
        "商品.xlsx",
        "broken_zip",
        lambda: (
            workbook(two_rows()).replace(b"<row", b"<r0w").replace(b"PK\x01\x02", b"PK\x01\x09")
        ),
    ),
    "damaged data": Hostile(
        "商品.xlsx",
        "broken_zip",
        lambda: workbook(two_rows(), compression=zipfile.ZIP_STORED).replace(
            b"sheetData", b"sheetDatb"
        ),
    ),
    "no xml inside": Hostile("商品.xlsx", "broken_xml", lambda: workbook("not <xml")),
    "xml cut short": Hostile("商品.xlsx", "broken_xml", lambda: workbook(two_rows()[:400])),
    "string that is not there": Hostile("商品.xlsx", "broken_xml", _missing_string),
    "row number that is none": Hostile(
        "商品.xlsx", "broken_xml", lambda: workbook(sheet('<row r="x"><c><v>1</v></c></row>'))
    ),
    "same row twice": Hostile("商品.xlsx", "broken_xml", lambda: workbook(two_rows(row(2, ROW)))),
    "zip bomb": Hostile("商品.xlsx", "zip_too_big", _zip_bomb),
    "ratio bomb": Hostile("商品.xlsx", "zip_ratio", _ratio_bomb),
    "nested bomb": Hostile("商品.xlsx", "not_a_workbook", _nested_bomb),
    "lying size": Hostile("商品.xlsx", "broken_zip", _lying_size),
    "501 members": Hostile(
        "商品.xlsx",
        "zip_too_many",
        lambda: workbook(two_rows(), {f"xl/media/{n}.png": b"" for n in range(496)}),
    ),
    "zip slip": Hostile(
        "商品.xlsx", "zip_paths", lambda: workbook(two_rows(), {"../../etc/cron.d/x": b"x"})
    ),
    "absolute path": Hostile(
        "商品.xlsx", "zip_paths", lambda: workbook(two_rows(), {"/etc/passwd": b"x"})
    ),
    "windows path": Hostile(
        "商品.xlsx", "zip_paths", lambda: workbook(two_rows(), {"xl\\..\\..\\x.exe": b"x"})
    ),
    "the same name twice": Hostile("商品.xlsx", "zip_paths", _duplicate_members),
    "encrypted member": Hostile("商品.xlsx", "encrypted", _encrypted_member),
    "password": Hostile("商品.xlsx", "encrypted", lambda: _compound("EncryptedPackage")),
    "old xls": Hostile("商品.xls", "old_xls", lambda: _compound("Workbook")),
    "macro": Hostile(
        "商品.xlsm", "macros", lambda: workbook(two_rows(), {"xl/vbaProject.bin": b"x"})
    ),
    "macro type only": Hostile(
        "商品.xlsx", "macros", lambda: workbook(two_rows(), {"[Content_Types].xml": _MACRO_TYPES})
    ),
    "external links": Hostile(
        "商品.xlsx",
        "external_links",
        lambda: workbook(two_rows(), {"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
    ),
    "opendocument": Hostile(
        "商品.ods", "opendocument", lambda: zipped({"mimetype": "x", "content.xml": "<x/>"})
    ),
    "word document": Hostile(
        "商品.xlsx", "other_office", lambda: zipped({"word/document.xml": "<x/>"})
    ),
    "binary workbook": Hostile(
        "商品.xlsb", "binary_xlsb", lambda: zipped({"xl/workbook.bin": b"\x83\x01"})
    ),
    "zip of something": Hostile("商品.xlsx", "not_a_workbook", lambda: zipped({"a.txt": "a"})),
    "empty zip": Hostile("商品.xlsx", "not_a_workbook", lambda: zipped({})),
    "xxe": Hostile("商品.xlsx", "xml_dtd", _xxe),
    "billion laughs": Hostile("商品.xlsx", "xml_dtd", _billion_laughs),
    "dtd in utf-16": Hostile("商品.xlsx", "xml_dtd", _utf16_dtd),
    "far cell": Hostile("商品.xlsx", "far_cell", lambda: workbook(two_rows(_FAR))),
    "far column": Hostile(
        "商品.xlsx",
        "far_cell",
        lambda: workbook(two_rows('<row r="3"><c r="XFD3"><v>1</v></c></row>')),
    ),
    "61 columns": Hostile("商品.xlsx", "too_many_columns", lambda: workbook(_wide(61))),
    "61 columns csv": Hostile(
        "商品.csv", "too_many_columns", lambda: (",".join(["列"] * 61)).encode()
    ),
    "ten million commas": Hostile("商品.csv", "too_many_columns", lambda: b"a," * 5_000_000),
    "one endless row": Hostile(
        "商品.xlsx",
        "too_many_columns",
        lambda: _padded(sheet(f"<row r='1'>{'<c><v>1</v></c>' * 2_000_000}</row>")),
    ),
    "millions of empty cells": Hostile(
        "商品.xlsx", "too_heavy", lambda: _padded(two_rows(f"<row>{'<c/>' * 9_000_000}</row>"))
    ),
    "millions of strange elements": Hostile(
        "商品.xlsx", "too_heavy", lambda: _padded(two_rows(before="<a/>" * 9_000_000))
    ),
    "30,000 rows": Hostile("商品.xlsx", "too_many_rows", _xlsx_many_rows),
    "30,000 rows csv": Hostile("商品.csv", "too_many_rows", (HEADER_LINE + LINE * 30_000).encode),
    "10.1 MB": Hostile("商品.csv", "file_too_big", lambda: b"a" * int(10.1 * MEGABYTE)),
    "shared string bomb": Hostile("商品.xlsx", "too_much_text", _shared_string_bomb),
    "two million strings": Hostile("商品.xlsx", "too_heavy", _many_strings),
    "overlapping merges": Hostile("商品.xlsx", "too_heavy", _overlapping_merges),
    "nul bytes": Hostile("商品.csv", "nul_bytes", (HEADER_LINE + "青\x00菜").encode),
    "unclosed quotation mark": Hostile(
        "商品.csv", "broken_quotes", (HEADER_LINE + '"青菜,1\r\n' + LINE * 5).encode
    ),
    "shift-jis": Hostile(
        "商品.csv",
        "unknown_encoding",
        lambda: "品名,価格\r\nｷｬﾍﾞﾂ,100\r\n".encode("shift-jis") + b"\xff",
    ),
    "html as xls": Hostile(
        "商品.xls", "markup", "<html><table><tr><td>品名</td></tr></table></html>".encode
    ),
    "xml spreadsheet": Hostile("商品.xls", "markup", lambda: b'<?xml version="1.0"?><Workbook/>'),
    "pdf": Hostile("商品.xlsx", "pdf", lambda: b"%PDF-1.7\n"),
    "picture": Hostile("商品.xlsx", "picture", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "rar": Hostile("商品.xlsx", "archive", lambda: b"Rar!\x1a\x07\x00" + bytes(100)),
    "only a header": Hostile("商品.xlsx", "no_rows", lambda: workbook(sheet(row(1, HEADING)))),
    "only a header csv": Hostile("商品.csv", "no_rows", HEADER_LINE.encode),
    "no cells at all": Hostile("商品.xlsx", "no_rows", lambda: workbook(sheet(""))),
    "no header": Hostile("商品.csv", "no_header", ("白菜,好吃\r\n" * 30).encode),
    "no price column": Hostile(
        "商品.csv", "missing_columns", "品名,规格,单位\r\n青菜,500g,袋\r\n".encode
    ),
}
