"""Sheets we hand out: the template with its look-ups, and an import's rows with a comment in each wrong cell."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.tables import cell
from marketplace.outcomes.imports.checking import Problem
from marketplace.outcomes.imports.columns import COLUMNS
from marketplace.outcomes.imports.words import EVIDENCE, IP_KINDS, MODES, SHEET

WRONG, MAYBE = PatternFill("solid", start_color="FBE6EB"), PatternFill("solid", start_color="F9EED2")


def _bytes(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _heads(sheet: object, headings: Iterable[str]) -> None:
    sheet.append(list(headings))  # type: ignore[attr-defined]
    for head in sheet[1]:  # type: ignore[index]
        head.font = Font(bold=True)
    sheet.freeze_panes = "A2"  # type: ignore[attr-defined]


def template() -> bytes:
    """Return the XLSX template: headings, one example row, a sheet on how each column is filled in, and one of words.

    The sheet of words has every one that is understood.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = "成果清单"
    _heads(sheet, (column.heading + ("*" if column.is_required else "") for column in COLUMNS))
    sheet.append([column.example for column in COLUMNS])
    for index, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
        if column.hint:
            sheet.cell(row=1, column=index).comment = Comment(column.hint, "平台", height=120, width=280)
    _explain(book.create_sheet("填写说明"))
    words = book.create_sheet(SHEET)
    _heads(words, ("技术领域代码", "技术领域", "行业代码", "行业", "转化方式", "成熟度证明", "知识产权种类"))
    fields = list(TechnicalField.objects.values_list("code", "name"))
    industries = list(Industry.objects.values_list("code", "name"))
    lists = [[f[0] for f in fields], [f[1] for f in fields], [i[0] for i in industries], [i[1] for i in industries],
             list(MODES), list(EVIDENCE), list(IP_KINDS)]  # fmt: skip
    for number, entries in enumerate(lists, start=1):
        for line, entry in enumerate(entries, start=2):
            words.cell(row=line, column=number, value=entry)
        words.column_dimensions[get_column_letter(number)].width = 20
    return _bytes(book)


def _explain(sheet: Any) -> None:
    """Say of each column whether it must be filled in, what stands in it, and give an example."""
    _heads(sheet, ("列", "是否必填", "说明", "示例"))
    for column in COLUMNS:
        sheet.append([column.heading, "必填" if column.is_required else "选填", column.hint, column.example])
    for letter, width in zip("ABCD", (18, 10, 90, 50), strict=True):
        sheet.column_dimensions[letter].width = width


@dataclass(frozen=True)
class Noted:
    """One row that is handed back: its line, cells by column key, problems, and what its other columns say."""

    line: int
    cells: Mapping[str, str]
    problems: Mapping[str, Problem]
    others: Sequence[str]


def annotated(rows: Iterable[Noted], keys: Iterable[str], others: Sequence[str]) -> bytes:
    """Return rows as XLSX, each wrong cell coloured and commented; `others` are headings of columns that are not read.

    Those stand behind the columns that are, so that a heading which occurs twice is read as it was.
    """
    shown = [column for column in COLUMNS if column.key in set(keys)]
    book = Workbook()
    sheet = book.active
    sheet.title = "批注"
    _heads(sheet, [_("Row"), *(column.heading for column in shown), *map(cell, others)])
    for row in rows:
        sheet.append([row.line, *(cell(row.cells.get(column.key, "")) for column in shown), *map(cell, row.others)])
        for index, column in enumerate(shown, start=2):
            problem = row.problems.get(column.key)
            if problem is not None:
                marked = sheet.cell(row=sheet.max_row, column=index)
                marked.fill = MAYBE if problem.tone == "maybe" else WRONG
                marked.comment = Comment(problem.message, "平台")
    return _bytes(book)
