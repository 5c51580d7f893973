"""公示 in the background: what has stood its term ends; what waited for it follows."""

from marketplace.auctions.actions import end_result_publicity, rescind_objected_sale
from marketplace.auctions.models import Lot
from marketplace.core import clock
from marketplace.publicity.actions import end_publicity
from marketplace.publicity.models import Publicity
from tasks.app import app
from tasks.models import Delivery


@app.task
def end_due_publicity() -> None:
    """End each term that is over and has no objection without an answer."""
    for publicity in Publicity.objects.due(clock.today()):
        end_publicity(publicity)


def follow_end_of_publicity(delivery: Delivery) -> None:
    """A result stood its publicity: the contract of the sale follows."""
    lot = _lot_of(delivery)
    if lot is not None:
        end_result_publicity(lot, by=delivery.entry.actor)


def follow_stop_of_publicity(delivery: Delivery) -> None:
    """An objection was upheld: the sale is rescinded. A publicity that fell with its sale leads to nothing."""
    lot, by = _lot_of(delivery), delivery.entry.actor
    if lot is not None and by is not None and delivery.entry.data["upheld"]:
        rescind_objected_sale(lot, by=by)


def _lot_of(delivery: Delivery) -> Lot | None:
    publicity = Publicity.objects.get(pk=delivery.entry.subject_id)
    if publicity.matter != Publicity.Matter.SALE_RESULT:
        return None
    return Lot.objects.select_related("outcome__owner", "session").get(pk=publicity.subject_id)
