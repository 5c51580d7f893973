"""瓯来拍: a finished session after domain.md §8.3, an announced one, and the first practice lot."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.bidding import close, finish, hold, register
from cms.demo.houses import World, days_ago
from cms.demo.rooms import PAGE, fill_room, read_room
from cms.demo.tables import rows
from marketplace.auctions.actions import (
    add_lot,
    amend_announcement,
    announce_session,
    apply_for_lot,
    approve_lot,
    invite_priority_holder,
    list_priority_holder,
    move_session_on,
    plan_session,
    record_stray_payment,
    submit_lot,
    withdraw_lot,
)
from marketplace.auctions.ladder import WAN
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.core import clock
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials.models import Trial

HELD = 24  # days ago
READ = "R33"  # the lot of the finished session whose data room was read
EACH, LASTS = timedelta(minutes=40), timedelta(minutes=30)
SOON = -20  # days ago: in twenty days
TRIED = "有企业按“先用后转”试用或申请试用该成果；受让方在试用协议期内容许其继续试用，期满转化另行商定。"
ANNOUNCED = (
    ("R14", "40", "ordinary"),
    ("R30", "60", "ordinary"),
    ("R42", "55", "ordinary"),
    ("R16", "260", "assignment"),
    ("R31", "36", "ordinary"),  # its buyer in the finished session defaulted: once more, a tenth lower
)
OBJECTS = {"assignment": "成果及其知识产权的转让", "ordinary": "成果的普通实施许可，三年"}
PARTS = {
    "ordinary": {
        "territory": "中国境内",
        "term": "三年",
        "field_of_use": "被许可方自有产品的制造和销售",
        "support": "三个月现场技术支持",
    }
}


def make_open_sessions(world: World) -> None:
    """Announce a session, open the practice lot."""
    _announced(world)
    _practice(world)


def _plan(world: World, title: str, title_en: str, starts_at: datetime, **facts: Any) -> AuctionSession:
    return plan_session(
        by=world.people["organiser"],
        organiser=world.houses["organiser"],
        title=title,
        title_en=title_en,
        starts_at=starts_at,
        **facts,
    )


def _add(
    session: AuctionSession, row: dict[str, str], world: World, starts_at: datetime, lasts: timedelta = LASTS
) -> Lot:
    """Bring an outcome into the session; its owner agrees to the terms, the organiser approves."""
    organiser, outcome = world.people["organiser"], ResearchOutcome.objects.get(pk=world.outcomes[row["key"]].pk)
    session.refresh_from_db()
    lot = add_lot(
        session,
        by=organiser,
        outcome=outcome,
        mode=row["mode"],
        format=row.get("format") or Lot.Format.ENGLISH,
        object_of_sale=f"“{outcome.title}”{OBJECTS[row['mode']]}",
        object_parts=PARTS.get(row["mode"], {}),
        defects=TRIED if Trial.objects.under_way().filter(outcome=outcome).exists() else "",
        start_price=int(row["start"]) * WAN,
        starts_at=starts_at,
        ends_at=starts_at + lasts,
    )
    reserve = int(row["reserve"]) * WAN if row.get("reserve") else None
    submit_lot(lot, by=world.agent_of(outcome.owner), organisation=outcome.owner, reserve=reserve)
    approve_lot(lot, by=organiser)
    return lot


def _announce(session: AuctionSession, world: World) -> None:
    session.refresh_from_db()
    announce_session(session, by=world.people["organiser"])


def hold_finished(world: World) -> None:
    """Twelve lots one after the other, on one day; each bid, call and hammer at its own time."""
    starts_at, table = days_ago(HELD, 9), rows("lots")
    with clock.moved_to(days_ago(HELD + 18)):
        session = _plan(
            world,
            "样例专场",
            "Sample session",
            starts_at,
            registration_closes_at=days_ago(HELD + 2, 17),
            introduction="十二项样例成果，现场与线上同步，其中一项一次性报价。全部内容为演示数据。",
            venue="瓯海样例成果展示中心",
            signing_days=20,
            payment_days=30,
            **_viewing(HELD),
        )
        lots = {row["key"]: _add(session, row, world, starts_at + EACH * place) for place, row in enumerate(table)}
        for row in table:
            _invite_holders(lots[row["key"]], row["bidders"], world)
        fill_room(lots[READ], world)
    with clock.moved_to(days_ago(HELD + 14)):
        _announce(session, world)
    with clock.moved_to(days_ago(HELD + 5, 11)):
        amend_announcement(
            session,
            by=world.people["organiser"],
            summary="报名截止时间延长一天，其他事项不变。",
            reason="多家企业来函，需要时间办理授权委托手续。",
            registration_closes_at=days_ago(HELD + 1, 17),
        )
    read_room(lots[READ], ("autoparts", "bidder2"), world, days_ago(HELD + 5, 10))
    for day, row in enumerate(table):
        with clock.moved_to(days_ago(HELD + 8 - day % 5, 10)):
            _register_all(lots[row["key"]], row["bidders"], world)
    with clock.moved_to(days_ago(HELD + 1, 15)):
        withdraw_lot(lots["R12"], by=world.people["organiser"], reason="权利人发现一件外观设计专利年费待补缴。")
    for row in table:
        if row["fate"] != "withdrawn":
            lot = Lot.objects.select_related("session", "outcome__owner").get(pk=lots[row["key"]].pk)
            hold(lot, row, world)
            close(lot)
            _move_on(session, lot)
    for row in table:
        finish(Lot.objects.select_related("session", "outcome__owner").get(pk=lots[row["key"]].pk), row, world)


def _invite_holders(lot: Lot, bidders: str, world: World) -> None:
    """List and invite the houses of a row that hold a priority right ("key:rank")."""
    organiser = world.people["organiser"]
    for word in bidders.split():
        key, _colon, rank = word.partition(":")
        if rank:
            house = world.houses[key]
            holder = list_priority_holder(lot, by=organiser, organisation=house, ground="co_owner", rank=int(rank))
            proof = SimpleUploadedFile("通知送达回执.pdf", PAGE, "application/pdf")
            invite_priority_holder(holder, by=organiser, channel="letter", invited_on=clock.today(), proof=proof)


def _register_all(lot: Lot, bidders: str, world: World) -> None:
    """Register the houses of a row for its lot."""
    lot = Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)
    for word in bidders.split():
        register(lot, word.partition(":")[0], world)


def _move_on(session: AuctionSession, lot: Lot) -> None:
    with clock.moved_to(lot.ends_at + timedelta(seconds=2)):
        session.refresh_from_db()
        move_session_on(session)


def _announced(world: World) -> None:
    """A session in twenty days: bidders register; one application waits, one deposit came without its reference."""
    starts_at = days_ago(SOON, 14)
    with clock.moved_to(days_ago(5)):
        session = _plan(
            world,
            "智造专场",
            "Smart manufacturing",
            starts_at,
            registration_closes_at=days_ago(SOON + 2, 17),
            introduction="五项成果，报名期内可预约看样。阀门内漏监测终端因买受人悔拍再次上拍，起拍价下调一成。",
            venue="瓯海样例成果展示中心",
            signing_days=5,
            payment_days=30,
            bidder_conditions="实施医疗器械类成果的，须具备相应的生产许可。",
            **_viewing(SOON) | {"viewing_from": days_ago(1).date()},  # so a data room is open to look at
        )
        lots = [
            _add(session, {"key": key, "start": start, "mode": mode}, world, starts_at + EACH * place)
            for place, (key, start, mode) in enumerate(ANNOUNCED)
        ]
        fill_room(lots[0], world)
    with clock.moved_to(days_ago(3)):
        _announce(session, world)
    lots = [Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk) for lot in lots]
    with clock.moved_to(days_ago(1, 9)):
        register(lots[0], "eyewear", world)
        register(lots[1], "bidder2", world, paid=False)
        apply_for_lot(lots[2], by=world.agent("bidder"), organisation=world.houses["bidder"], declared=True)
        apply_for_lot(lots[0], by=world.agent("display"), organisation=world.houses["display"], declared=True)

        _stray(lots[1], "bidder2", world)

    read_room(lots[0], ("bidder2", "display"), world, days_ago(1, 10))
    with clock.moved_to(days_ago(1, 11)):
        amend_announcement(
            session,
            by=world.people["organiser"],
            summary="看样地点改为展示中心三楼路演厅，时间不变。",
            reason="二楼展厅设备检修。",
            viewing_place="瓯海样例成果展示中心三楼路演厅",
        )


def _stray(lot: Lot, key: str, world: World) -> None:
    """A payment came in without its reference; finance staff find for which deposit it was meant."""
    record_stray_payment(
        by=world.people["finance"],
        amount=lot.deposit,
        payer=world.houses[key].name,
        bank_reference="LZ-0001",
        received_at=clock.now(),
        note="转账未写附言",
    )


def _viewing(held: int) -> dict[str, Any]:
    """Return the days on which the lots of a session, `held` so many days ago, could be viewed: the week before."""
    first, last = (days_ago(held + before).date() for before in (7, 3))
    return {"viewing_from": first, "viewing_until": last, "viewing_place": "瓯海样例成果展示中心二楼"}


def _practice(world: World) -> None:
    """The first practice lot; tasks/practice.py repeats it with the same bidders when it ends."""
    starts_at = lot_now() + timedelta(seconds=20)
    session = _plan(
        world,
        "练习场",
        "Practice",
        starts_at,
        registration_closes_at=starts_at,
        is_practice=True,
    )
    row = {"key": "R06", "start": "80", "mode": "ordinary"}
    lot = _add(session, row, world, starts_at, lasts=timedelta(minutes=20))
    _announce(session, world)
    lot = Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)
    for key in ("bidder", "bidder2", "autoparts", "display"):
        register(lot, key, world)
