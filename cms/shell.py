"""What every page of the portal needs around its own content."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.utils.functional import SimpleLazyObject

from cms.portal.places import works_alone
from marketplace.auctions.models import Lot
from marketplace.core import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

THEMES = ("light", "dark")
LIVE_LOT = "cms.shell.has_live_lot"
REMEMBERED = 15  # seconds; the dot beside 瓯来拍 may be that late


def page_shell(request: "HttpRequest") -> dict[str, Any]:
    """Tell the page whether this is the demonstration, the colours chosen (a cookie set by theme.js), and live bidding.

    `works_alone` is true for platform staff who act for no organisation: what is done for one is not offered to them.
    For whom the reader acts comes from organisations.acting, unread notices from notices.counting, the side menu of
    the desk from desk.menu: each is asked for only where a page shows it.
    """
    theme = request.COOKIES.get("theme", "")
    return {
        "DEMO": settings.DEMO,
        "THEME": theme if theme in THEMES else "",
        "has_live_lot": SimpleLazyObject(has_live_lot),
        "works_alone": SimpleLazyObject(lambda: works_alone(request)),
    }


def has_live_lot() -> bool:
    """Tell whether a lot takes bids now; asked of the database at most every 15 seconds."""
    known = cache.get(LIVE_LOT)
    if known is None:
        known = Lot.objects.listed().in_bidding(clock.now()).exists()
        cache.set(LIVE_LOT, known, REMEMBERED)
    return known
