"""The question the browser tests ask: contrast of what no page had before, everything else of every page."""

import pytest

from tests import accessibility
from tests.accessibility import CONTRAST, barriers, places_of

PAGE = """<!doctype html><html lang="en"><head><title>Page</title><style>
body {{ background: #fff; color: #000 }} .faint {{ color: #ddd }} .dark {{ background: #222 }}
@media (prefers-color-scheme: dark) {{ body {{ background: #222 }} }}
</style></head><body><main><h1>Heading</h1>{}</main></body></html>"""


@pytest.fixture
def show(browser, monkeypatch):
    """Return a function that opens a page with this body, and gives the page; no place was asked for before."""
    monkeypatch.setattr(accessibility, "_seen", set())
    page = browser.new_page()

    def shown(body):
        page.set_content(PAGE.format(body))
        return page

    yield shown
    page.close()


def rules(page, *only):
    return [rule for rule, _places in barriers(page, *only)]


def test_what_is_wrong_is_found_each_time(show):
    body = '<p class="faint">Faint</p><img src="x.png">'

    assert rules(show(body)) == rules(show(body)) == ["image-alt", "color-contrast"]


def test_places_that_were_well_are_not_asked_again_and_others_are(show, monkeypatch):
    asked = []
    seen = places_of(show("<p>One</p>"))
    monkeypatch.setattr(
        accessibility, "_contrast", lambda page, _options: asked.append(len(places_of(page) - seen)) or []
    )

    for body in ("<p>Other words</p>", "<p>One</p><p>Two</p>", '<p class="faint">One</p>', "<div><p>One</p></div>"):
        barriers(show(body))

    # the same place; one that follows another, which is no longer the last; another class; another parent
    assert asked == [0, 2, 1, 1]


def test_the_same_place_in_the_dark_or_on_other_ground_is_asked_anew(show):
    assert rules(show("<p>Black</p>"), CONTRAST) == []

    page = show("<p>Black</p>")
    page.emulate_media(color_scheme="dark")
    assert rules(page, CONTRAST) == ["color-contrast"]

    page.emulate_media(color_scheme="light")
    assert rules(show('<div class="dark"><p>Black</p></div>'), CONTRAST) == ["color-contrast"]


def test_a_link_that_only_its_colour_tells_from_the_text_is_found_wherever_text_stands_around(show):
    link = '<a href="#x" style="color: #111; text-decoration: none">Link</a>'

    assert rules(show(f"<p>{link}</p>")) == []
    assert rules(show(f"<p>Words around it, and more of them: {link}</p>")) == ["link-in-text-block"]
