"""Every sentence the import says about a file, by code. English msgids; the reader's language is
chosen when a sentence is shown, so that a stored import can be read in any language.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

FILE_ERRORS = {
    "empty_file": gettext_noop("The file is empty."),
    "file_too_big": gettext_noop("The file is larger than %(limit)s MB. Please split it."),
    "old_xls": gettext_noop(
        "This is an old .xls workbook. Please open it and save it as .xlsx or .csv."
    ),
    "encrypted": gettext_noop(
        "The file is protected by a password. Please save it without one and upload it again."
    ),
    "opendocument": gettext_noop(
        "This is an OpenDocument file. Please save it as .xlsx or .csv and upload it again."
    ),
    "other_office": gettext_noop(
        "This is a text or slides document, not a table. Please save the table as .xlsx or .csv."
    ),
    "binary_xlsb": gettext_noop(
        "This is a binary .xlsb workbook. Please save it as .xlsx or .csv."
    ),
    "macros": gettext_noop(
        "The workbook contains macros. Please save it as .xlsx without macros and upload it again."
    ),
    "external_links": gettext_noop(
        "The workbook refers to other workbooks. "
        "Please turn those formulas into values (paste as values) and upload it again."
    ),
    "pdf": gettext_noop("This is a PDF. Please upload the table as .xlsx or .csv."),
    "picture": gettext_noop("This is a picture. Please upload the table as .xlsx or .csv."),
    "archive": gettext_noop(
        "This is a compressed archive. Please unpack it and upload the table inside."
    ),
    "markup": gettext_noop(
        "This is a web page or XML that only carries the name of a table. "
        "Please open it in a spreadsheet and save it as .xlsx."
    ),
    "not_a_workbook": gettext_noop(
        "The file is a zip archive, but there is no workbook inside. Please upload .xlsx or .csv."
    ),
    "broken_zip": gettext_noop(
        "The file is damaged or was not completely transferred. Please save it again and upload it."
    ),
    "broken_xml": gettext_noop(
        "The workbook is damaged (%(part)s). "
        "Please open it in a spreadsheet, save it again and upload it."
    ),
    "xml_dtd": gettext_noop(
        "The workbook holds a document type declaration, which no spreadsheet writes. "
        "It was not read."
    ),
    "zip_too_many": gettext_noop(
        "The workbook consists of %(count)s parts; at most %(limit)s are read."
    ),
    "zip_too_big": gettext_noop(
        "Unpacked the workbook would be %(size)s MB; at most %(limit)s MB are read."
    ),
    "zip_ratio": gettext_noop(
        "A part of the workbook is packed more than %(limit)s times. It was not unpacked."
    ),
    "zip_paths": gettext_noop("The names inside the workbook are not in order. It was not read."),
    "no_sheet": gettext_noop("There is no worksheet in the workbook."),
    "far_cell": gettext_noop(
        "There is a value far outside the table, in cell %(cell)s. "
        "Please delete it (or the rows and columns up to it) and upload the file again."
    ),
    "too_many_columns": gettext_noop("The table has more than %(limit)s columns."),
    "too_many_rows": gettext_noop(
        "The table has more than %(limit)s rows. Please split it into several files."
    ),
    "too_much_text": gettext_noop("There is too much text in the cells of this file."),
    "nul_bytes": gettext_noop("This is not a text file: it contains NUL bytes."),
    "unknown_encoding": gettext_noop(
        "The text encoding of the file is not known. Please save it as CSV UTF-8 or as .xlsx."
    ),
    "broken_quotes": gettext_noop(
        "The quotation marks do not match near line %(line)s, so the columns are not certain."
    ),
    "no_header": gettext_noop(
        "No row with column headings was found in the first 20 rows. Looked for: %(columns)s."
    ),
    "missing_columns": gettext_noop("These columns are missing: %(columns)s."),
    "no_entries": gettext_noop("No line of this text reads like an order."),
    "no_rows": gettext_noop("There are no rows with data in the file."),
    "too_heavy": gettext_noop("Reading this file would take too much memory. It was not read."),
    "too_slow": gettext_noop("Reading this file took too long and was stopped."),
    "unreadable": gettext_noop(
        "The file could not be read. Please save it again as .xlsx or .csv."
    ),
}

NOTES = {
    "read_as": gettext_noop(
        "The text was read as %(encoding)s. Please look whether the characters are right."
    ),
    "sheets_not_read": gettext_noop("Only the sheet “%(used)s” was read. Not read: %(others)s."),
    "several_columns": gettext_noop(
        "Several columns could be meant: “%(used)s” was used. Not used: %(others)s."
    ),
    "columns_not_read": gettext_noop("Columns that were not read: %(columns)s."),
    "section_titles": gettext_noop("Title rows across merged cells were skipped: row %(rows)s."),
    "repeated_header": gettext_noop("Rows that repeat the headings were skipped: row %(rows)s."),
}

CELL_REASONS = {
    "formula": gettext_noop("“%(column)s” holds a formula. Please enter the value itself."),
    "too_long": gettext_noop("The text in “%(column)s” is longer than 2,000 characters."),
    "error_value": gettext_noop("“%(column)s” holds an error of the spreadsheet: %(value)s."),
    "date": gettext_noop(
        "“%(column)s” holds a date (%(value)s). Spreadsheets make dates of texts like 1-2: "
        "please check."
    ),
    "merged": gettext_noop("“%(column)s” comes from a merged cell further up."),
    "hidden_row": gettext_noop("This row is hidden in the file. Is it meant to be imported?"),
    "failed": gettext_noop("This row could not be stored: %(error)s"),
}


# Whoever judges a row need not speak the language of whoever reads the reason.
WORDS = frozenset({"channel"})


def sentence(table: Mapping[str, str], code: str, params: Mapping[str, Any]) -> str:
    """The sentence for a code in the active language; lists are joined as the language does, words of our own (WORDS)
    are kept as msgids.
    """
    values = {
        name: _(", ").join(map(str, value)) if isinstance(value, (list, tuple)) else value
        for name, value in params.items()
    }
    words = {name: _(str(params[name])) for name in WORDS & params.keys()}
    # One value that nobody gave must not cost the whole page of a stored import.
    return _(table[code]) % defaultdict(lambda: "?", values | words)
