"""What the reader makes of files, from the bytes to the rows. No database is needed."""

import io
import resource
from datetime import date, datetime

import openpyxl
import psutil
import pytest
import xlsxwriter

from config.kernel.intake.messages import FILE_ERRORS
from config.kernel.intake.reader import IntakeError, Table, read_table
from tests.intake_corpus.hostile import HOSTILE, Hostile
from tests.intake_corpus.raw import HEADING, MAIN, ROW, row, sheet, workbook
from tests.intake_corpus.sound import EXPECTED, SOUND

ALIASES = {word: (word,) for word in HEADING} | {"单价(元)": ("单价",)}
REQUIRED = ("品名", "单价(元)")


def read(content: bytes) -> Table:
    return read_table(content, aliases=ALIASES, required=REQUIRED)


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE.keys())
def test_read_hostile_file_is_refused_with_its_code_within_two_seconds(case: Hostile) -> None:
    content = case.make()
    before = cpu_seconds()
    with pytest.raises(IntakeError) as refused:
        read(content)
    # Processor time, not the clock: a busy machine must not decide about this test.
    assert cpu_seconds() - before < 2
    assert refused.value.code == case.code
    assert FILE_ERRORS[case.code] % refused.value.params


@pytest.mark.parametrize("make", SOUND.values(), ids=SOUND.keys())
def test_read_odd_but_honest_file_gives_the_same_two_products(make: object) -> None:
    assert callable(make)
    table = read(make())
    found = [tuple(cells[table.columns[word]] for word in HEADING) for cells in _cells(table)]
    assert [_plain(cells) for cells in found] == [_plain(cells) for cells in EXPECTED]


def _cells(table: Table) -> list[tuple[str, ...]]:
    return [line.cells for line in table.rows]


def _plain(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell.rstrip("0").rstrip(".") if "." in cell else cell for cell in cells)


def test_read_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    text = "报价单\r\n\r\n品名,单价\r\n\r\n青菜,3.90\r\n,,\r\n土豆,6.90\r\n"
    table = read(text.encode())
    assert (table.header_row, [line.number for line in table.rows]) == (3, [5, 7])


def test_read_workbook_agrees_with_openpyxl_on_every_value() -> None:
    written = [
        [
            1,
            12,
            3.9,
            0.1 + 0.2,
            1234567.891,
            6901028075008,
            "文字",
            " 边 ",
            True,
            date(2022, 4, 21),
        ],
        [
            0,
            -5,
            1e-3,
            100.0,
            99999999999,
            0.5,
            "a&b<c>",
            "12.50",
            False,
            datetime.fromisoformat("2022-04-21 07:30"),
        ],
    ]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        page = book.add_worksheet()
        for number, values in enumerate([[f"列{n}" for n in range(10)], *written]):
            page.write_row(number, 0, values)
    oracle = openpyxl.load_workbook(io.BytesIO(stream.getvalue())).active
    assert oracle is not None
    expected = [
        tuple(_text_of(value) for value in values)
        for values in oracle.iter_rows(min_row=2, values_only=True)
    ]
    assert _cells(read_table(stream.getvalue())) == expected


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def test_read_formula_keeps_its_text_and_ignores_the_stored_value() -> None:
    formulas = (
        '<row r="3"><c r="A3"><f>B3&amp;"x"</f><v>7</v></c><c r="D3"><f t="shared" si="0">C3*2</f>'
        '<v>3.9</v></c></row><row r="4"><c r="A4"><v>1</v></c><c r="D4"><f t="shared" si="0"/>'
        "<v>3.9</v></c></row>"
    )
    table = read(workbook(sheet(row(1, HEADING) + row(2, ROW) + formulas)))
    assert [(line.cells[0], line.cells[3], line.flags) for line in table.rows[1:]] == [
        ('=B3&"x"', "=C3*2", ((0, "formula"), (3, "formula"))),
        ("1", "=C3*2", ((3, "formula"),)),
    ]


def test_read_number_with_lost_digits_stays_as_it_is() -> None:
    cells = '<row r="3"><c r="A3" t="str"><v>x</v></c><c r="E3"><v>6.90103E+12</v></c></row>'
    table = read(workbook(sheet(row(1, HEADING) + row(2, ROW) + cells)))
    assert table.rows[1].cells[4] == "6.90103E+12"


def test_read_huge_cell_is_cut_and_flagged_and_spoils_no_other_row() -> None:
    for content in (
        workbook(sheet(row(1, HEADING) + row(2, ("长" * 40_000, *ROW[1:])) + row(3, ROW))),
        "\r\n".join(
            [",".join(HEADING), ",".join(("长" * 40_000, *ROW[1:])), ",".join(ROW)]
        ).encode(),
    ):
        first, second = read(content).rows
        assert (first.cells[0], first.flags) == ("长" * 100 + "…", ((0, "too_long"),))
        assert (second.cells[0], second.flags) == ("青菜", ())


def test_read_hidden_row_date_and_error_are_flagged() -> None:
    used = '<xf numFmtId="0"/><xf numFmtId="14"/>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{used}</cellXfs></styleSheet>'
    rows = (
        '<row r="3" hidden="1"><c r="A3"><v>1</v></c></row>'
        '<row r="4"><c r="A4"><v>1</v></c><c r="B4" s="1"><v>44563</v></c></row>'
        '<row r="5"><c r="A5"><v>1</v></c><c r="D5" t="e"><v>#N/A</v></c></row>'
    )
    table = read(workbook(sheet(row(1, HEADING) + row(2, ROW) + rows), {"xl/styles.xml": styles}))
    assert [(line.cells[1], line.cells[3], line.flags) for line in table.rows[1:]] == [
        ("", "", ((-1, "hidden_row"),)),
        ("2022-01-02", "", ((1, "date"),)),
        ("", "#N/A", ((3, "error_value"),)),
    ]


def test_read_several_price_columns_takes_the_first_alias_and_says_so() -> None:
    content = "品名,零售价,团购价,进价\r\n青菜,4.50,3.90,2.00\r\n".encode()
    table = read_table(content, aliases={"name": ["品名"], "price": ["团购价", "零售价"]})
    assert table.columns == {"name": 0, "price": 2}
    assert [(note.code, note.params) for note in table.warnings] == [
        ("several_columns", {"used": "团购价", "others": ["零售价"]}),
        ("columns_not_read", {"columns": ["进价"]}),
    ]


def test_read_in_time_limit_of_nothing_is_stopped_and_leaves_no_process() -> None:
    before = set(psutil.Process().children())
    with pytest.raises(IntakeError) as refused:
        read_table(",".join(HEADING).encode(), seconds=0.001)
    assert refused.value.code == "too_slow"
    assert set(psutil.Process().children()) <= before


def test_read_exactly_the_limits_is_accepted() -> None:
    text = ",".join(f"列{n}" for n in range(60)) + "\r\n" + (",".join(["1"] * 60) + "\r\n") * 20_000
    table = read_table(text.encode())
    assert (len(table.rows), len(table.header)) == (20_000, 60)
