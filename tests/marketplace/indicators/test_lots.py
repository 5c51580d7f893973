"""K13: figures of sessions over lots that were really sold, unsold, defaulted on and withdrawn."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.core import clock
from marketplace.indicators import lot_queries
from marketplace.indicators.board_tables import lot_table
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.periods import Period
from tests.marketplace.auctions.making import announced_lot, bidder, person

pytestmark = pytest.mark.django_db
FIGURES = ("lots-offered", "lots-sold", "sell-through", "auction-total", "auction-premium")


def ended(*bids, start_price=160 * WAN, **facts):
    """Return a lot closed an hour ago, after these bids (万元) by two bidders in turn."""
    lot = announced_lot(
        starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1), start_price=start_price, **facts
    )
    bidders = [bidder(lot), bidder(lot)] if bids else []
    for place, amount in enumerate(bids):
        at = lot.starts_at + timedelta(minutes=place)
        actions.decide_bid(lot, bidders[place % 2], amount=amount * WAN, key=str(place), arrived_at=at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    return lot


@pytest.fixture
def season():
    """Two lots sold (one confirmed), one below its reserve, one without a bid, one default, two withdrawn."""
    organiser = person("organiser")
    sold, confirmed = ended(160, 165), ended(40, start_price=40 * WAN)
    actions.confirm_sale(confirmed, by=organiser)
    unsold, quiet = ended(160, reserve=500 * WAN), ended()
    defaulted = ended(160)
    actions.declare_default(defaulted, by=organiser, ground="refused", reason="拒绝签约")
    withdrawn = announced_lot(starts_at=timezone.now() + timedelta(hours=1))
    actions.withdraw_lot(withdrawn, by=organiser, reason="供方撤回")
    announced_lot(starts_at=timezone.now() + timedelta(hours=2))
    return {"sold": {sold, confirmed}, "offered": {sold, confirmed, unsold, quiet, defaulted, withdrawn}}


def this_year():
    return Period.containing(clock.today(), "year")


def test_offered_sold_and_sell_through(season):
    year = this_year()

    assert set(lot_queries.lots_offered(year).records) == season["offered"]
    assert set(lot_queries.lots_sold(year).records) == season["sold"]
    assert lot_queries.sell_through(year).value == pytest.approx(2 / 6)
    assert set(lot_queries.sell_through(year).records) == season["offered"]


def test_total_and_premium_count_sold_lots_only(season):
    year = this_year()

    assert lot_queries.auction_total(year).value == (165 + 40) * WAN
    assert lot_queries.auction_premium(year).value == pytest.approx((205 - 200) / 200)
    assert set(lot_queries.auction_premium(year).records) == season["sold"]


def test_last_years_lots_are_not_this_years(season):
    assert lot_queries.lots_offered(this_year().previous()).value == 0


def test_each_figure_opens_exactly_its_lots(client, season):
    board = client.get(f"/board/?period={this_year().code}")
    shown = {tile["indicator"].slug: tile for tile in board.context["tiles"]}
    expected = dict.fromkeys(FIGURES, season["sold"]) | dict.fromkeys(
        ("lots-offered", "sell-through"), season["offered"]
    )

    for slug in FIGURES:
        assert shown[slug]["value"] == BY_SLUG[slug].measure(this_year()).value
        page = client.get(shown[slug]["href"])
        assert set(page.context["page_obj"].object_list) == expected[slug], slug
        table = client.get(shown[slug]["href"] + "&format=csv").content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(table)))[1:]
        numbers = {lot.number for lot in expected[slug]}
        assert {cell for line in lines for cell in line} & {lot.number for lot in season["offered"]} == numbers, slug


def test_only_sold_lots_have_a_price_in_the_records_of_a_figure(season):
    records = lot_queries.lots_offered(this_year()).records

    heads, rows = lot_table(records)

    prices = {row[0]: row[heads.index("成交价（元）")] for row in rows}
    sold = {lot.number for lot in season["sold"]}
    assert {number for number, price in prices.items() if price is not None} == sold
    assert sum(price for price in prices.values() if price is not None) == 165_0000 + 40_0000
