"""Use first, transfer later, in browsers: from the pool to the draft of the paid contract, in both languages."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from marketplace.core import clock
from marketplace.trials.models import Trial
from tests.journeys.cast import company, set_the_stage
from tests.marketplace.matching.factories import WAN, outcome

TERMS = {
    "max_parallel": "1",
    "length_days": "90",
    "territory": "温州市",
    "allowed_scale": "一条产线，五百件以内",
    "support_hours": "20",
    "mode": "ordinary",
    "pricing": "fixed",
    "price": "60",
    "payment_plan": "签约付六成，验收付四成",
    "decide_days": "30",
    "confidentiality": "试用期间及其后三年保密。",
    "on_return": "图纸与样机全部归还。",
    "data_sharing": "试用数据双方共有。",
}


@pytest.fixture
def story(browser, house):
    cast = set_the_stage()
    cast.outcome = outcome(of=cast.institute, title="低功耗指静脉识别锁用模组")
    with company(browser, house.address) as at_browser:
        people = {name: at_browser(getattr(cast.people, name)) for name in ("manager", "buyer")}
        yield SimpleNamespace(**people, outcome=cast.outcome)


@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_trial_first_to_the_paid_contract(story):
    _into_the_pool(story.manager, story.outcome)
    _asked_for(story.buyer, story.outcome)
    _approved_and_confirmed(story)
    _used_and_evaluated(story)
    _converted_and_drafted(story)

    trial = Trial.objects.get()
    assert (trial.state, trial.deal.contracts.get().total_amount) == ("paid_contract", 60 * WAN)
    assert [(one.verdict, one.measured) for one in trial.criteria.all()] == [("met", "18 µA"), ("", "98.6 %")]


def _into_the_pool(manager, offered):
    manager.open(offered.get_absolute_url())
    manager.follow("加入先用后转库")
    manager.look_narrow()
    manager.type(**TERMS)
    manager.press("保存条件")
    manager.sees("在库")
    manager.look_narrow()


def _asked_for(buyer, offered):
    buyer.open(offered.get_absolute_url())
    buyer.sees("温州市")
    buyer.follow("申请试用")
    buyer.look_narrow()
    buyer.type(purpose="验证待机电流与良率。", place="鹿城一号车间", scale="一条产线，三百件")
    buyer.type(criteria="待机电流不高于 20 µA\n良率不低于 99 %")
    buyer.press("提交申请")
    buyer.sees("已通知院所")


def _approved_and_confirmed(story):
    story.manager.take_from_desk("答复试用申请")
    story.manager.look_narrow()
    button = story.manager.page.locator("main").get_by_role("button", name="同意", exact=True)
    button.focus()  # this one by the keyboard alone
    with story.manager.page.expect_navigation():
        story.manager.page.keyboard.press("Enter")
    story.manager.press("代表本方确认")
    story.buyer.take_from_desk("确认试用合同")
    story.buyer.press("代表本方确认")
    story.buyer.sees("试用合同已确认")
    story.buyer.follow("试用合同")
    story.buyer.look_narrow()


def _used_and_evaluated(story):
    story.manager.take_from_desk("交付并开始试用")
    story.manager.type(starts_on=clock.today().isoformat())
    story.manager.press_this(story.manager.page.locator("#step-start button"))
    story.buyer.take_from_desk("使用并按标准评价")
    story.buyer.look()
    story.buyer.look_narrow()
    story.buyer.unfold("添加里程碑")
    story.buyer.type(title="安装调试", due_on=(clock.today() + timedelta(days=7)).isoformat())
    story.buyer.press("添加")
    story.buyer.unfold("评价试用")
    story.buyer.type(criterion_1="met", criterion_1_value="18 µA", criterion_2_value="98.6 %")
    form = story.buyer.page.locator("#step-evaluate form")
    form.locator("[name=text]").fill("达到预期，可以转化。")
    story.buyer.press("提交评价")


def _converted_and_drafted(story):
    story.buyer.press_this(story.buyer.page.locator("#step-convert a"))
    story.buyer.look_narrow()
    story.buyer.sees("60 万元")
    story.buyer.press("转化")
    story.buyer.look()
    story.manager.take_from_desk("起草有偿合同")
    story.manager.press("起草有偿合同")
    trial = Trial.objects.get()
    story.manager.open(f"/en{reverse('trial-detail', args=[trial.code])}")
    story.manager.look()
    story.manager.sees("Paid contract")
    story.manager.open("/trials/")
    story.manager.look_narrow()
