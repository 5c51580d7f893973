"""A lot whose bidding begins in another year than now says that year."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.auctions.refused_bid import accepted_now
from marketplace.core import clock
from tests.marketplace.auctions.making import announced_lot

pytestmark = pytest.mark.django_db

BEGINS = datetime(2027, 1, 5, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(("days", "year"), [(7, "2027-"), (2, "")])
def test_the_beginning_is_said_with_its_year_where_that_is_another_one(client, days, year):
    lot, at = announced_lot(starts_at=BEGINS), BEGINS - timedelta(days=days)

    with clock.moved_to(at):
        page = client.get(f"/lots/{lot.number}/").content.decode()

    face = page.partition('data-countdown="start"')[2].partition("</time>")[0]
    assert face.endswith(f">{year}01-05 10:00")
    assert accepted_now(lot, None, at=at, language="zh-hans").startswith(f"{year}01-05 10:00:00 起")
