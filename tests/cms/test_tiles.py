"""This year's figures on the home page are the board's, and open what the board opens."""

from datetime import date, timedelta

import pytest

from cms.portal.tiles import tiles
from cms.templatetags.amounts import percent
from marketplace.core import clock
from tests.marketplace.contracts.factories import broker, registered
from tests.marketplace.deals.factories import outcome
from tests.marketplace.indicators.test_lots import season

__all__ = ["season"]


SHOWN = ("contract-total", "landed-count", "sell-through", "brokers-valid")


def assert_same_as_board(client):
    """Read the year on the board, and compare each tile of the home page that is a figure of the board."""
    board = client.get(f"/board/?period={clock.today().year}")
    value = {tile["indicator"].slug: tile["value"] for tile in board.context["tiles"]}
    contracts, landed, _needs, sold, brokers = tiles()

    assert contracts["fen"] == value["contract-total"]
    assert str(value["contract-count"]) in contracts["delta"]
    assert landed["value"] == value["landed-count"]
    assert sold["value"] == percent(value["sell-through"])
    assert f"{value['lots-offered']}" in sold["delta"]
    assert f"{value['lots-sold']}" in sold["delta"]
    assert brokers["value"] == value["brokers-valid"]
    page = board.content.decode()
    for tile, slug in zip((contracts, landed), SHOWN[:2], strict=True):
        assert tile["href"].endswith(f"#figure-{slug}")
        assert f'id="figure-{slug}"' in page
    for tile, slug in zip((contracts, landed, sold, brokers), SHOWN, strict=True):
        opened = client.get(tile["href"])
        assert opened.status_code == 200
        assert opened.context["period"].code == str(clock.today().year)
        assert tile["when"] == next(each["when"] for each in board.context["tiles"] if each["indicator"].slug == slug)


@pytest.mark.django_db
def test_the_same_as_on_the_board(client, season):
    sold = outcome()
    registered(seller=sold.owner, outcome=sold)
    registered(buyer_region="110108")
    broker()
    broker(valid_from=date(2020, 1, 1), valid_until=clock.today() - timedelta(days=1))

    assert_same_as_board(client)
    assert tiles()[3]["value"] == "33.3%"


@pytest.mark.django_db
def test_the_same_before_anything_happened(client):
    assert_same_as_board(client)
    assert tiles()[3]["value"] == "—"
