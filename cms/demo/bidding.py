"""Bidders of the demonstration's lots: from the application to the end of their deposits."""

from datetime import timedelta

from cms.demo.houses import World, days_ago
from marketplace.auctions.actions import (
    admit_bidder,
    apply_for_lot,
    choose_next_path,
    close_lot,
    confirm_sale,
    decide_bid,
    declare_default,
    end_result_publicity,
    open_lot,
    qualify_bidder,
    record_deposit,
    release_deposit,
)
from marketplace.auctions.closing import GRACE
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration, Deposit, Lot
from marketplace.core import clock
from marketplace.publicity.actions import end_publicity
from marketplace.publicity.models import Publicity

DEFAULTED = "买受人书面表示放弃，逾期未签约。"


class BidNotAccepted(RuntimeError):
    """A bid of the table was refused, so the table is wrong."""


def register(lot: Lot, key: str, world: World, *, paid: bool = True) -> BidderRegistration:
    """Lead one organisation through application, admission, deposit and number at the present instant."""
    organiser = world.people["organiser"]
    registration = apply_for_lot(lot, by=world.agent(key), organisation=world.houses[key], declared=True)
    admit_bidder(registration, by=organiser)
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


def bid(lot: Lot, row: dict[str, str], world: World) -> None:
    """Place the bids of one lot, each at its minute after the start. Raises BidNotAccepted."""
    with clock.moved_to(lot.starts_at):
        open_lot(lot)
    for turn, word in enumerate(row["bids"].split()):
        key, _colon, rest = word.partition(":")
        amount, _at, minute = rest.partition("@")
        at = lot.starts_at + timedelta(minutes=int(minute), seconds=7 * (turn + 1) % 60, milliseconds=137 * turn)
        registration = BidderRegistration.objects.get(lot=lot, organisation=world.houses[key])
        with clock.moved_to(at):
            answer = decide_bid(
                lot,
                registration,
                amount=int(amount) * WAN,
                key=f"demo-{turn}",
                arrived_at=at,
                decided_at=at + timedelta(milliseconds=4),
            )
        if not answer["accepted"]:
            raise BidNotAccepted(f"{row['key']} {word}: {answer}")


def close(lot: Lot) -> None:
    """Close the lot just after its end."""
    lot.refresh_from_db()
    with clock.moved_to(lot.ends_at + GRACE + timedelta(seconds=1)):
        close_lot(lot)


def stand_publicity(lot: Lot) -> None:
    """Let the publicity of a result end on the day after its term, if that has come."""
    publicity = Publicity.objects.of(lot).running().first()
    if publicity is None or publicity.ends_on >= clock.today():
        return
    with clock.moved_to(days_ago((clock.today() - publicity.ends_on).days - 1, 9)):
        end_publicity(publicity)
        end_result_publicity(lot, by=None)


def finish(lot: Lot, row: dict[str, str], world: World) -> None:
    """Confirm the sale, note the default, or say how the unsold lot goes on; pay most deposits back."""
    held = (clock.now() - lot.starts_at).days
    organiser = world.people["organiser"]
    if row["fate"] == "sold":
        with clock.moved_to(days_ago(held - 2)):
            confirm_sale(lot, by=organiser)
        stand_publicity(lot)
    if row["fate"] == "default":
        with clock.moved_to(days_ago(held - 9)):
            declare_default(lot, by=organiser, reason=DEFAULTED)
    if row["path"]:
        owner = lot.outcome.owner
        with clock.moved_to(days_ago(held - 4)):
            choose_next_path(lot, by=world.agent_of(owner), organisation=owner, path=row["path"])
    if row["key"] != "R29":  # its refunds still wait for the finance staff
        with clock.moved_to(days_ago(held - 3)):
            for deposit in Deposit.objects.filter(lot=lot, state=Deposit.State.RELEASE_DUE):
                release_deposit(deposit, by=world.people["finance"], bank_reference=f"TK{deposit.reference}")
