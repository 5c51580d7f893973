"""Formulas of a sheet that no program has worked out: what openpyxl hands over as an empty cell."""

import re
from html import unescape

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

# A cell with a formula and nothing in <v>. One of type "str" has a result, the empty text (ECMA-376, 18.3.1.4).
WITHOUT_RESULT = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3}[0-9]{1,7})"([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def without_result(table: bytes) -> dict[tuple[int, int], str]:
    """Return {(row, column): "=formula"}, counted from 1, of the cells of a worksheet's XML that have no result."""
    found = {}
    for match in WITHOUT_RESULT.finditer(table):
        if b't="str"' in match[2]:
            continue
        column, row = coordinate_from_string(match[1].decode())
        formula = unescape((match[3] or b"").decode("utf-8", "replace"))
        found[row, column_index_from_string(column)] = f"={formula}"
    return found
