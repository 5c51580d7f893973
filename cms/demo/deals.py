"""Deals in every state, from shown interest on; the contracts that belong to them are made in contracts.py."""

from datetime import timedelta
from typing import Any

from cms.demo.deal_rooms import make_room
from cms.demo.houses import World, days_ago
from cms.demo.tables import rows
from marketplace.auctions.ladder import WAN
from marketplace.core import clock
from marketplace.deals.actions import terminate_deal
from marketplace.deals.brokering import consent_to_broker, name_broker
from marketplace.deals.engagement import accept_engagement
from marketplace.deals.models import Deal
from marketplace.deals.nda import accept_nda
from marketplace.deals.opening import accept_interest, decline_interest, open_deal_from_match, show_interest
from marketplace.deals.parts import PriceProposal
from marketplace.deals.pricing import accept_price, choose_pricing, propose_price
from marketplace.deals.publishing import accepted_of, end_agreed_price_publicity, price_publicity
from marketplace.deals.talking import add_note
from marketplace.matching.models import Match
from marketplace.publicity.actions import end_publicity

UNPRICED = ("negotiation", "pricing", "terminated")
UNFIT = "想了解能否用于园区数据。"
MET = "线上沟通：介绍技术指标与试用安排，约定下周提供样品测试报告。"


def make_deals(world: World) -> None:
    """Open the deals of the table and lead them as far as it says; some interest waits or was declined."""
    for row in rows("deals"):
        _lead(row, world)
    make_room(world)
    _interest_only(world)
    _unnamed(world)


def _lead(row: dict[str, str], world: World) -> None:
    deal, days = _open(row, world), int(row["from"])
    buyer, buys = deal.buyer, world.agent(row["buyer"])
    seller, sells = deal.seller, world.agent_of(deal.seller)
    with clock.moved_to(days_ago(days - 3)):
        accept_nda(deal, by=sells, organisation=seller)
        accept_nda(deal, by=buys, organisation=buyer)
        add_note(deal, by=sells, organisation=seller, text="已提供检测报告与报价说明，请查阅。")
    with clock.moved_to(days_ago(days - 5, 14)):
        met_on = (clock.now() - timedelta(days=1)).date()
        minutes: dict[str, Any] = {
            "text": MET,
            "met_on": met_on,
            "participants": "双方技术与商务各一人",
            "outcome": "trial",
        }
        add_note(deal, by=buys, organisation=buyer, **minutes)
    if row["broker"]:
        _name_broker(deal, row, world, days=days - 6)
    if row["mode"]:
        _price(deal, row, world, days=days - 8)
    if row["upto"] == "terminated":
        with clock.moved_to(days_ago(days - 20)):
            terminate_deal(deal, by=buys, organisation=buyer, reason="产品路线调整，本年度不再投入。")


def _open(row: dict[str, str], world: World) -> Deal:
    outcome, buyer = world.outcomes[row["outcome"]], world.houses[row["buyer"]]
    with clock.moved_to(days_ago(int(row["from"]))):
        interest = show_interest(outcome, by=world.agent(row["buyer"]), organisation=buyer, message=row["message"])
    owner = outcome.owner
    by = world.agent_of(owner)
    with clock.moved_to(days_ago(int(row["from"]) - 1, 16)):
        return accept_interest(interest, by=by, organisation=owner)


def _name_broker(deal: Deal, row: dict[str, str], world: World, *, days: int) -> None:
    """The buyer brings the broker; in the deals of 林晓岚 both sides consent."""
    both = row["broker"] == "林晓岚"
    with clock.moved_to(days_ago(days)):
        broker = world.brokers[row["broker"]]
        name_broker(deal, broker, by=world.agent(row["buyer"]), organisation=deal.buyer, for_both=both)
        if broker.user is not None:
            accept_engagement(deal, by=broker.user)
        if both:
            consent_to_broker(deal, by=world.agent_of(deal.seller), organisation=deal.seller)


