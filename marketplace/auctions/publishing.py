"""The publicity of a sale's result: begun with the confirmation; its end lets the contract follow, exactly once."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import Lot
from marketplace.auctions.preparing import let_go
from marketplace.auctions.record import publicity_days
from marketplace.core import journal
from marketplace.core.journal import Kind
from marketplace.deals.actions import end_deal_of_sale, end_price_publicity
from marketplace.organisations.models import User
from marketplace.publicity.actions import begin_publicity
from marketplace.publicity.models import Publicity


def publish_result(lot: Lot, *, by: User) -> Publicity:
    """Put the result of a held and just confirmed lot into publicity."""
    lot.move_to(lot.State.PUBLICITY)
    lot.save(update_fields=["state"])
    matter, days = Publicity.Matter.SALE_RESULT, publicity_days(lot.session)
    return begin_publicity(lot, matter=matter, working_days=days, by=by)


@transaction.atomic
def end_result_publicity(lot: Lot, *, by: User | None) -> None:
    """Follow the end of a result's publicity: the sale is confirmed for good, the contract is next.

    A repeat, or news later than the end of the sale, changes nothing.
    """
    hold_lot(lot)
    if lot.state != lot.State.PUBLICITY or Publicity.objects.of(lot).running().exists():
        return
    lot.move_to(lot.State.CONFIRMED)
    lot.save(update_fields=["state"])
    end_price_publicity(lot.number, by=by)
    journal.record(Kind.LOT_PUBLICISED, lot, by=by, number=lot.number)


@transaction.atomic
def rescind_objected_sale(lot: Lot, *, by: User) -> None:
    """Follow an upheld objection: the sale is rescinded and its deal ends. A repeat changes nothing.

    What becomes of the buyer's deposit is for the organiser to say, as after any rescission.
    """
    hold_lot(lot)
    if lot.state != lot.State.PUBLICITY:
        return
    lot.move_to(lot.State.RESCINDED)
    with override(settings.LANGUAGE_CODE):
        lot.note = _("An objection during the publicity of the result was upheld.")
    lot.save(update_fields=["state", "note"])
    end_deal_of_sale(lot.number, by=by, reason=lot.note)
    let_go(lot, by=by)
    journal.record(Kind.LOT_RESCINDED, lot, by=by, number=lot.number)
