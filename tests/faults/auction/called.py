"""What the staff decides while bids arrive."""

import time

from marketplace.auctions import actions
from marketplace.auctions.models import Lot
from marketplace.core.refusals import WrongState
from tests.crowd.processes import until
from tests.faults.auction.scene import Scene, fault, fresh_connection


@fault("suspended and resumed while bids arrive")
def suspended(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(12)
    with scene.load(lot, bidders, pause=0.1) as load:
        for _time in range(3):
            load.until_accepted(6)
            actions.suspend_lot(Lot.objects.get(pk=lot.pk), by=scene.cast.auctioneer, ground="fault")
            time.sleep(0.7)
            actions.resume_lot(Lot.objects.get(pk=lot.pk), by=scene.cast.auctioneer)
            fresh_connection()
        load.until_accepted(6)
    scene.injected = "3 × suspended for 0.7 s under load and resumed"
    lot = scene.judge(lot, load.ledger)
    kinds = list(lot.events.filter(kind__in=["suspended", "resumed"]).values_list("kind", flat=True))
    scene.expect(kinds == ["suspended", "resumed"] * 3, f"the record says {kinds}")


@fault("withdrawn while bids arrive")
def withdrawn(scene: Scene) -> None:
    lot, bidders = scene.cast.lot(12)
    with scene.load(lot, bidders, pause=0.1) as load:
        load.until_accepted(6)
        try:
            withdraw(scene, lot)
        except WrongState:
            scene.injected = "a withdrawal amid the bids (refused); then "
        load.until_accepted(3)
        actions.suspend_lot(Lot.objects.get(pk=lot.pk), by=scene.cast.auctioneer, ground="legal")
        time.sleep(0.5)
        withdraw(scene, lot)
        until(load.ends.is_set, "a bidder hears of the withdrawal")
    scene.expect(scene.injected, "a lot in bidding was withdrawn")
    scene.injected += "suspended, and withdrawn 0.5 s later"
    lot = scene.judge(lot, load.ledger)
    scene.expect(lot.state == "withdrawn", f"the lot is {lot.state}")


def withdraw(scene: Scene, lot: Lot) -> None:
    fresh_connection()
    actions.withdraw_lot(Lot.objects.get(pk=lot.pk), by=scene.cast.organiser, reason="供方撤回")
