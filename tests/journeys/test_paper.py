"""Records on paper: A4, without navigation, with exact amounts, their address and its QR (design.md §2.10)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.models import Lot
from marketplace.contracts.amounts import Item
from tests.journeys.people import Walker
from tests.marketplace.auctions.making import announced_lot, bidder
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.deals.factories import broker
from tests.marketplace.outcomes import making
from tests.standing_site import ensure_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
LOW, HIGH, PART = 1_234_567_89, 2_345_678_90, 234_567_80
LOW_IN_FULL, HIGH_IN_FULL, PART_IN_FULL = "1,234,567.89", "2,345,678.90", "234,567.80"
A4 = (595, 842)  # points
# the texts a reader sees, with what the style sheet writes behind amounts
SEEN = """() => {
    const seen = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (parent.checkVisibility() && !parent.closest(".sr")) seen.push(walk.currentNode.data.trim());
        const after = getComputedStyle(parent, "::after").content;
        if (parent.checkVisibility() && after.startsWith('"')) seen.push(after);
    }
    return seen.join(" ").replace(/[\\s"]+/g, " ");
}"""
NAVIGATION = ".top, .foot, .crumbs, .btn, nav, form"


def printed(page, *, most):
    """Return what stands on the paper of the page a browser shows: at most so many sheets of A4."""
    page.emulate_media(media="print")
    sheets = re.findall(rb"/Type\s*/Page\b[^s]", paper := page.pdf(prefer_css_page_size=True))
    boxes = re.findall(rb"/MediaBox\s*\[([^]]*)\]", paper)
    sizes = {tuple(round(float(side)) for side in box.split()[2:]) for box in boxes}
    assert 1 <= len(sheets) <= most
    assert sizes == {A4}
    assert page.locator(NAVIGATION).filter(visible=True).count() == 0
    assert page.locator(".print-foot svg").is_visible()
    return page.evaluate(SEEN)


@pytest.fixture
def market(house):
    """A site with its first pages and the look-ups of the trade."""
    ensure_site()
    making.set_up()
    return house


@pytest.fixture
def reader(visitor, market):
    """Return a function that opens an address of the market as a visitor."""

    def read(address):
        page = visitor()
        assert page.goto(f"{market.address}{address}").status == 200
        return page

    return read


def test_an_outcome_says_its_price_range_exactly(reader):
    outcome = making.Institute().published()
    type(outcome).objects.filter(pk=outcome.pk).update(price_low=LOW, price_high=HIGH)

    chinese = printed(reader(f"/outcomes/{outcome.number}/"), most=3)
    english = printed(reader(f"/en/outcomes/{outcome.number}/"), most=3)

    assert f"（{LOW_IN_FULL}–{HIGH_IN_FULL} 元）" in chinese
    assert f"(¥{LOW_IN_FULL}–¥{HIGH_IN_FULL})" in english
    assert f"/outcomes/{outcome.number}/" in chinese
    assert outcome.number in chinese


def test_the_result_of_a_lot_says_its_price_exactly(reader):
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), start_price=LOW)
    winner = bidder(lot)
    actions.decide_bid(lot, winner, amount=LOW, key="first", arrived_at=lot.starts_at + timedelta(minutes=1))
    actions.close_lot(Lot.objects.get(pk=lot.pk))

    paper = printed(reader(f"/lots/{lot.number}/"), most=4)

    assert paper.count("123.456789") >= 3  # on the stage, as the price sold for, as the start price
    assert f"/lots/{lot.number}/" in paper


def test_a_contract_says_every_amount_of_its_table_exactly(browser, market):
    items = (Item("检测算法与软件开发", LOW, True), Item("检测工位设备", PART, False))
    contract, _by = contracts.registered(items=items)
    registrar = Walker(browser, market.address, contracts.person("registrar")).sign_in()

    paper = printed(registrar.open(contract.get_absolute_url()), most=4)

    for amount in (LOW_IN_FULL, PART_IN_FULL, "1,469,135.69"):
        assert paper.count(f"（{amount} 元）") >= 2  # in the head and in the table
    assert f"/verify/{contract.code}/" in paper
    assert contract.number in paper
    registrar.leave()


def test_an_organisation_and_a_broker_fit_on_two_sheets(reader):
    institute, licensed = making.Institute().organisation, broker()

    house = printed(reader(institute.get_absolute_url()), most=2)
    person = printed(reader(licensed.get_absolute_url()), most=2)

    assert institute.name in house
    assert institute.get_absolute_url() in house
    assert licensed.certificate_no in person
    assert licensed.get_absolute_url() in person
