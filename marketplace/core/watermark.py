"""A mark across every page of a PDF that says who was given it. The pages stay what they are: text, lines, pictures."""

import tempfile
from pathlib import Path

import typst
from django.utils.translation import gettext_lazy as _
from typst import TypstError

from marketplace.core.papers import drawable, fonts
from marketplace.core.refusals import Refused

MOST_PAGES = 500
COUNTING = '#set page(width: 1cm, height: 1cm, margin: 0pt)\n#image("given.pdf", page: {page}, width: 1cm)'
MARKING = """
#set page(width: auto, height: auto, margin: 0pt)
#set text(lang: "zh")
#let words = sys.inputs.words
#let mark = text(size: 13pt, fill: rgb(90, 90, 90, 100), words)
#for number in range(1, {pages} + 1) [
  #box(clip: true)[#image("given.pdf", page: number)#for place-y in (20%, 50%, 80%) {{
    place(top + center, dy: place-y, rotate(-24deg, mark))
  }}]
  #if number < {pages} {{ pagebreak() }}
]
"""


class NotMarkable(Refused):
    message = _("This PDF cannot be marked with the name of its reader. Save it again without a password.")
    field = "file"


class TooManyPages(Refused):
    message = _("The PDF has more than %(most)s pages. Divide it.")
    field = "file"


def _set(home: Path, source: str, **inputs: str) -> bytes:
    (home / "marked.typ").write_text(source)
    compiler = typst.Compiler(
        str(home / "marked.typ"), root=str(home), font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )
    made = compiler.compile(format="pdf")
    assert isinstance(made, bytes)  # noqa: S101  # a list comes of pictures only, None of a file named
    return made


def _has_page(home: Path, number: int) -> bool:
    try:
        _set(home, COUNTING.format(page=number))
    except TypstError:
        return False
    return True


def _pages(home: Path) -> int:
    """Return how many pages the given PDF has, by doubling and halving: typst tells only whether a page exists."""
    if not _has_page(home, 1):
        raise NotMarkable()
    some, beyond = 1, 2
    while _has_page(home, beyond):
        some, beyond = beyond, beyond * 2
        if some > MOST_PAGES:
            raise TooManyPages(most=MOST_PAGES)
    while beyond - some > 1:
        middle = (some + beyond) // 2
        some, beyond = (middle, beyond) if _has_page(home, middle) else (some, middle)
    return some


def require_markable(pdf: bytes) -> None:
    """Refuse a PDF whose readers could not be marked. Raises NotMarkable, TooManyPages."""
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "given.pdf").write_bytes(pdf)
        _pages(Path(made))


def with_mark(pdf: bytes, words: str) -> bytes:
    """Return the PDF with the words across every page. Raises NotMarkable, TooManyPages."""
    with tempfile.TemporaryDirectory() as made:
        home = Path(made)
        (home / "given.pdf").write_bytes(pdf)
        try:
            return _set(home, MARKING.format(pages=_pages(home)), words=drawable(words))
        except TypstError as error:
            raise NotMarkable() from error
