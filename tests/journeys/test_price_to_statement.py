"""An agreed price from interest to the inventor's statement, in browsers, once in Chinese and once in English."""

from datetime import timedelta

import pytest

from marketplace.deals.models import Deal
from marketplace.deals.room import TermSheet
from tasks.models import Delivery
from tests.journeys import to_statement
from tests.marketplace.deals.factories import PDF as MARKABLE
from tests.marketplace.deals.factories import WAN
from tests.pdf_text import text_of

pytestmark = pytest.mark.long

SUBJECT = "模组技术与图纸一套"


@pytest.fixture(params=["zh-hans", "en"])
def story(request, browser, house):
    with to_statement.seated(browser, house, request.param, modes=["assignment"]) as told:
        yield told


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_from_interest_to_the_statement_of_the_inventor(story):
    deal = _interest_becomes_a_deal(story)
    _both_accept_confidentiality(story, deal)
    _the_room_and_two_versions_of_terms(story, deal)
    _they_agree_on_a_price_that_is_published(story, deal)
    contract = to_statement.contract_is_registered(story, lambda: _draw_up(story, deal), total=120 * WAN)
    to_statement.plan_is_approved_and_published(story, contract)
    printed = to_statement.payment_is_shared_out_and_paid(story, contract, payment=720_000, cost=20_000)
    paper = to_statement.inventor_reads_the_statement(story, printed)
    assert printed == "490,000.00"
    assert printed in text_of(paper)
    assert Deal.objects.get().state == "performance"
    assert not Delivery.objects.exclude(error="").exists()


def _interest_becomes_a_deal(story):
    """Return the address of the deal, without its language."""
    story.buyer.open(f"/outcomes/{story.outcome.number}/")
    story.buyer.follow("Express interest")
    story.buyer.type(message="年产 20 万套智能锁")
    story.buyer.press("Express interest")
    story.publisher.take_from_desk("Answer the interest in %(outcome)s")
    story.publisher.press("Accept and open the deal")
    return story.publisher.place


def _both_accept_confidentiality(story, deal):
    for somebody in (story.publisher, story.buyer):
        somebody.open(deal)
        somebody.press("Accept the confidentiality terms")
    story.buyer.sees("In force: the buyer may read the confidential part; reading is recorded.")


def _the_room_and_two_versions_of_terms(story, deal):
    story.publisher.open(deal)
    story.publisher.unfold("Add a file")
    story.publisher.type(
        file={"name": "report.pdf", "mimeType": "application/pdf", "buffer": MARKABLE},
        title="检测报告",
        purpose="other",
    )
    story.publisher.press("Add the file")
    story.publisher.sees("检测报告")
    story.buyer.open(deal)
    given = story.buyer.page.request.get(story.buyer.page.get_by_role("link", name="检测报告").get_attribute("href"))
    assert given.body().startswith(b"%PDF")
    story.buyer.open(f"{deal}readings/")
    story.buyer.sees(story.buyer.user.name)
    story.buyer.open(f"{deal}terms/")
    story.buyer.type(subject=SUBJECT, price_terms="一次付清")
    story.buyer.press("Write the version")
    story.publisher.open(f"{deal}terms/")
    story.publisher.type(price_terms="签约付六成，验收付四成")
    story.publisher.press("Write the version")
    story.publisher.sees("Versions side by side")
    story.publisher.look_narrow()
    assert list(TermSheet.objects.values_list("version", "side")) == [(2, "seller"), (1, "buyer")]


def _they_agree_on_a_price_that_is_published(story, deal):
    story.publisher.open(deal)
    story.publisher.type(mode=["agreed"])
    story.publisher.press("price|Choose")
    story.buyer.open(deal)
    story.buyer.type(amount="120")
    story.buyer.press("Propose the price")
    story.publisher.open(deal)
    story.publisher.follow("Accept this price")
    story.publisher.look_narrow()
    story.publisher.press("Accept this price")
    story.buyer.open("/publicity/")
    story.buyer.sees(story.outcome.title)
    to_statement.the_term_passes(story)
    assert story.house.ago >= timedelta()


def _draw_up(story, deal):
    story.manager.open(deal)
    story.manager.press("Draw up the contract")
