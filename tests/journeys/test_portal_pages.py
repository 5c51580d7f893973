"""Home and news in a browser: no barrier, in light and dark, wide and narrow."""

import pytest

from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_barrier_on_home_and_news(visitor, accessible, theme):
    ensure_site()
    page = visitor()
    page.emulate_media(color_scheme=theme)

    for address in ("/", "/en/", "/news/", "/news/indicators-in-needs/", "/rules/"):
        page.goto(address, wait_until="load")
        accessible(page)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/", wait_until="load")

    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
