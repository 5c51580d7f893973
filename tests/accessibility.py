"""What axe-core finds wrong with a page, asked for as cheaply as it can be: it is asked some two hundred times."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
ASK = "options => axe.run(document, options).then(found => found.violations)"
CONTRAST = ("color-contrast",)  # what alone is other in the dark


def barriers(page: Page, only: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """Return (rule, [html of each place]) of every accessibility violation of a page; with `only`, of those rules."""
    if not page.evaluate("Boolean(window.axe)"):  # it stays in a document until that is left
        page.evaluate(AXE.axe_script)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(only)} if only else {})
    found = page.evaluate(ASK, options)
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]
