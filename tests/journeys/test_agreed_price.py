"""An agreed price from interest to the contract's draft, in browsers: published, objected to, answered, waited for."""

from types import SimpleNamespace

import pytest

from marketplace.core import clock
from marketplace.deals.models import Deal
from marketplace.deals.publishing import price_publicity
from tasks import delivery
from tasks.models import Delivery
from tasks.publicity import end_due_publicity
from tests.journeys import dealing
from tests.journeys.cast import company, set_the_stage
from tests.marketplace.deals.factories import after_the_term, rules
from tests.marketplace.matching.factories import outcome

pytestmark = pytest.mark.long


@pytest.fixture
def story(browser, house):
    """The people at their browsers; the institute offers one outcome."""
    cast = set_the_stage()
    rules()
    offered = outcome(of=cast.institute)
    with company(browser, house.address) as at_browser:
        seated = {name: at_browser(getattr(cast.people, name)) for name in ("publisher", "buyer", "rival", "manager")}
        yield SimpleNamespace(outcome=offered, **seated)


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_an_agreed_price_from_interest_to_the_draft_of_the_contract(story):
    deal = _interest_becomes_a_deal(story)
    _they_agree(story, deal)
    publicity = _somebody_objects(story, deal)
    _the_objection_is_dismissed(story, publicity)
    _the_term_ends(deal)
    dealing_page = story.publisher.open(deal)
    assert "起草合同" in dealing_page.locator("main").inner_text()
    story.publisher.press("起草合同")
    assert Deal.objects.get().contracts.get().total_amount == 120_000_000
    assert not Delivery.objects.exclude(error="").exists()


def _interest_becomes_a_deal(story):
    """Return the address of the deal."""
    story.buyer.open(f"/outcomes/{story.outcome.number}/")
    story.buyer.follow("表达意向")
    story.buyer.type(message="年产 20 万套智能锁", accepts_nda=True)
    story.buyer.press("表达意向")
    story.publisher.take_from_desk("答复意向")
    story.publisher.press("接受并建立交易")
    dealing.accept_confidentiality(story.publisher)
    return story.publisher.address


def _they_agree(story, deal):
    story.publisher.open(deal)
    story.publisher.type(mode=["agreed"])
    story.publisher.press("选定")
    story.buyer.open(deal)
    story.buyer.type(amount="120")
    story.buyer.press("提出报价")
    story.publisher.open(deal)
    story.publisher.sees("接受后公示成果名称和拟交易价格")
    story.publisher.follow("接受此价格")
    story.publisher.press("接受此价格")
    story.publisher.sees("公示期满才能订立合同")
    story.publisher.look_narrow()


def _somebody_objects(story, deal):
    """Return the address of the publicity."""
    story.rival.open("/publicity/")
    story.rival.follow("协议价格公示")
    story.rival.sees("拟交易价格")
    story.rival.look_narrow()
    story.rival.type(ground="price", text="价格低于同类成果")
    story.rival.press("提交异议")
    return story.rival.address


def _the_objection_is_dismissed(story, publicity):
    story.manager.take_from_desk("答复异议")
    assert story.manager.address == publicity
    story.manager.type(is_upheld="no", answer="经评估，价格公允")
    story.manager.press("答复异议")
    story.rival.open(publicity)
    story.rival.sees("经评估，价格公允")


def _the_term_ends(deal):
    priced = Deal.objects.get()
    with delivery.at_once(), clock.moved_to(after_the_term(priced)):
        end_due_publicity()
    assert price_publicity(priced).state == "ended"
