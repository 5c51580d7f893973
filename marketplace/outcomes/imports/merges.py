"""Merged cells of a sheet: what a merge covers below its first row is an empty cell in the file, and no missing one.

Nothing is copied down: a title merged over two rows is one outcome, a price merged over two is perhaps that of both
together. Each covered cell is marked, and who imports says what holds for its row.
"""

import re

MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
MARK = re.compile(r"⇡(\d+)")


def mark(row: int) -> str:
    """Return the text that stands for "merged with the cell of this row above"."""
    return f"⇡{row}"


def marked_row(text: str) -> str:
    """Return the row whose merged cell covers this one, or "" where the text is no mark."""
    match = MARK.fullmatch(text)
    return match[1] if match else ""


def covered(table: bytes, *, most_rows: int, most_columns: int) -> dict[tuple[int, int], str]:
    """Return {(row, column): mark}, counted from 1, of the cells that a merge of a worksheet's XML covers from above.

    Merges do not overlap; of a file in which they do, no more is read than the sheet has cells.
    """
    from openpyxl.utils.cell import range_boundaries  # here: 180 modules, for few who need them

    found: dict[tuple[int, int], str] = {}
    left = most_rows * most_columns
    for match in MERGE.finditer(table):
        first_column, first, last_column, last = range_boundaries(match[1].decode())
        rows = range(first + 1, min(last, most_rows) + 1)
        columns = range(first_column, min(last_column, most_columns) + 1)
        left -= len(rows) * len(columns)
        if left < 0:
            break
        found |= {(row, column): mark(first) for row in rows for column in columns}
    return found
