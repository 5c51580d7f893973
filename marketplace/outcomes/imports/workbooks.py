"""Sheets we hand out: the template with its look-ups, and an import's rows with a comment in each wrong cell."""

import io
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.tables import cell
from marketplace.outcomes.imports.checking import Problem
from marketplace.outcomes.imports.columns import COLUMNS
from marketplace.outcomes.imports.words import EVIDENCE, IP_KINDS, MODES

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
    """Return the XLSX template: headings, one example row, and a sheet with every word that is understood."""
    book = Workbook()
    sheet = book.active
    sheet.title = "成果清单"
    _heads(sheet, (column.heading + ("*" if column.is_required else "") for column in COLUMNS))
    sheet.append([column.example for column in COLUMNS])
    for index, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    words = book.create_sheet("可填的词")
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


def annotated(rows: Iterable[tuple[int, Mapping[str, str], Mapping[str, Problem]]], keys: list[str]) -> bytes:
    """Return the rows (line, cells, problems) as XLSX, each wrong cell coloured and commented."""
    shown = [column for column in COLUMNS if column.key in keys]
    book = Workbook()
    sheet = book.active
    sheet.title = "批注"
    _heads(sheet, [_("Row"), *(column.heading for column in shown)])
    for line, cells, problems in rows:
        sheet.append([line, *(cell(cells.get(column.key, "")) for column in shown)])
        for index, column in enumerate(shown, start=2):
            problem = problems.get(column.key)
            if problem is not None:
                marked = sheet.cell(row=sheet.max_row, column=index)
                marked.fill = MAYBE if problem.tone == "maybe" else WRONG
                marked.comment = Comment(problem.message, "平台")
    return _bytes(book)
