"""A PDF is marked on every page with who was given it; one that cannot be read is refused."""

import pytest
import typst

from marketplace.core.watermark import NotMarkable, TooManyPages, require_markable, with_mark
from tests.pdf_text import text_of

WORDS = "陈样例 · 样例研究院 · #1234"


def drawn(pages):
    body = b"\n#pagebreak()\n".join([b"#rect()"] * pages)
    return typst.compile(b"#set page(width: 8cm, height: 6cm)\n" + body)


@pytest.mark.parametrize("pages", [1, 2, 3, 5])
def test_every_page_carries_the_reader(pages):
    marked = with_mark(drawn(pages), WORDS)

    assert marked.startswith(b"%PDF")
    assert text_of(marked).count("陈样例·样例研究院·#1234") == 3 * pages


def test_a_broken_pdf_is_refused():
    for broken in (b"%PDF-1.4\n1 0 obj<<>>endobj\n", b"no pdf at all"):
        with pytest.raises(NotMarkable):
            require_markable(broken)
        with pytest.raises(NotMarkable):
            with_mark(broken, WORDS)


def test_a_very_long_pdf_is_refused(monkeypatch):
    monkeypatch.setattr("marketplace.core.watermark.MOST_PAGES", 3)

    with pytest.raises(TooManyPages):
        require_markable(drawn(9))


def test_what_the_font_lacks_does_not_stop_the_mark():
    assert with_mark(drawn(1), "𠮷 · #1").startswith(b"%PDF")