def _price(deal: Deal, row: dict[str, str], world: World, *, days: int) -> None:
    """Offer, counter-offer, agreement; deals that are still priced keep the last offer standing."""
    price, buys, sells = int(row["price"]) * WAN, world.agent(row["buyer"]), world.agent_of(deal.seller)
    listing = price if row["mode"] == "listing" else None
    with clock.moved_to(days_ago(days)):
        choose_pricing(deal, by=sells, organisation=deal.seller, mode=row["mode"], listing_price=listing)
    if listing:
        return
    with clock.moved_to(days_ago(days - 1)):
        propose_price(deal, by=sells, organisation=deal.seller, amount=price * 12 // 10, note="含一年技术服务。")
    with clock.moved_to(days_ago(days - 3)):
        propose_price(deal, by=buys, organisation=deal.buyer, amount=price, note="分两期支付。")
    if row["upto"] not in UNPRICED:
        with clock.moved_to(days_ago(days - 5)):
            accept_price(
                deal, deal.price_proposals.get(fate=PriceProposal.Fate.STANDING), by=sells, organisation=deal.seller
            )
        _stand_publicity(deal)


def make_deal_of_match(world: World) -> None:
    """A match both sides accepted became a deal, and the buyer brought a broker: answers are counted by broker too."""
    agreed = Match.objects.without_deal().both_open().filter(need__is_anonymous=False).order_by("pk")
    match = agreed.filter(outcome__state="available").first()
    if match is None:
        return
    buyer, owner = match.need.organisation, match.outcome.owner
    with clock.moved_to(days_ago(4)):
        deal = open_deal_from_match(match, by=world.agent_of(owner), organisation=owner)
    with clock.moved_to(days_ago(3)):
        broker = world.brokers["林晓岚"]
        name_broker(deal, broker, by=world.agent_of(buyer), organisation=buyer, for_both=False)
        if broker.user is not None:
            accept_engagement(deal, by=broker.user)


def _stand_publicity(deal: Deal) -> None:
    """Let the publicity of an agreed price end on the day after its term, if that has come."""
    publicity = price_publicity(deal)
    accepted = accepted_of(deal)
    if publicity is None or accepted is None or publicity.closes_on >= clock.today():
        return
    with clock.moved_to(days_ago((clock.today() - publicity.closes_on).days - 1, 9)):
        end_publicity(publicity)
        end_agreed_price_publicity(accepted, by=None)
    deal.refresh_from_db()


def _unnamed(world: World) -> None:
    """A deal about an anonymous need: the buyer accepted confidentiality; the institute reads no name yet."""
    outcome, buyer, buys = world.outcomes["R38"], world.houses["medical"], world.agent("medical")
    owner = outcome.owner
    with clock.moved_to(days_ago(9)):
        message = "导板设计要用病例影像数据，想先了解数据来源登记与血缘追踪怎么做。"
        given: dict[str, Any] = {"need": world.needs["N22"], "message": message, "accepts_nda": True}
        interest = show_interest(outcome, by=buys, organisation=buyer, **given)
    with clock.moved_to(days_ago(8)):
        deal = accept_interest(interest, by=world.agent_of(owner), organisation=owner)
    with clock.moved_to(days_ago(7)):
        add_note(deal, by=buys, organisation=buyer, text="请补充影像数据登记的样例与所需工时。")


def _interest_only(world: World) -> None:
    """One interest waits for the institute that signs in; one was declined with a reason."""
    with clock.moved_to(days_ago(2)):
        show_interest(
            world.outcomes["R37"],
            by=world.agent("data"),
            organisation=world.houses["data"],
            need=world.needs["N28"],
            message="供应链金融项目要做名单比对，想安排一次 48 秒求交的现场演示。",
        )
    with clock.moved_to(days_ago(15)):
        interest = show_interest(
            world.outcomes["R38"],
            by=world.agent("zone"),
            organisation=world.houses["zone"],
            message="想了解能否用于园区数据。",
        )
    with clock.moved_to(days_ago(13)):
        owner = world.houses["institute"]
        reason = "本工具面向数据资产登记，不处理监测数据，建议关注在线监测类成果。"
        decline_interest(interest, by=world.agent("institute"), organisation=owner, reason=reason)
