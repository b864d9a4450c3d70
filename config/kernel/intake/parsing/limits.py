"""Limits of one uploaded table. Each is refused with a code of its own in `messages`."""

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
# A value below this row is a stray cell, not a row: Excel's last row is 1,048,576.
MAX_ROW_NUMBER = 200_000
HEADER_ROWS = 20
MAX_CELL_CHARACTERS = 2_000
# One shared string may stand in every cell: without a budget 1 MB of file becomes 2 GB of text.
MAX_TOTAL_CHARACTERS = 10_000_000

MAX_MEMBERS = 500
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_RATIO = 100
# Small members (a sheet of empty rows) pack better than 1:100 and harm nobody.
RATIO_FROM_BYTES = 1024 * 1024
MAX_MERGES = 20_000
# What only burns time: a full sheet has 1.2 million cells with a value each, empty ones counted.
MAX_CELLS = (MAX_ROWS + HEADER_ROWS) * MAX_COLUMNS
MAX_ELEMENTS = 2 * MAX_CELLS + 100_000

CHILD_MEMORY_BYTES = 512 * 1024 * 1024
CHILD_CPU_SECONDS = 20
CHILD_WALL_SECONDS = 30.0
MAX_REPLY_BYTES = 64 * 1024 * 1024
