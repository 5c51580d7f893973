"""Cells of a table that is handed out."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from marketplace.core.tables import cell, table_response


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", ""),
        (None, None),
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-", "'-"),
        ("@x", "'@x"),
        ("正常", "正常"),
        (-1, -1),
    ],
)
def test_nothing_starts_a_formula_and_nothing_stays_empty(value, shown):
    assert cell(value) == shown


def test_amounts_days_and_times_are_reckoned_with_in_xlsx_and_plain_in_csv():
    row = ["=A1", Decimal("1000.00"), date(2026, 7, 1), datetime(2026, 7, 1, 16, 30, 5, tzinfo=UTC), None]

    sheet = load_workbook(io.BytesIO(table_response("清单", list("abcde"), [row]).content)).active
    text = table_response("清单", list("abcde"), [row], form="csv").content.decode("utf-8-sig")

    values = [each.value for each in sheet[2]]
    assert (values[:2], values[4]) == (["'=A1", 1000], None)
    assert [value.isoformat() for value in values[2:4]] == ["2026-07-01T00:00:00", "2026-07-02T00:30:05"]
    assert [each.number_format for each in sheet[2][1:4]] == ["0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert sheet.column_dimensions["D"].width >= len("2026-07-02 00:30")
    assert text.splitlines()[1] == "'=A1,1000.00,2026-07-01,2026-07-02 00:30,"
