"""Use first, transfer later, in browsers: from the pool to the inventor's statement, once in each language.

In Chinese the price is agreed after the trial and published; in English it is fixed in advance, and the paid contract
is next at once.
"""

from datetime import timedelta

import pytest

from marketplace.deals.models import Deal
from marketplace.publicity.models import Publicity
from marketplace.trials.models import Trial
from tasks.models import Delivery
from tests.journeys import to_statement
from tests.marketplace.matching.factories import WAN
from tests.pdf_text import text_of

pytestmark = pytest.mark.long

TERMS = {
    "max_parallel": "1",
    "length_days": "90",
    "regions": ["330300"],
    "territory": "限自有车间",
    "scale_limit": "500",
    "scale_unit": "件锁具",
    "allowed_scale": "一条产线",
    "support_hours": "20",
    "mode": "ordinary",
    "payment_plan": "签约付六成，验收付四成",
    "decide_days": "30",
    "confidentiality": "试用期间及其后三年保密。",
    "on_return": "图纸与样机全部归还。",
    "data_sharing": "试用数据双方共有。",
}


FIXED, AGREED = {"pricing": "fixed", "price": "60"}, {"pricing": "agreed"}


@pytest.fixture(params=[("zh-hans", AGREED), ("en", FIXED)], ids=["agreed, in Chinese", "fixed, in English"])
def story(request, browser, house):
    language, pricing = request.param
    with to_statement.seated(browser, house, language, title="低功耗指静脉识别锁用模组") as told:
        told.pricing = pricing
        yield told


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_from_the_pool_to_the_statement_of_the_inventor(story):
    _into_the_pool(story)
    _asked_for(story.buyer, story.outcome)
    _approved_and_confirmed(story)
    _used_and_evaluated(story)
    _converted(story)
    contract = to_statement.contract_is_registered(story, lambda: _draw_up(story), total=60 * WAN)
    to_statement.plan_is_approved_and_published(story, contract)
    printed = to_statement.payment_is_shared_out_and_paid(story, contract, payment=360_000, cost=10_000)
    paper = to_statement.inventor_reads_the_statement(story, printed)

    assert printed == "245,000.00"
    assert printed in text_of(paper)
    trial = Trial.objects.get()
    assert (trial.state, trial.price, Deal.objects.get().state) == (Trial.State.CONVERTED, 60 * WAN, "performance")
    assert [(one.verdict, one.measured) for one in trial.criteria.all()] == [("met", "18 µA"), ("", "98.6 %")]
    assert Publicity.objects.count() == (2 if story.pricing is AGREED else 1)
    assert not Delivery.objects.exclude(error="").exists()


def _into_the_pool(story):
    manager = story.manager
    manager.open(story.outcome.get_absolute_url())
    manager.follow("Put it into the pool")
    manager.look_narrow()
    manager.type(**TERMS, **story.pricing)
    manager.press("Write the terms down")
    manager.sees("in the pool")
    manager.look_narrow()


def _asked_for(buyer, offered):
    buyer.open(offered.get_absolute_url())
    buyer.sees("限自有车间")
    buyer.follow("Ask for a trial")
    buyer.look_narrow()
    buyer.type(purpose="验证待机电流与良率。", region="330302", place="鹿城一号车间")
    buyer.type(quantity="300", scale="一条产线")
    buyer.type(criteria="待机电流不高于 20 µA\n良率不低于 99 %")
    buyer.press("Send the request")
    buyer.sees("The institute has been told. Its answer comes here and by mail.")


def _approved_and_confirmed(story):
    manager, buyer = story.manager, story.buyer
    manager.take_from_desk("Answer the request for a trial")
    manager.look_narrow()
    approve = manager.said("trial|Approve")
    manager.page.locator("main").get_by_role("button", name=approve, exact=True).focus()  # by the keyboard alone
    manager.page.keyboard.press("Enter")
    manager.page.locator("dialog[open]").wait_for()  # it asks first, with the focus on the way back
    manager.look_narrow()
    manager.page.keyboard.press("Tab")
    with manager.page.expect_navigation():
        manager.page.keyboard.press("Enter")
    manager.type(is_read=True)
    manager.press("Confirm for our side")
    buyer.take_from_desk("Confirm the trial contract")
    buyer.type(is_read=True)
    buyer.press("Confirm for our side")
    buyer.follow("Trial contract")
    buyer.look_narrow()
    assert Trial.objects.get().state == "trial_contract_signed"


def _used_and_evaluated(story):
    manager, buyer, day = story.manager, story.buyer, to_statement.today(story)
    manager.take_from_desk("Hand over and begin the trial")
    manager.type(starts_on=day.isoformat())
    manager.press_this(manager.page.locator("#step-start button"))
    buyer.take_from_desk("Use it, and evaluate by the criteria")
    buyer.look()
    buyer.look_narrow()
    buyer.unfold("Add a milestone")
    buyer.type(title="安装调试", due_on=(day + timedelta(days=7)).isoformat())
    buyer.press("trial|Add")
    buyer.unfold("Evaluate the trial")
    buyer.type(criterion_1="met", criterion_1_value="18 µA", criterion_2_value="98.6 %")
    form = buyer.page.locator("#step-evaluate form")
    form.locator("[name=text]").fill("达到预期，可以转化。")
    buyer.press("Send the evaluation")


def _converted(story):
    buyer, manager = story.buyer, story.manager
    buyer.press_this(buyer.page.locator("#step-convert a"))
    buyer.look_narrow()
    buyer.press("Convert")
    buyer.look()
    if story.pricing is AGREED:
        manager.take_from_desk("Propose a price")
        manager.unfold("Propose a price")
        manager.type(amount="60")
        manager.press("Propose the price")
        buyer.take_from_desk("Accept the proposed price, or propose another")
        buyer.look_narrow()
        buyer.follow("Accept this price")
        buyer.look_narrow()
        buyer.press("Accept this price")
        buyer.open("/publicity/")
        buyer.sees(story.outcome.title)
        to_statement.the_term_passes(story)
    assert Trial.objects.get().state == "paid_contract"


def _draw_up(story):
    story.manager.take_from_desk("Draw up the paid contract and send it to registration")
    story.manager.look_narrow()
    story.manager.press("Draw up the paid contract")
    trials = f"/trials/{Trial.objects.get().code}/"
    draft = story.manager.place
    story.manager.open(trials)
    story.manager.open("/trials/")
    story.manager.look_narrow()
    story.manager.open(draft)
