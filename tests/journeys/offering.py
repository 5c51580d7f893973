"""The first part of the journey: an outcome and a need are written, reviewed and published."""

from datetime import timedelta

from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from tests.journeys.people import Walker
from tests.marketplace.outcomes.making import patent

OUTCOME = "低功耗指静脉识别锁用模组"
NEED = "智能锁静态功耗降低"
SUMMARY = "用近红外透射成像识别指静脉，待机电流 18 µA，四节 5 号电池可用 12 个月以上，适用于智能锁与门禁。"
PROBLEM = "智能锁待机电流约 60 µA，四节 5 号电池只能用六个月，需要低功耗的指静脉识别模组替换现有方案。"


def publisher_drafts_an_outcome(publisher: Walker) -> None:
    publisher.open("/desk/")
    publisher.follow("发布成果")
    publisher.type(title=OUTCOME)
    publisher.press("开始填写")
    publisher.look_narrow()
    publisher.type(
        summary=SUMMARY,
        field=str(TechnicalField.objects.get(code="0308").pk),
        industries=[str(Industry.objects.get(code="C3351").pk)],
        inventors__0__name="沈一鸣",
        ip_rights__0__kind="invention",
        ip_rights__0__number=patent(),
        ip_rights__0__title="一种指静脉采集装置",
        trl=["7"],
        trl_evidence="field_test",
        modes=["assignment", "ordinary"],
        price_low="80",
        price_high="180",
        confidential="供货成本与算法参数",
        declared=True,
    )
    publisher.press("提交审核")
    publisher.sees("审核")


def manager_checks_the_outcome(manager: Walker) -> None:
    manager.take_from_desk(f"审核：{OUTCOME}")
    manager.press("通过")


def officer_publishes_the_outcome(officer: Walker) -> None:
    officer.take_from_desk(f"审核：{OUTCOME}")
    officer.press("通过")


def enterprise_posts_a_need(buyer: Walker) -> None:
    buyer.open("/desk/")
    buyer.follow("提出需求")
    buyer.type(
        title=NEED,
        problem=PROBLEM,
        indicators__0__name="待机电流",
        indicators__0__comparison="le",
        indicators__0__value="20",
        indicators__0__unit="µA",
        field=str(TechnicalField.objects.get(code="0308").pk),
        industry=str(Industry.objects.get(code="C3351").pk),
        mode="assignment",
        budget_low="100",
        budget_high="300",
        deadline=str(clock.today() + timedelta(days=200)),
    )
    if buyer.runs_scripts:
        buyer.page.wait_for_url("**/edit/")  # kept by itself by now, as the draft whose address this is
    buyer.press("提交审核")


def liaison_checks_the_need(liaison: Walker) -> None:
    liaison.take_from_desk(f"审核：{NEED}")
    liaison.press("通过")


def officer_publishes_the_need(officer: Walker) -> None:
    officer.take_from_desk(f"审核：{NEED}")
    officer.press("通过")


def somebody_finds_both(visitor: Walker) -> None:
    visitor.open("/outcomes/?q=指静脉")
    visitor.look_narrow()
    visitor.follow(OUTCOME)
    visitor.look_narrow()
    visitor.open("/needs/?q=静态功耗")
    visitor.follow(NEED)
