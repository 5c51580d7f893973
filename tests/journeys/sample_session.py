"""The sample session of domain.md §8.3: its twelve lots and its people, up to where the story in browsers begins."""

from datetime import timedelta
from types import SimpleNamespace
from typing import NamedTuple

from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.core import clock
from marketplace.organisations.models import Organisation, User
from tests.marketplace.auctions.making import SCOPE, member, organisation, outcome, person
from tests.marketplace.contracts.factories import scan
from tests.marketplace.outcomes.making import set_up
from tests.standing_site import ensure_site

TITLE = "瓯来拍·样例专场"
BEGAN = timedelta(minutes=1)  # ago, when the stage is set
LAST_MINUTES = timedelta(minutes=4)  # less than the window, so each bid moves the end
LONG = timedelta(hours=2)  # more than anybody waits here: such a lot ends by the hammer, or is put to its end


class Offered(NamedTuple):
    """One lot as the session plans it: prices in 万元, and which of the two houses registers for it."""

    key: str
    title: str
    start: int
    format: str
    registers: str
    reserve: int | None = None
    mode: str = "assignment"


OFFERED = (
    Offered("R10", "干电池供电无线联网玻璃门锁方案", 100, "english", "one two"),
    Offered("R33", "等速万向节超音频感应热处理系统", 160, "hybrid", "one two"),
    Offered("R17", "重组生长因子滴眼液部分权益", 400, "english", ""),
    Offered("R11", "真空状态焊接工艺", 5, "english", "one", mode="ordinary"),
    Offered("R09", "C级锁芯防技术开启结构", 40, "english", "one two", reserve=55),
    Offered("R15", "镜架无氰电镀与铬替代镀层工艺", 50, "hybrid", "one two", reserve=80),
    Offered("R22", "超临界物理发泡高回弹鞋底", 60, "hybrid", "two"),
    Offered("R29", "超低温阀门唇形密封", 80, "hybrid", "one two"),
    Offered("R05", "泵阀铸件激光清洗去氧化皮装备", 60, "sealed", "one two"),
    Offered("R31", "阀门内漏声发射在线监测终端", 40, "english", "one two"),
    Offered("R35", "视频结构化轻量模型与边缘盒", 30, "english", ""),
    Offered("R12", "钛合金眼镜架增材制造轻量化设计包", 35, "english", "one"),
)
SHORT = "R29"  # in its last minutes from the beginning
RANKED = ("R33", "two")  # who holds a priority right in which lot


def set_the_stage() -> SimpleNamespace:
    """Return the people and a session whose twelve lots are approved, to be announced eight days ago.

    Its bidding began a minute ago; `lots` and, once its houses registered, `aliases` are by the keys of OFFERED.
    """
    set_up()
    ensure_site()
    seller = organisation("institute", name="瓯江样例研究院")
    stage = SimpleNamespace(
        seller_house=seller,
        organiser=person("organiser"),
        finance=person("finance"),
        auctioneer=person("auctioneer"),
        seller=member(seller, "publisher"),
        spectator=person(),
        one=member(organisation(name="鹿城样例锁业"), "bidder"),
        two=member(organisation(name="龙湾样例智能"), "bidder"),
        starts_at=timezone.now() - BEGAN,
    )
    with clock.moved_to(stage.starts_at - timedelta(days=12)):
        stage.session = plan(stage, starts_at=stage.starts_at)
        stage.lots = {each.key: _approved(each, stage) for each in OFFERED}
        _invite_the_holder(stage)
    return stage


def plan(stage: SimpleNamespace, **facts: object) -> AuctionSession:
    """Return a session of the district's, planned for a time."""
    facts = {"title": TITLE, "venue": "瓯海样例路演厅", "registration_closes_at": facts["starts_at"]} | facts
    return actions.plan_session(
        by=stage.organiser, organiser=organisation("government", name="瓯海样例科技局"), **facts
    )


def _approved(each: Offered, stage: SimpleNamespace) -> Lot:
    stage.session.refresh_from_db()
    lasts = BEGAN + LAST_MINUTES if each.key == SHORT else LONG
    lot = actions.add_lot(
        stage.session,
        by=stage.organiser,
        outcome=outcome(stage.seller_house, title=each.title),
        mode=each.mode,
        format=each.format,
        object_of_sale=f"“{each.title}”的专利权或其实施许可",
        object_parts=SCOPE,
        start_price=each.start * WAN,
        starts_at=stage.starts_at,
        ends_at=stage.starts_at + lasts,
    )
    reserve = each.reserve * WAN if each.reserve else None
    actions.submit_lot(lot, by=stage.seller, organisation=stage.seller_house, reserve=reserve)
    actions.approve_lot(lot, by=stage.organiser)
    return lot


def house_of(user: User) -> Organisation:
    """Return the house somebody acts for."""
    return user.memberships.get().organisation


def _invite_the_holder(stage: SimpleNamespace) -> None:
    lot, firm = stage.lots[RANKED[0]], house_of(getattr(stage, RANKED[1]))
    holder = actions.list_priority_holder(lot, by=stage.organiser, organisation=firm, ground="co_owner", rank=1)
    actions.invite_priority_holder(holder, by=stage.organiser, channel="letter", invited_on=clock.today(), proof=scan())


def the_houses_register(stage: SimpleNamespace) -> None:
    """Lead both houses through application, deposit and number for the lots they register for, the day before."""
    with clock.moved_to(stage.starts_at - timedelta(days=1)):
        stage.aliases = {
            (each.key, who): _qualified(stage.lots[each.key], getattr(stage, who), stage).alias
            for each in OFFERED
            for who in each.registers.split()
        }


def _qualified(lot: Lot, agent: User, stage: SimpleNamespace) -> BidderRegistration:
    lot = Lot.objects.get(pk=lot.pk)
    registration = actions.apply_for_lot(lot, by=agent, organisation=house_of(agent), declared=True)
    actions.admit_bidder(registration, by=stage.organiser, missing=ASKED_ALWAYS)
    actions.record_deposit(
        registration.deposit,
        by=stage.finance,
        amount=lot.deposit,
        bank_reference=f"BANK-{registration.pk}",
        received_at=clock.now(),
    )
    registration.refresh_from_db()
    actions.qualify_bidder(registration, by=stage.organiser)
    return registration


def lot_of(stage: SimpleNamespace, key: str) -> Lot:
    """Return a lot as it stands now."""
    return Lot.objects.select_related("session", "outcome", "leader__organisation").get(pk=stage.lots[key].pk)


def bid(stage: SimpleNamespace, key: str, *bids: tuple[str, int]) -> None:
    """Let the houses bid on a lot, in 万元, without their pages."""
    for turn, (who, amount) in enumerate(bids):
        agent: User = getattr(stage, who)
        actions.place_bid(
            lot_of(stage, key), by=agent, organisation=house_of(agent), amount=amount * WAN, key=f"{who}-{turn}"
        )


def let_it_end(stage: SimpleNamespace, key: str) -> None:
    """Close a lot as the sweep does, by a clock put to the moment after its end."""
    lot = lot_of(stage, key)
    with clock.moved_to(lot.ends_at + timedelta(seconds=1)):
        assert actions.close_lot(lot)
