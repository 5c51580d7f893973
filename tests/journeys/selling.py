"""The third part of the journey: the outcome goes to an auction, and two enterprises qualify for its lot."""

from datetime import datetime, timedelta

from django.utils import timezone

from tests.journeys.offering import OUTCOME
from tests.journeys.people import Walker

SESSION = "瓯来拍样例专场"
START, DEPOSIT = 160, 160_000  # 万元, and a tenth of it in 元


def typed(moment: datetime) -> str:
    """Return a moment as people type it into a field of date and time."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def organiser_plans_a_session(organiser: Walker, begins: datetime) -> None:
    organiser.open("/desk/")
    organiser.follow("筹备专场")
    organiser.type(
        title=SESSION,
        introduction="一件成果，公开竞价。",
        organiser="瓯海样例科技局",
        venue="线上",
        registration_closes_at=typed(begins),
        starts_at=typed(begins),
    )
    organiser.press("建立专场")


def organiser_adds_the_lot(organiser: Walker, begins: datetime) -> None:
    organiser.follow("添加拍品")
    organiser.choose("outcome", OUTCOME)
    organiser.type(
        mode="assignment",
        object_of_sale="发明专利一件转让，含三个月技术支持。",
        start_price=str(START),
        starts_at=typed(begins),
        ends_at=typed(begins + timedelta(hours=1)),
    )
    organiser.press("保存拍品草稿")
    organiser.look_narrow()


def seller_agrees_to_the_terms(seller: Walker) -> None:
    seller.take_from_desk("确认拍品条件：")
    seller.type(reserve=str(START))
    seller.press("同意并提交审核")


def organiser_reviews_and_announces(organiser: Walker) -> str:
    """Return the address of the announced lot."""
    organiser.take_from_desk("审核拍品：")
    organiser.press("通过审核")
    organiser.take_from_desk(f"公告专场：{SESSION}")
    organiser.confirm("发布公告", "确认发布")
    organiser.follow("公开页面")
    organiser.look_narrow()
    organiser.follow(OUTCOME)
    return organiser.address


def agent_applies(agent: Walker) -> None:
    agent.open("/auctions/")
    agent.follow(SESSION)
    agent.follow("报名")
    agent.look_narrow()
    agent.type(capacity="representative", declared=True)
    agent.press("提交报名")


def organiser_admits(organiser: Walker, company: str) -> None:
    organiser.take_from_desk(f"审核竞买申请：{company}")
    organiser.sees("未提交，仍予通过")
    organiser.type(sure=True)
    organiser.press("通过，请其缴保证金")


def agent_reads_how_to_pay(agent: Walker) -> None:
    agent.take_from_desk("缴纳保证金")
    agent.sees("160,000")


def finance_records_the_deposit(finance: Walker, company: str, *, at: datetime) -> None:
    finance.take_from_desk(f"登记保证金：{company}")
    finance.type(amount=str(DEPOSIT), bank_reference=f"BANK-{company}", received_at=typed(at))
    finance.press("登记到账")


def organiser_qualifies(organiser: Walker, company: str) -> None:
    organiser.take_from_desk(f"确认竞买资格：{company}")
    organiser.press("确认资格并发号")
