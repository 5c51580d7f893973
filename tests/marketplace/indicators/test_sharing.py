"""K28: what inventors get of the net income; the sum over the records a figure opens is the figure."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.contracts.sharing.distributing import distribute_receipt
from marketplace.contracts.sharing.reversing import reverse_receipt
from marketplace.core import clock
from marketplace.indicators import queries
from marketplace.indicators.periods import Period
from tests.factories.people import sign_in
from tests.marketplace.contracts.factories import person
from tests.marketplace.contracts.shared import effective, house, parts, receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """Two institutes with a payment shared out each, one reversed, one shared out in another month."""
    first, second = house(), house()
    effective(first)
    effective(second, payees=parts(second, inventors=(50, 40), department=5, institute=5))
    distribute_receipt(receipt(first, amount=1_000_001), by=first.finance)
    distribute_receipt(receipt(second, amount=2_000_000), by=second.finance, tax=100_000)
    gone = receipt(first, amount=5_000_000)
    distribute_receipt(gone, by=first.finance)
    reverse_receipt(gone, by=first.finance, reason="误付")
    with clock.moved_to(clock.now() + timedelta(days=45)):
        distribute_receipt(receipt(second, amount=777), by=second.finance)
    return first


def test_reversed_payments_and_other_months_do_not_count(here):
    month = Period.containing(clock.today(), "month")

    assert queries.shared_income(month).value == 1_000_001 + 1_900_000
    assert queries.inventors_share(month).value == pytest.approx((700_001 + 1_710_000) / 2_900_001)
    assert queries.shared_income(month).records.count() == 2


def test_the_records_sum_to_the_figure(client, here):
    month = Period.containing(clock.today(), "month").code
    sign_in(client, person("officer"))
    tiles = {tile["indicator"].slug: tile for tile in client.get(f"/board/?period={month}").context["tiles"]}

    table = client.get(tiles["inventors-share"]["href"] + "&format=csv").content.decode("utf-8-sig")
    *lines, last = list(csv.reader(io.StringIO(table)))[1:]
    page = client.get(tiles["shared-income"]["href"])

    net, inventors = (round(sum(float(line[column]) for line in lines) * 100) for column in (4, 5))
    assert net == tiles["shared-income"]["value"]
    assert inventors / net == pytest.approx(tiles["inventors-share"]["value"])
    assert (last[0], [round(float(last[column]) * 100) for column in (4, 5)]) == ("合计", [net, inventors])
    assert page.context["page_obj"].paginator.count == 2
    foot = page.content.decode().partition("<tfoot")[2]
    assert [f">{sum_of}<" in foot for sum_of in ("30,000.01", "29,000.01", "24,100.01")] == [True, True, True]


def test_payments_are_listed_with_the_moment_they_count_by(client, here):
    month = Period.containing(clock.today(), "month").code
    sign_in(client, person("officer"))

    page = client.get(f"/board/shared-income/?period={month}")
    table = client.get(f"/board/shared-income/?period={month}&format=csv").content.decode("utf-8-sig")

    counted = [timezone.localtime(one.made_at) for one in page.context["rows"]]
    assert len(counted) == 2
    *lines, sums = csv.DictReader(io.StringIO(table))
    assert [f"{at:%Y-%m-%d %H:%M}" for at in counted] == [row["分配时间"] for row in lines]
    assert sums["分配时间"] == ""
    assert all(
        f'data-label="分配时间"><time class="num" datetime="{at.isoformat()}"' in page.content.decode()
        for at in counted
    )


def test_the_board_says_who_opens_them(client, here):
    board = client.get("/board/").content.decode()

    assert board.count("明细仅主管人员和审计人员可见") == 11  # seven of trials, two of benefit sharing, two of needs


def test_who_opens_the_payments_behind_the_figure(client, here):
    for role, status in (("officer", 200), ("auditor", 200), ("registrar", 403), ("finance", 403)):
        sign_in(client, person(role))
        assert client.get("/board/shared-income/").status_code == status
