"""Who is told what about the payment of a sale: somebody's word, and what the seller's finance answers."""

from collections.abc import Callable

from marketplace.auctions.models import Lot, SaleMilestone
from marketplace.core.journal import Entry, Kind
from marketplace.notices.models import Notice, NoticeQuerySet
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, lot_of


def _finance(organisation: int) -> list[User]:
    return list(User.objects.active_in(organisation, MemberRole.FINANCE).distinct())


def finance_about_a_word(entry: Entry) -> list[Tell]:
    """Somebody says that the price was paid: the seller's finance answers, unless it was the one who said it."""
    lot = lot_of(entry)
    said = SaleMilestone.objects.filter(lot=lot, kind=SaleMilestone.Kind.PAID).select_related("lot__outcome").first()
    if entry.data["step"] != SaleMilestone.Kind.PAID or said is None or not said.is_open:
        return []
    people = [user for user in _finance(lot.outcome.owner_id) if user.pk != said.said_by_id]
    return [Tell(people, "sale.paid_said", lot.get_absolute_url(), data={"lot": lot.number})]


def buyer_about_the_answer(kind: str, *, organisers: bool) -> Callable[[Entry], list[Tell]]:
    """The seller's finance answered: the buyer hears of it, and where nothing came in, the organisers do too."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        lot, data = lot_of(entry), {"lot": lot_of(entry).number}
        people = {user.pk: user for user in _of_buyer(lot)}
        if organisers:
            people |= {user.pk: user for user in User.objects.holding(Role.ORGANISER)}
        return [Tell(list(people.values()), kind, lot.get_absolute_url(), data=data)]

    return whom_to_tell


def _of_buyer(lot: Lot) -> list[User]:
    return [*agents_of(lot.leader), *_finance(lot.leader.organisation_id)] if lot.leader is not None else []


def asked_of_finance(entry: Entry) -> NoticeQuerySet:
    """Return what asked the seller's finance for the answer it has given."""
    lot = lot_of(entry)
    return Notice.objects.filter(kind="sale.paid_said", data__lot=lot.number)


TELLS = {
    Kind.LOT_MILESTONE_NOTED: finance_about_a_word,
    Kind.LOT_PAYMENT_CONFIRMED: buyer_about_the_answer("sale.payment_confirmed", organisers=False),
    Kind.LOT_PAYMENT_DENIED: buyer_about_the_answer("sale.payment_denied", organisers=True),
}
SETTLES = {Kind.LOT_PAYMENT_CONFIRMED: asked_of_finance, Kind.LOT_PAYMENT_DENIED: asked_of_finance}
