"""What axe-core finds wrong with a page, asked for as cheaply as it can be: it is asked some two hundred times.

Contrast took half of its time, and most words of a page look as words of a page before: the same colours on the same
ground, in the same size and weight. What looks the same is not asked again; nor are all other rules of a page that is
built as one before was, whatever its words.
"""

import json
from hashlib import blake2b

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

from tests.looked_at import LookedAt
from tests.looks import BUILD, LOOKS, PLACES

AXE_SCRIPT = Axe().axe_script
AXE_PLACE = "tests/axe.js"  # below /static/, where the journeys' servers have it for browsers to keep
CONTRAST = ("color-contrast", "link-in-text-block")  # what alone is other in the dark
OPTIONS = {"resultTypes": ["violations"], "preload": False}
ASK = """async options => (await axe.run(document, options)).violations"""
ASK_NEW = """async ([looks, options]) =>
    (await axe.run({include: JSON.parse(looks).map(look => window.looks.get(look))}, options)).violations"""
_looks = LookedAt("looks")  # whose contrast was asked for and found enough
_builds = LookedAt("builds")  # of pages in which all other rules found nothing


def barriers(page: Page, only: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """Return (rule, [html of each place]) of every accessibility violation of a page; with `CONTRAST`, of that."""
    found = ([] if only else _rules(page)) + _contrast(page)
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]


def places_of(page: Page) -> set[int]:
    """Return the places of a page at which something stands to be read or used."""
    return set(json.loads(page.evaluate(PLACES)))


def looks_of(page: Page) -> set[str]:
    """Return how the words and controls of a page look that plainly have no contrast enough, each as a number."""
    return set(map(str, json.loads(page.evaluate(LOOKS))))


def build_of(page: Page) -> str:
    """Return how a page is built, in one word: all that rules other than contrast depend on."""
    return blake2b(page.evaluate(BUILD).encode(), digest_size=12).hexdigest()


def _rules(page: Page) -> list[dict[str, object]]:
    """Ask for everything but contrast, of a page built as none before; what is found stays to be asked again."""
    build = build_of(page)
    if _builds.holds([build]):
        return []
    found = _ask(page, ASK, OPTIONS | {"rules": {rule: {"enabled": False} for rule in CONTRAST}})
    if not found:
        _builds.add([build])
    return found


def _contrast(page: Page) -> list[dict[str, object]]:
    """Ask for the contrast of looks no page had before; what is found stays to be asked again."""
    new = _looks.lacking(looks_of(page))
    found = _ask(page, ASK_NEW, [json.dumps(list(map(int, new))), OPTIONS | {"runOnly": list(CONTRAST)}]) if new else []
    if not found:
        _looks.add(new)
    return found


def _ask(page: Page, question: str, words: object) -> list[dict[str, object]]:
    """Ask the axe, which stays in a document once it was loaded: by its address, browsers keep it compiled."""
    if not page.evaluate("Boolean(window.axe)"):
        if page.url.startswith("http"):
            page.add_script_tag(url=f"{settings.STATIC_URL}{AXE_PLACE}")
        else:
            page.evaluate(AXE_SCRIPT)
    found: list[dict[str, object]] = page.evaluate(question, words)
    return found
