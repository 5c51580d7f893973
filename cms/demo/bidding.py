"""Bidders of the demonstration's lots: from the application to the end of their deposits."""

from datetime import timedelta

from django.utils import timezone

from cms.demo.houses import World, days_ago
from marketplace.auctions.actions import (
    admit_bidder,
    apply_for_lot,
    call_lot,
    choose_next_path,
    close_lot,
    confirm_sale,
    declare_default,
    end_result_publicity,
    hammer_lot,
    open_lot,
    place_bid,
    place_floor_bid,
    qualify_bidder,
    record_deposit,
    release_deposit,
)
from marketplace.auctions.closing import GRACE
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.grounds import DefaultGround
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration, Deposit, Lot
from marketplace.core import clock
from marketplace.publicity.actions import end_publicity
from marketplace.publicity.models import Publicity

DEFAULTED = "买受人书面表示放弃，不签成交确认书。"


def register(lot: Lot, key: str, world: World, *, paid: bool = True) -> BidderRegistration:
    """Lead one organisation through application, admission, deposit and number at the present instant."""
    organiser = world.people["organiser"]
    registration = apply_for_lot(lot, by=world.agent(key), organisation=world.houses[key], declared=True)
    admit_bidder(registration, by=organiser, missing=ASKED_ALWAYS)  # as their verification has them on file
    if paid and registration.deposit is not None:
        record_deposit(
            registration.deposit,
            by=world.people["finance"],
            amount=registration.deposit.amount,
            bank_reference=f"YL{lot.number.replace('-', '')}{registration.pk:04d}",
            received_at=registration.applied_at,
        )
        registration.refresh_from_db()
        qualify_bidder(registration, by=organiser)
    return registration


def hold(lot: Lot, row: dict[str, str], world: World) -> None:
    """Open a lot and lead it through its course, each act at its minute after the start. Raises what refuses one.

    In the words of the table: `key:amount@minute` is a bid online (sealed on a lot of sealed bids), with `^` behind it
    a number held up in the hall; `call@minute` is the next call, `hammer@minute` the hammer.
    """
    with clock.moved_to(lot.starts_at):
        open_lot(lot)
    for turn, word in enumerate(row["course"].split()):
        act, _at, minute = word.removesuffix("^").partition("@")
        at = lot.starts_at + timedelta(minutes=int(minute), seconds=7 * (turn + 1), milliseconds=137 * turn)
        with clock.moved_to(at):
            if act == "call":
                call_lot(lot, by=world.people["auctioneer"], number=lot.calls + 1)
            elif act == "hammer":
                hammer_lot(lot, by=world.people["auctioneer"])
            else:
                _bid(lot, act, world, turn=turn, is_in_the_hall=word.endswith("^"))
        lot.refresh_from_db()


def _bid(lot: Lot, act: str, world: World, *, turn: int, is_in_the_hall: bool) -> None:
    """Place one bid of an organisation online, or have the auctioneer enter its number."""
    key, _colon, amount = act.partition(":")
    fen, house = int(amount) * WAN, world.houses[key]
    if is_in_the_hall:
        alias = BidderRegistration.objects.get(lot=lot, organisation=house).alias
        place_floor_bid(lot, by=world.people["auctioneer"], alias=alias, amount=fen, key=f"demo-{turn}")
    else:
        place_bid(lot, by=world.agent(key), organisation=house, amount=fen, key=f"demo-{turn}")


def close(lot: Lot) -> None:
    """Close the lot just after its end, unless the hammer fell."""
    lot.refresh_from_db()
    with clock.moved_to(lot.ends_at + GRACE + timedelta(seconds=1)):
        close_lot(lot)


def stand_publicity(lot: Lot) -> None:
    """Let the publicity of a result end on the day after its term, if that has come."""
    publicity = Publicity.objects.of(lot).running().first()
    if publicity is None or publicity.closes_on >= clock.today():
        return
    with clock.moved_to(days_ago((clock.today() - publicity.closes_on).days - 1, 9)):
        end_publicity(publicity)
        end_result_publicity(lot, by=None)


def finish(lot: Lot, row: dict[str, str], world: World) -> None:
    """Confirm the sale, note the default, or say how the unsold lot goes on; pay most deposits back."""
    held = (clock.today() - timezone.localdate(lot.starts_at)).days
    organiser = world.people["organiser"]
    if row["fate"] == "sold":
        with clock.moved_to(days_ago(held - 2)):
            confirm_sale(lot, by=organiser)
        stand_publicity(lot)
    if row["fate"] == "default":
        with clock.moved_to(days_ago(held - 9)):
            declare_default(lot, by=organiser, ground=DefaultGround.REFUSED, reason=DEFAULTED)
    if row["path"]:
        owner = lot.outcome.owner
        with clock.moved_to(days_ago(held - (10 if row["fate"] == "default" else 4))):
            choose_next_path(lot, by=world.agent_of(owner), organisation=owner, path=row["path"])
    if row["key"] != "R29":  # its refunds still wait for the finance staff
        with clock.moved_to(days_ago(held - 3)):
            for deposit in Deposit.objects.filter(lot=lot, state=Deposit.State.RELEASE_DUE):
                release_deposit(deposit, by=world.people["finance"], bank_reference=f"TK{deposit.reference}")
