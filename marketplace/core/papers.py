"""Papers: documents to keep, sign and print, as pages and as PDF from the same words.

A noun puts a `Paper` together from blocks of plain words; `as_pdf` sets it with typst. Words reach typst as data, so
nothing a person wrote is read as markup. The same paper gives the same bytes: no clock, no random name, and the
document's date is the record's. What the font cannot draw is written as its code point, because typst would leave a
hollow box that nobody can search for or read aloud.
"""

import json
import re
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import segno
import typst
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.template.engine import Engine
from django.utils.translation import get_language, pgettext
from pylopdf_fonts_zh_cn import sans_path

TEMPLATE = "papers/paper.typ"
Words = Any  # a string, or one translated when it is shown


@dataclass(frozen=True)
class Facts:
    """Labels and what they say; a value of several lines is written line by line. A page can point to its `anchor`."""

    rows: Sequence[tuple[Words, Words]]
    heading: Words = ""
    anchor: str = ""
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True)
class Table:
    """Rows under headings; `numbers` are the places of columns that line up on the right, `widths` their shares."""

    headings: Sequence[Words]
    rows: Sequence[Sequence[Words]]
    heading: Words = ""
    numbers: Sequence[int] = ()
    widths: Sequence[int] = ()
    kind: ClassVar[str] = "table"

    @property
    def labelled(self) -> list[list[tuple[Words, Words, bool]]]:
        """Return the rows as (heading, cell, whether it is a number): narrow pages lead each cell by its heading."""
        return [
            [(self.headings[place], cell, place in self.numbers) for place, cell in enumerate(row)] for row in self.rows
        ]


@dataclass(frozen=True)
class Text:
    """Paragraphs."""

    paragraphs: Sequence[Words]
    heading: Words = ""
    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Bars:
    """Bars from zero: (label, value, what stands beside it), and a second value in the lighter green."""

    rows: Sequence[tuple[Words, float, float | None, Words]]
    heading: Words = ""
    kind: ClassVar[str] = "bars"

    @property
    def most(self) -> float:
        return max((max(value, second or 0) for _label, value, second, _text in self.rows), default=0) or 1


@dataclass(frozen=True)
class Signatures:
    """Places for people to sign, each with a date."""

    places: Sequence[Words]
    kind: ClassVar[str] = "signatures"


@dataclass(frozen=True)
class Check:
    """A QR code, and the words that say what scanning it shows."""

    address: str
    words: Sequence[Words]
    kind: ClassVar[str] = "check"

    @property
    def drawing(self) -> str:
        return segno.make(self.address, error="m").svg_inline(border=2)


Block = Facts | Table | Text | Bars | Signatures | Check


@dataclass(frozen=True)
class Paper:
    """One document: what it is, of what, as of when (from the record, never from the clock), and what it says."""

    title: Words
    subject: Words
    number: str
    dated: datetime
    blocks: list[Block] = field(default_factory=list)

    @property
    def page_words(self) -> str:
        """Return how pages are counted, with places that the setting fills in."""
        return pgettext("paper", "page {page} of {pages}")


def as_pdf(paper: Paper) -> bytes:
    """Return the paper as PDF with its font embedded, in the language that is active."""
    made = compiler_of(paper).compile(format="pdf", timestamp=int(paper.dated.timestamp()))
    assert isinstance(made, bytes)  # noqa: S101  # a list comes of pictures only, None of a file named
    return made


def compiler_of(paper: Paper) -> typst.Compiler:
    """Return what sets the paper, as PDF or as pictures of its pages."""
    home, source = _template()
    return typst.Compiler(
        str(source),
        root=str(home),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": drawable(_as_data(paper))},
    )


def paper_response(paper: Paper, name: str) -> HttpResponse:
    """Send the paper as `name`.pdf, to be shown in the browser or kept."""
    answer = HttpResponse(as_pdf(paper), content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(f'{name}.pdf')}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def content_of(paper: Paper) -> str:
    """Return what the paper says, without its number and time: two papers of the same words have the same content."""
    return json.dumps(json.loads(_as_data(paper)) | {"number": ""}, sort_keys=True, ensure_ascii=False)


def _as_data(paper: Paper) -> str:
    """Return the paper as JSON; every word becomes a string in the language that is active."""
    blocks = [
        asdict(block)
        | {"kind": block.kind}
        | ({"drawing": block.drawing} if isinstance(block, Check) else {})
        | ({"most": block.most} if isinstance(block, Bars) else {})
        for block in paper.blocks
    ]
    data = {
        "title": paper.title,
        "subject": paper.subject,
        "number": paper.number,
        "language": "en" if (get_language() or "").startswith("en") else "zh",
        "pages": paper.page_words,
        "blocks": blocks,
    }
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)


@cache
def _template() -> tuple[Path, Path]:
    """Return the folder of the templates and the one of papers, by the way Django finds any other."""
    loaders = Engine.get_default().template_loaders
    places = (Path(origin.name) for loader in loaders for origin in loader.get_template_sources(TEMPLATE))
    source = next(path for path in places if path.exists())
    return source.parents[1], source


@cache
def fonts() -> typst.Fonts:
    """Return the one font documents are set in."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(sans_path()).parent)]
    )


def drawable(text: str) -> str:
    """Return the text with what the font lacks written by its code point, such as 〔U+20BB7〕."""
    return re.sub(r"[^\x00-\x7f]", lambda found: _drawn(found[0]), text)


def _drawn(sign: str) -> str:
    return sign if ord(sign) in _glyphs() else f"〔U+{ord(sign):04X}〕"


@cache
def _glyphs() -> frozenset[int]:
    """Return the code points the font draws: the groups of its character map (OpenType cmap, format 12)."""
    font = Path(sans_path()).read_bytes()

    def read(form: str, offset: int, count: int = 1) -> list[Any]:
        width = struct.calcsize(form)
        return [struct.unpack_from(form, font, offset + width * place) for place in range(count)]

    tables = read(">4sIII", 12, read(">H", 4)[0][0])
    cmap = next(offset for tag, _sum, offset, _length in tables if tag == b"cmap")
    maps = read(">HHI", cmap + 4, read(">H", cmap + 2)[0][0])
    full = next(cmap + at for _platform, _encoding, at in maps if read(">H", cmap + at)[0][0] == 12)
    spans = read(">III", full + 16, read(">I", full + 12)[0][0])
    return frozenset(point for first, last, _glyph in spans for point in range(first, last + 1))
