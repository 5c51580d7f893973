"""The list of lots of 瓯来拍: its facets, orders and rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from marketplace.auctions.models import AuctionSession, Lot
from marketplace.core import clock
from marketplace.core.choices import TransferMode
from marketplace.core.money import in_wan
from search import documents
from search.engine import Hit
from search.facets import FIELD, INDUSTRY, IP_KIND, REGION, REGISTRATION, START_PRICE, TRL, owner_words, words_of
from search.listing import FacetSpec, ListSpec
from search.wording import title_of

TONES = {
    "announced": "wait",
    "postponed": "idle",
    "open": "live",
    "suspended": "wait",
    "sold": "done",
    "confirmed": "done",
    "publicity": "done",
    "contracted": "done",
    "settled": "done",
    "unsold": "idle",
    "withdrawn": "idle",
    "defaulted": "stop",
    "rescinded": "stop",
}
NOT_SOLD = (Lot.State.UNSOLD, Lot.State.WITHDRAWN, Lot.State.DEFAULTED, Lot.State.RESCINDED)


def rows(user: Any, numbers: list[str]) -> Mapping[str, Lot]:
    return {lot.number: lot for lot in documents.lots().filter(number__in=numbers)}


def newest(user: Any) -> Any:
    return documents.lots().order_by("-starts_at", "position")


def session_words(numbers: Iterable[str]) -> Mapping[str, Any]:
    """Return the titles of sessions by number, the latest first."""
    sessions = AuctionSession.objects.announced().filter(number__in=list(numbers)).order_by("-starts_at")
    return {session.number: session.heading for session in sessions.only("number", "title", "title_en")}


def state_of(lot: Lot) -> str:
    """Return the lot's state as the clock sees it: announced lots are open once their time has come."""
    return Lot.State.OPEN if lot.is_open(clock.now()) else lot.state


def price_label(state: str) -> str:
    """Return what the price of a lot that was bid on is called in a state: a sale only where there is one."""
    if state in (Lot.State.OPEN, Lot.State.SUSPENDED):
        return _("price now")
    return _("Highest bid") if state in NOT_SOLD else _("sold at")


def shown(lot: Lot, hit: Hit | None) -> dict[str, Any]:
    """Return what components/result.html prints of one lot."""
    state = state_of(lot)
    is_priced = lot.price is not None
    starts = [] if state == Lot.State.POSTPONED else [f"{timezone.localtime(lot.starts_at):%Y-%m-%d %H:%M}"]
    return {
        "href": lot.get_absolute_url(),
        "title": title_of(lot.outcome, hit),
        "summary": lot.object_of_sale,
        "meta": [lot.number, lot.session.heading, lot.outcome.owner.called, *starts],
        "tags": [],
        "low": lot.price if is_priced else lot.start_price,
        "high": lot.price if is_priced else lot.start_price,
        "price_label": price_label(state) if is_priced else _("from"),
        "state": Lot.State(state).label,
        "tone": TONES.get(state, "idle"),
    }


def cells(lot: Lot) -> Sequence[Any]:
    return (
        lot.number,
        lot.session.number,
        lot.outcome.title,
        lot.outcome.owner.name,
        in_wan(lot.start_price),
        None if lot.price is None else in_wan(lot.price),
        Lot.State(state_of(lot)).label,
        lot.starts_at,
        lot.ends_at,
    )


LOTS = ListSpec(
    kind="lot",
    url_name="lot-list",
    template="search/lot_list.html",
    facets=(
        FacetSpec("state", gettext_lazy("State"), words_of(Lot.State), is_open=True),
        FacetSpec("session", gettext_lazy("Session"), session_words, is_open=True),
        FIELD,
        REGISTRATION,
        START_PRICE,
        FacetSpec("mode", gettext_lazy("Transfer mode"), words_of(TransferMode), values=TransferMode.values),
        replace(TRL, is_open=False),
        FacetSpec("format", gettext_lazy("Way of bidding"), words_of(Lot.Format)),
        INDUSTRY,
        IP_KIND,
        FacetSpec("owner", pgettext_lazy("outcome", "Owner"), owner_words),
        REGION,
    ),
    sorts=(
        ("", pgettext_lazy("sort", "most relevant"), ""),
        ("newest", pgettext_lazy("sort", "newest"), "-published"),
        ("starts", pgettext_lazy("sort", "latest bidding"), "-starts"),
        ("price", pgettext_lazy("sort", "lowest start price"), "start_price"),
        ("-price", pgettext_lazy("sort", "highest start price"), "-start_price"),
    ),
    rows=rows,
    newest=newest,
    shown=shown,
    headings=(
        gettext_lazy("number"), gettext_lazy("session"), pgettext_lazy("record", "title"),
        pgettext_lazy("outcome", "owner"), gettext_lazy("start price (10,000 yuan)"),
        gettext_lazy("price (10,000 yuan)"), gettext_lazy("state"),
        gettext_lazy("bidding from"), gettext_lazy("bidding until"),
    ),
    cells=cells,
)  # fmt: skip
