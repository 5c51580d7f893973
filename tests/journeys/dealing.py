"""The second part of the journey: a match with its reasons is accepted, a deal opened, a broker taken on."""

from tests.journeys.offering import NEED, OUTCOME
from tests.journeys.people import Walker

PAIR = f"{NEED} × {OUTCOME}"


def accept_match(somebody: Walker) -> None:
    """Either side reads why, and accepts."""
    somebody.take_from_desk(f"答复对接：{PAIR}")
    somebody.sees("为什么匹配")
    reasons = somebody.page.locator(".reasons dt")
    assert reasons.count() >= 2, "a match says why"
    assert "功耗" in somebody.page.locator(".reasons").inner_text()
    somebody.look_narrow()
    somebody.press("接受对接")


def seller_opens_the_deal(seller: Walker) -> str:
    """Return the address of the deal."""
    seller.take_from_desk(f"建立交易：{PAIR}")
    seller.press("建立交易")
    return seller.address


def accept_confidentiality(somebody: Walker) -> None:
    somebody.take_from_desk("接受保密条款")
    somebody.press("接受保密条款")


def buyer_reads_the_confidential_part(buyer: Walker, deal: str) -> None:
    buyer.open(deal)
    buyer.follow("打开成果")
    buyer.sees("供货成本与算法参数")


def buyer_names_a_broker_for_both(buyer: Walker, deal: str) -> None:
    buyer.open(deal)
    buyer.unfold("指定经纪人")
    buyer.choose("broker", "叶青")
    buyer.type(for_both=True)
    buyer.press("指定经纪人")
    buyer.sees("为双方服务尚待供方同意")


def seller_consents_to_the_broker(seller: Walker) -> None:
    seller.open("/notices/")
    seller.follow("决定经纪人是否为双方服务")
    seller.press("同意为双方服务")
    seller.sees("技术经纪人尚未接受委托，")


def broker_accepts_the_engagement(broker: Walker, deal: str) -> None:
    broker.open("/notices/")
    broker.follow("请答复技术经纪委托")
    assert broker.address == f"{deal}engagement/"
    broker.look_narrow()
    broker.press("接受委托和保密条款")
    broker.sees("双方")


def broker_writes_a_note(broker: Walker, deal: str) -> None:
    broker.open(deal)
    broker.look_narrow()
    broker.type(text="双方同意进入竞价，由瓯来拍发现价格。")
    broker.press("发送")
    broker.sees("双方同意进入竞价")


def seller_chooses_the_auction(seller: Walker) -> None:
    seller.take_from_desk("选定定价方式")
    seller.type(mode=["auction"])
    seller.press("选定")
    seller.sees("竞价")
