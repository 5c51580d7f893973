"""Reading what institutes send: XLSX, or CSV in UTF-8 or GB 18030, into headings and rows of text."""

import csv
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from marketplace.outcomes.imports.unreadable import (
    Damaged,
    NoTable,
    NothingInside,
    Protected,
    SheetTooLarge,
    UnknownEncoding,
    Unreadable,
    why_no_sheet,
)

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 60
MOST_CELL = 12_000

TEXT_SUFFIXES = {"", ".csv", ".txt", ".tsv"}
OTHER_KINDS = (b"%PDF-", b"{\\rtf")  # begin like text and are none
CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1a"})  # in neither encoding part of a character


@dataclass(frozen=True)
class Sheet:
    """One table: `headings` of the columns, and `rows` of (line number in the file, cells)."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read(content: bytes, *, is_heading: Any, name: str = "") -> Sheet:
    """Return the first table of an XLSX or CSV file.

    `is_heading(cells) -> bool` recognises the line of headings among the first ten lines. Text without one is only
    taken for a table if `name`, what the file is called, does not say that it is something else.
    Raises Unreadable, UnknownEncoding, SheetTooLarge, NoTable or NothingInside.
    """
    if len(content) > MOST_BYTES:
        raise _too_large()
    is_packed = content.startswith(b"PK")
    lines = _xlsx_lines(content) if is_packed else _csv_lines(content)
    top = next((index for index, cells in enumerate(lines[:10]) if is_heading(cells)), None)
    if top is None and not is_packed and PurePath(name).suffix.lower() not in TEXT_SUFFIXES:
        raise Unreadable()
    headings_at = top or 0
    headings = _without_empty_end(lines[headings_at]) if lines else []
    rows = [
        (number, [*cells, *[""] * (len(headings) - len(cells))][: len(headings)])
        for number, cells in enumerate(lines[headings_at + 1 :], start=headings_at + 2)
        if any(cells)
    ]
    if not rows:
        raise NoTable() if top is None else NothingInside()
    if len(rows) > MOST_ROWS:
        raise _too_large()
    return Sheet(headings=headings, rows=rows)


def _too_large() -> SheetTooLarge:
    return SheetTooLarge(rows=f"{MOST_ROWS:,}", megabytes=MOST_BYTES // 1024 // 1024)


def _without_empty_end(cells: list[str]) -> list[str]:
    """Return the cells up to the last that is filled."""
    filled = max((index for index, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:filled]


def _plain(value: Any) -> str:
    """Return a cell as the person typed it: whole numbers without .0, dates as ISO, text trimmed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\x00", "").strip()[:MOST_CELL]


CUT = (zipfile.BadZipFile, zlib.error, EOFError)
BROKEN = (OSError, KeyError, ValueError, TypeError, IndexError, SyntaxError)


def _xlsx_lines(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook  # here: 180 modules, for few who need them
    from openpyxl.utils.exceptions import InvalidFileException

    from marketplace.outcomes.imports.formulas import without_result
    from marketplace.outcomes.imports.merges import covered

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise _too_large()
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            table: Any = book.worksheets[0]
            written = archive.read(table._worksheet_path)
        most = MOST_ROWS + 20
        lines = list(table.iter_rows(max_row=most, max_col=MOST_COLUMNS, values_only=True))
        formulas = without_result(written) if b"<f" in written or b":f" in written else {}
        instead = covered(written, most_rows=most, most_columns=MOST_COLUMNS) | formulas
    except CUT as error:
        raise Damaged() from error
    except RuntimeError as error:  # of zipfile: packed with a password
        raise Protected() from error
    except (*BROKEN, InvalidFileException) as error:
        raise Unreadable() from error
    return [_shown(cells, row, instead) for row, cells in enumerate(lines, start=1)]


def _shown(cells: Sequence[Any], row: int, instead: dict[tuple[int, int], str]) -> list[str]:
    """Return the texts of a row, with what stands `instead` of an empty one: a formula without a result, a merge.

    A row of nothing else is as good as empty.
    """
    texts = [_plain(value) for value in cells]
    if not instead or not any(texts):
        return texts
    return [text or _plain(instead.get((row, column), "")) for column, text in enumerate(texts, start=1)]


def _is_text(content: bytes) -> bool:
    """Tell text from pictures, programs and the like; a few stray control characters of a paste are forgiven."""
    start = content[:4096]
    controls = len(start) - len(start.translate(None, CONTROLS))
    return b"\x00" not in start and not start.startswith(OTHER_KINDS) and controls * 100 <= len(start)


def _csv_lines(content: bytes) -> list[list[str]]:
    if not _is_text(content):
        raise why_no_sheet(content)
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t，", key=first.count)
    if delimiter == "，":
        text, delimiter = text.replace("，", ","), ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable() from error
    return [[_plain(value) for value in cells[:MOST_COLUMNS]] for cells in lines]


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnknownEncoding()
