"""A paper as DOCX, for those who go on writing it: the same blocks of words as the page and the PDF (papers.py)."""

import io
from collections.abc import Callable
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from marketplace.core.papers import Bars, Check, Facts, Paper, Signatures, Table, Text

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIGNING = "：____________________"  # behind each place where somebody signs
FONT = "SimSun"  # 宋体: what Word has on every Chinese machine; LibreOffice takes its own in its place


def as_docx(paper: Paper) -> bytes:
    """Return the paper as DOCX, in the language that is active. A QR code is left out: a draft proves nothing."""
    document = Document()
    _set_up(document, paper)
    for words, size in ((paper.title, 18), (paper.subject, 12), (paper.number, 9)):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(str(words)).font.size = Pt(size)
    for block in paper.blocks:
        if getattr(block, "heading", ""):
            document.add_paragraph().add_run(str(block.heading)).bold = True  # type: ignore[union-attr]
        SET[type(block)](document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_up(document: Any, paper: Paper) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    document.core_properties.title = str(paper.title)
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = paper.dated


def _facts(document: Any, block: Facts) -> None:
    _grid(document, [(label, value) for label, value in block.rows])


def _table(document: Any, block: Table) -> None:
    _grid(document, [tuple(block.headings), *(tuple(row) for row in block.rows)], numbers=tuple(block.numbers))


def _grid(document: Any, rows: list[tuple[Any, ...]], *, numbers: tuple[int, ...] = ()) -> None:
    if not rows:
        return
    grid = document.add_table(rows=0, cols=len(rows[0]))
    grid.style = "Table Grid"
    for row in rows:
        for place, cell in enumerate(grid.add_row().cells):
            cell.text = str(row[place])
            if place in numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _text(document: Any, block: Text) -> None:
    for words in block.paragraphs:
        document.add_paragraph(str(words))


def _signatures(document: Any, block: Signatures) -> None:
    for place in block.places:
        document.add_paragraph(f"{place}{SIGNING}")


def _bars(document: Any, block: Bars) -> None:
    _grid(document, [(label, words) for label, _value, _second, words in block.rows])


def _check(document: Any, block: Check) -> None:
    return None


SET: dict[type, Callable[[Any, Any], None]] = {
    Facts: _facts,
    Table: _table,
    Text: _text,
    Signatures: _signatures,
    Bars: _bars,
    Check: _check,
}
