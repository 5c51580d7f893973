"""The question of the browser tests: contrast of what looks like nothing before, the rest of pages built anew."""

import pytest

from tests import accessibility, looked_at
from tests.accessibility import ASK, ASK_NEW, CONTRAST, barriers
from tests.looked_at import LookedAt

PAGE = """<!doctype html><html lang="en"><head><title>Page</title><style>
body {{ background: #fff; color: #000 }} .faint {{ color: #ddd }} .dark {{ background: #222 }}
@media (prefers-color-scheme: dark) {{ body {{ background: #222 }} }}
</style></head><body><main><h1>Heading</h1>{}</main></body></html>"""


@pytest.fixture
def show(browser, monkeypatch, tmp_path):
    """Return a function that opens a page with this body, and gives the page; no page was asked about before."""
    monkeypatch.setattr(looked_at, "ROOT", tmp_path)
    for name in ("_looks", "_builds"):
        monkeypatch.setattr(accessibility, name, LookedAt(name))
    page = browser.new_page()

    def shown(body):
        page.set_content(PAGE.format(body))
        return page

    yield shown
    page.close()


@pytest.fixture
def asked(monkeypatch):
    """The questions asked of the axe, each as the place of its `run` in the module."""
    questions, ask = [], accessibility._ask

    def note(page, question, words):
        questions.append(question)
        return ask(page, question, words)

    monkeypatch.setattr(accessibility, "_ask", note)
    return questions


class AnyBuild:
    """Holds every build of a page: nothing but contrast is asked."""

    def holds(self, _builds):
        return True


def rules(page, *only):
    return [rule for rule, _places in barriers(page, *only)]


def test_what_is_wrong_is_found_each_time(show):
    body = '<p class="faint">Faint</p><img src="x.png">'

    assert rules(show(body)) == rules(show(body)) == ["image-alt", "color-contrast"]


def test_a_page_built_as_one_that_was_well_is_not_asked_about_again_and_others_are(show, asked):
    well = '<p>One</p><a href="/x/">Link</a><ul><li>Item</li></ul>'
    same = '<p>Other words</p><a href="/y/">Elsewhere</a><ul><li>Thing</li></ul>'

    assert rules(show(well)) == rules(show(same)) == []
    assert asked == [ASK]

    for fault, body in {
        "link-name": '<p>One</p><a href="/x/"></a><ul><li>Item</li></ul>',
        "list": '<p>One</p><a href="/x/">Link</a><ul><p>Item</p></ul>',
        "aria-allowed-attr": '<p>One</p><a href="/x/" aria-checked="true">Link</a><ul><li>Item</li></ul>',
        "landmark-unique": '<nav aria-label="One">1</nav><nav aria-label="One">2</nav>',
        "scrollable-region-focusable": '<div style="height: 30px; overflow: auto"><p>1</p><p>2</p><p>3</p></div>',
    }.items():
        assert fault in rules(show(body)), fault
    assert rules(show('<nav aria-label="One">1</nav><nav aria-label="Two">2</nav>')) == []


def test_contrast_is_asked_of_what_has_not_plainly_enough_and_once_of_what_looks_the_same(show, asked):
    accessibility._builds = AnyBuild()

    assert rules(show('<p>Black</p><p style="color: #666; background: #fff">Grey</p>')) == []
    assert asked == []

    large = '<p style="color: #888; font-size: {size}px">Enough where it is large</p>'
    assert rules(show(large.format(size=30))) == rules(show(f"<div>{large.format(size=30)}</div>")) == []
    assert asked == [ASK_NEW]
    assert rules(show(large.format(size=16))) == ["color-contrast"]


@pytest.mark.parametrize(
    "around",
    [
        "background: #222",
        "background: rgba(0, 0, 0, .85)",
        "background: linear-gradient(#222, #222)",
        "position: absolute; top: 0; background: #222",
    ],
)
def test_letters_on_any_other_ground_are_asked_about(show, asked, around):
    accessibility._builds = AnyBuild()

    rules(show(f'<div style="{around}"><p>Black</p></div>'))

    assert asked == [ASK_NEW]


def test_faded_letters_are_found(show):
    assert rules(show('<p style="opacity: .3">Black</p>')) == ["color-contrast"]
    assert rules(show('<div style="opacity: .3"><p>Black</p></div>')) == ["color-contrast"]


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


def test_what_one_worker_looked_at_another_knows(tmp_path, monkeypatch):
    monkeypatch.setattr(looked_at, "ROOT", tmp_path)
    one, other = LookedAt("builds"), LookedAt("builds")

    assert (one.holds(["a"]), other.holds(["a"])) == (False, False)
    one.add(["a", "b"])
    other.add(["c"])

    assert other.lacking(["a", "b", "c", "d"]) == {"d"}
    assert one.holds(["c"])


def test_a_line_that_is_only_half_there_is_read_later(tmp_path, monkeypatch):
    monkeypatch.setattr(looked_at, "ROOT", tmp_path)
    one, other = LookedAt("looks"), LookedAt("looks")
    one.add(["123"])
    [file] = tmp_path.iterdir()
    with file.open("a") as begun:
        begun.write("45")

    assert other.lacking(["123", "45", "456"]) == {"45", "456"}
    with file.open("a") as ended:
        ended.write("6\n")
    assert other.lacking(["45", "456"]) == {"45"}
