"""Odd but honest files: each is the same two products, written in another way."""

from collections.abc import Callable

from tests.intake_corpus.raw import (
    BOOK,
    HEADING,
    MAIN,
    PACKAGE,
    RELATIONS,
    ROW,
    row,
    sheet,
    workbook,
)

SECOND = ("土豆", "1kg/袋", "袋", "6.90", "6900000101179", "蔬菜", "10", "1", "又名洋山芋；耐放")
EXPECTED = (ROW, SECOND)
_LINES = [",".join(cells) for cells in (HEADING, ROW, SECOND)]
_TEXT = "\r\n".join(_LINES) + "\r\n"
_TABBED = _TEXT.replace(",", "\t")
_ROWS = row(1, HEADING) + row(2, ROW) + row(3, SECOND)


def _shared_strings() -> bytes:
    """As spreadsheets write it: strings in a table, in pieces, one with its phonetic reading."""
    texts = list(dict.fromkeys((*HEADING, *ROW, *SECOND)))
    items = "".join(f"<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r></si>" for text in texts)
    items = items.replace("</si>", "<rPh sb='0' eb='1'><t>qing cai</t></rPh></si>", 1)
    rows = ""
    for number, cells in enumerate((HEADING, ROW, SECOND), start=1):
        indexes = "".join(f'<c t="s"><v>{texts.index(text)}</v></c>' for text in cells)
        rows += f'<row r="{number}">{indexes}</row>'
    return workbook(sheet(rows), {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{items}</sst>'})


def _numbers() -> bytes:
    """Numbers as numbers, with the noise of binary fractions and a trailing `.0`."""
    rows = _ROWS
    for text, value in (
        ("3.90", "3.9000000000000004"),
        ("6900000100134", "6900000100134"),
        ("6900000101179", "6900000101179.0"),
        ("20", "2E1"),
    ):
        rows = rows.replace(f't="inlineStr"><is><t>{text}</t></is></c>', f"><v>{value}</v></c>")
    return workbook(sheet(rows))


def _prefixed() -> bytes:
    text = sheet(_ROWS)
    for name in ("worksheet", "sheetData", "row", "c", "is", "t"):
        text = text.replace(f"<{name}>", f"<x:{name}>").replace(f"<{name} ", f"<x:{name} ")
        text = text.replace(f"</{name}>", f"</x:{name}>")
    return workbook(text.replace("xmlns=", "xmlns:x="))


def _other_places() -> bytes:
    """The parts have other names than usual, and one sheet is hidden."""
    book = BOOK.replace(
        "<sheets>", '<sheets><sheet name="旧价" sheetId="2" state="hidden" r:id="r9"/>'
    )
    relations = (
        f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="/data/list.xml"/>'
        f'<Relationship Id="r9" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>"
    )
    old = sheet(row(1, HEADING) + row(2, ("旧", "", "袋", "1.00", "", "", "", "", "")))
    return workbook(
        old,
        {
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": relations,
            "data/list.xml": sheet(_ROWS),
        },
    )


# Each yields EXPECTED as text, except that numbers lose the zeros a number has not got.
SOUND: dict[str, Callable[[], bytes]] = {
    "utf-8": _TEXT.encode,
    "utf-8 with BOM": lambda: _TEXT.encode("utf-8-sig"),
    "gbk": lambda: _TEXT.encode("gbk"),
    "utf-16 as spreadsheets write it": lambda: _TABBED.encode("utf-16"),
    "utf-16 big endian": lambda: b"\xfe\xff" + _TABBED.encode("utf-16-be"),
    "semicolons": lambda: _TEXT.replace(",", ";").encode(),
    "tabs": _TABBED.encode,
    "old line ends": lambda: _TEXT.replace("\r\n", "\r").encode(),
    "quoted": lambda: "\r\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in _LINES
    ).encode(),
    "spaces of every width": lambda: _TEXT.replace(",", "\u3000,\u00a0 \u200b").encode(),
    "title lines and empty columns": (
        "联华超市,,,\r\n报价单 4月21日\r\n\r\n" + _TEXT.replace("\r\n", ",,,\r\n")
    ).encode,
    "xlsx": lambda: workbook(sheet(_ROWS)),
    "shared strings": _shared_strings,
    "numbers": _numbers,
    "no references": lambda: workbook(
        sheet("".join(f"<row>{text.split('>', 1)[1]}" for text in _ROWS.split("<row ")[1:]))
    ),
    "prefixed names": _prefixed,
    "false small dimension": lambda: workbook(sheet(_ROWS, before='<dimension ref="A1:B2"/>')),
    "false huge dimension": lambda: workbook(
        sheet(_ROWS, before='<dimension ref="A1:XFD1048576"/>')
    ),
    "styled far cell without a value": lambda: workbook(
        sheet(_ROWS + '<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    ),
    "repeated headings": lambda: workbook(
        sheet(row(1, HEADING) + row(2, ROW) + row(3, HEADING) + row(4, SECOND))
    ),
    "section titles": lambda: workbook(
        sheet(
            row(1, ("联华超市报价单",))
            + row(2, HEADING)
            + row(3, ("蔬菜类",))
            + row(4, ROW)
            + row(5, SECOND),
            after='<mergeCells><mergeCell ref="A1:I1"/><mergeCell ref="A3:I3"/></mergeCells>',
        )
    ),
    "merged downwards": lambda: workbook(
        sheet(
            row(1, HEADING) + row(2, ROW) + row(3, SECOND).replace("<t>蔬菜</t>", "<t></t>"),
            after='<mergeCells><mergeCell ref="F2:F3"/></mergeCells>',
        )
    ),
    "other places, a hidden sheet": _other_places,
    "a link to a web page": lambda: workbook(
        sheet(_ROWS),
        {
            "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="r1" Type="{RELATIONS}/hyperlink" Target="https://example.org/" '
            'TargetMode="External"/></Relationships>'
        },
    ),
    "styles that are broken": lambda: workbook(
        sheet(_ROWS),
        {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fills><fill/></fills></styleSheet>'},
    ),
}
