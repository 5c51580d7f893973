"""Cells of a table that is handed out."""

import pytest

from marketplace.core.tables import cell


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
