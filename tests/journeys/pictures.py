"""`make pictures`: the README's pictures, taken from a running demo by the browser of the journeys.

Start `make run` first; `PORT` names its port where it is not 8000.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from cms.bare.test import browser

HERE = Path(__file__).resolve().parent / "pictures"
CHROMIUM = {"executable_path": browser(), "args": ["--no-sandbox", "--disable-background-networking"]}
SIZE = {"width": 1280, "height": 860}


def take(page: Page, base: str, path: str, name: str) -> None:
    """Open one page and keep what a reader sees first."""
    page.goto(f"{base}{path}")
    page.screenshot(path=HERE / f"{name}.png")


def main() -> None:
    base = f"http://localhost:{os.environ.get('PORT', '8000')}"
    HERE.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        page = browser.new_page(viewport=SIZE)
        take(page, base, "/", "home")
        lots = page.goto(f"{base}/lots/?state=open")
        link = page.locator(".result h3 a").first
        if lots is None or not link.count():
            sys.exit("No lot is open: start the demo with `make run` and wait for the next practice lot.")
        take(page, base, link.get_attribute("href") or "/", "lot")
        browser.close()
    sys.stdout.write(f"Pictures in {HERE}\n")


if __name__ == "__main__":
    main()
