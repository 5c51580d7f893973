"""Handing a list out as a table: XLSX for people with a spreadsheet, CSV (UTF-8 with a mark) for the rest."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("xlsx", "csv")
FORMATS_OF = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd"}  # how a spreadsheet shows days and times
WIDTHS = {datetime: 17, date: 12, Decimal: 14}  # what is too narrow shows #### in place of a day or an amount
NOT_IN_A_TITLE, LONGEST_TITLE = re.compile(r"[\[\]:*?/\\]"), 31  # of a sheet, as spreadsheets have it


def cell(value: Any) -> Any:
    """Return a value a spreadsheet shows as it is: local times, plain text, nothing that starts a formula."""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(value) else value
    if value is None or (isinstance(value, date | int | float | Decimal) and not isinstance(value, bool)):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def reckoned(value: Any) -> Any:
    """Return a value as a spreadsheet reckons and sorts with it: as `cell`, but a time stays a time, local."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    return cell(value)


def table_response(
    name: str,
    headings: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    form: str = "xlsx",
    texts: Collection[int] = (),
) -> HttpResponse:
    """Send rows as a download called `name`.xlsx or .csv; `form` is one of FORMATS (anything else is XLSX).

    Give amounts as numbers and days and times as such: XLSX keeps them so, CSV prints them plainly. `texts` are the
    places of columns that stay text in XLSX whatever is typed there, as numbers longer than a spreadsheet reckons with.
    """
    form = form if form in FORMATS else "xlsx"
    written = cell if form == "csv" else reckoned
    lines = [[cell(str(heading)) for heading in headings], *([written(value) for value in row] for row in rows)]
    content, media_type = (
        (_csv(lines), "text/csv; charset=utf-8") if form == "csv" else (_xlsx(lines, name, texts), XLSX)
    )
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{form}')}"
    return response


def _csv(lines: Iterable[Sequence[Any]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(lines)
    return buffer.getvalue().encode("utf-8-sig")


def _xlsx(lines: Iterable[Sequence[Any]], name: str, texts: Collection[int]) -> bytes:
    from openpyxl import Workbook  # here: 180 modules, for few who need them
    from openpyxl.styles import Font

    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = NOT_IN_A_TITLE.sub(" ", name)[:LONGEST_TITLE]
    for line in lines:
        sheet.append(list(line))
    for head in sheet[1]:
        head.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(sheet.iter_cols(min_row=2)):
        if place in texts:
            for each in column:
                each.number_format = "@"
        _make_legible(sheet, column)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _make_legible(sheet: Any, column: Sequence[Any]) -> None:
    """Show times to the minute, amounts with their decimals, and both in full."""
    for each in column:
        kind = type(each.value)
        if kind in FORMATS_OF:
            each.number_format = FORMATS_OF[kind]
        elif kind is Decimal and each.value.as_tuple().exponent == -2:
            each.number_format = "0.00"
        if kind in WIDTHS:
            width = sheet.column_dimensions[each.column_letter].width
            sheet.column_dimensions[each.column_letter].width = max(width, WIDTHS[kind])
