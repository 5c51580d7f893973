"""The board and each list of records behind a figure ask no more often for three records than for one."""

from datetime import timedelta

import pytest

from marketplace.core import clock
from marketplace.indicators.figures import INDICATORS
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import broker, organisation, person, registered
from tests.marketplace.deals.factories import outcome
from tests.marketplace.indicators.test_lots import ended
from tests.marketplace.matching.factories import need

pytestmark = pytest.mark.django_db


def grow():
    """One more record behind every figure, with parties and fields of its own."""
    offered = outcome()
    registered(seller=offered.owner, outcome=offered, broker=broker(firm=organisation(kind="brokerage")))
    ended(160, 165)
    need()


def test_more_records_ask_no_more(client):
    sign_in(client, person("officer"))
    period = f"?period={(clock.now() - timedelta(hours=1)).year}"
    addresses = ["/board/" + period, "/board/report/" + period, "/board/report/landed/" + period]
    addresses += [f"/board/{indicator.slug}/{period}" for indicator in INDICATORS]
    addresses += [
        f"/board/{slug}/{period}&format=csv"
        for slug in ("contract-total", "lots-sold", "brokers-valid", "sessions-held", "needs-published")
    ]
    addresses += ["/board/stream/registered/", "/board/stream/registered/?format=csv"]
    grow()
    one = {address: queries_of(client, address) for address in addresses}

    grow()
    grow()

    for address in addresses:
        assert queries_of(client, address) <= one[address], address
