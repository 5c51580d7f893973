"""Live data for the portal's blocks: one function per question, plain values out. This year's figures: tiles.py."""

from typing import Any

from django.db.models import Count
from django.utils.translation import get_language, npgettext
from django.utils.translation import gettext as _

from cms.portal.places import Place, address, page_of
from cms.portal.remembering import remembered
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.core import clock
from marketplace.core.classifications import Industry
from marketplace.indicators.stages import stages
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome

LOTS_SHOWN = 4
# local groups below the national divisions (industries.csv) and their glyphs
CLUSTERS = {
    "C3587": "eyewear",
    "C3351": "locks",
    "C3443": "valves",
    "C195": "footwear",
    "C3670": "vehicles",
}


@remembered
def listed() -> dict[str, int]:
    """Return how many outcomes and needs everybody may find."""
    return {
        "outcomes": ResearchOutcome.objects.listed().count(),
        "needs": TechnologyNeed.objects.listed().count(),
    }


@remembered
def stream() -> list[dict[str, Any]]:
    """Return the five stages the published outcomes came through: [{count, label, href}], explained on the board."""
    board = address(Place.BOARD)
    counted = [(stage, stage.records.count()) for stage in stages()]
    return [
        {
            "count": count,
            "unit": npgettext("unit", "outcome", "outcomes", count),
            "label": str(stage.label),
            "href": f"{board}#{stage.anchor}",
        }
        for stage, count in counted
    ]


@remembered
def newest_outcomes(most: int) -> list[dict[str, Any]]:
    """Return the outcomes published last."""
    rows = ResearchOutcome.objects.listed().select_related("owner", "field").order_by("-published_at", "-pk")[:most]
    return [
        {
            "href": page_of(row),
            "title": row.heading,
            "meta": [str(row.field or ""), row.owner.called],
            "low": row.price_low,
            "high": row.price_high,
            "trl": row.trl,
        }
        for row in rows
    ]


@remembered
def newest_needs(most: int) -> list[dict[str, Any]]:
    """Return the needs published last; who asked is told only where the enterprise wants it."""
    rows = TechnologyNeed.objects.listed().prefetch_related("indicators").order_by("-published_at", "-pk")[:most]
    return [
        {
            "href": page_of(row),
            "title": row.heading,
            "meta": [_("; ").join(str(each) for each in row.indicators.all()[:2]), row.get_mode_display()],
            "low": row.budget_low,
            "high": row.budget_high,
            "deadline": row.deadline,
        }
        for row in rows
    ]


@remembered
def clusters() -> list[dict[str, Any]]:
    """Return the district's industries with the number of outcomes offered to each."""
    counts = dict(
        ResearchOutcome.objects.listed()
        .filter(industries__code__in=CLUSTERS)
        .values_list("industries__code")
        .annotate(Count("pk", distinct=True))
    )
    names = {row.code: str(row) for row in Industry.objects.filter(code__in=CLUSTERS)}
    short = {
        "C3587": _("Eyewear"), "C3351": _("Locks"), "C3443": _("Valves"), "C195": _("Footwear"),
        "C3670": _("Vehicle parts"),
    }  # fmt: skip
    return [
        {
            "glyph": glyph,
            "name": short[code],
            "full_name": names[code],
            "count": counts.get(code, 0),
            "href": f"{address(Place.OUTCOMES)}?industry={code}",
        }
        for code, glyph in CLUSTERS.items()
        if code in names
    ]


@remembered
def auction_band() -> dict[str, Any] | None:
    """Return the session that runs or comes next: its title, the lot to look at now, and what follows."""
    now = clock.now()
    lots = Lot.objects.listed().select_related("outcome__owner", "session")
    current = lots.in_bidding(now).order_by("session__is_practice", "ends_at").first()
    coming = AuctionSession.objects.scheduled().order_by("is_practice", "starts_at")
    session = current.session if current else coming.first()
    if session is None:
        return None
    waiting = lots.filter(session=session, state=Lot.State.ANNOUNCED, starts_at__gt=now).order_by("position")
    counted: Any = AuctionSession.objects.with_counts().get(pk=session.pk)
    return {
        "title": session.heading,
        "href": page_of(session),
        "starts_at": session.starts_at,
        "registration_closes_at": session.registration_closes_at,
        "takes_bidders": session.registration_closes_at > now,
        "count": counted.lot_count,
        "withdrawn": counted.withdrawn_count,
        "sum": counted.start_total,
        "current": _lot(current) if current else None,
        "lots": [_lot(lot) for lot in waiting[:LOTS_SHOWN]],
    }


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "position": lot.position,
        "title": lot.outcome.heading,
        "owner": lot.outcome.owner.called,
        "href": page_of(lot),
        "start_price": lot.start_price,
        "price": lot.price,
        "starts_at": lot.starts_at,
        "ends_at": lot.ends_at,
    }


@remembered
def news(most: int) -> dict[str, Any]:
    """Return the newest news of the reader's language: {news: [{href, title, day}], news_href}."""
    from cms.portal.pages import NewsPage

    language = get_language() or "zh-hans"
    rows = NewsPage.objects.live().filter(locale__language_code=language).order_by("-published_on", "-pk")[:most]
    return {
        "news": [{"href": row.url, "title": row.title, "day": row.published_on} for row in rows],
        "news_href": news_list(),
    }


@remembered
def news_list() -> str:
    """Return the address of the list of news in the reader's language."""
    from cms.portal.pages import NewsIndexPage

    index = NewsIndexPage.objects.live().filter(locale__language_code=get_language() or "zh-hans").first()
    return (index.url or "") if index else ""


@remembered
def texts() -> list[dict[str, str]]:
    """Return the texts below the home page of the reader's language, as the foot of every page lists them."""
    from cms.portal.pages import GeneralPage

    language = get_language() or "zh-hans"
    rows = GeneralPage.objects.live().filter(locale__language_code=language, depth=3).order_by("path")
    return [{"title": row.title, "href": row.url} for row in rows if row.url]
