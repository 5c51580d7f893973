"""Who is told when the bidding stops for a while and when it goes on: those who bid on the lots, and their sellers."""

from collections.abc import Callable, Iterable

from marketplace.auctions.ladder import instant
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, in_earnest, lot_of, publishers_of


def _concerned(lots: Iterable[Lot]) -> list[User]:
    """Return each person once who bids on one of these lots or publishes for its seller."""
    qualified = BidderRegistration.objects.filter(lot__in=lots, state=BidderRegistration.State.QUALIFIED)
    found = {user.pk: user for one in qualified.select_related("agent") for user in agents_of(one)}
    return list((found | {user.pk: user for lot in lots for user in publishers_of(lot)}).values())


def about_one(kind: str) -> Callable[[Entry], list[Tell]]:
    """One lot stopped or goes on, not with its whole session, whose own entry tells of that."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        if entry.data.get("with_session"):
            return []
        lot = lot_of(entry)
        data = {"lot": lot.number, "ends_at": instant(lot.ends_at)}
        return [Tell(_concerned([lot]), kind, lot.get_absolute_url(), data=data)]

    return whom_to_tell


def about_all(kind: str) -> Callable[[Entry], list[Tell]]:
    """The open lots of a session stopped or go on together."""

    def whom_to_tell(entry: Entry) -> list[Tell]:
        session = AuctionSession.objects.get(pk=entry.subject_id)
        lots = list(session.lots.filter(number__in=entry.data["lots"]).select_related("outcome__owner"))
        return [Tell(_concerned(lots), kind, session.get_absolute_url())]

    return whom_to_tell


TELLS = {
    Kind.LOT_SUSPENDED: in_earnest(about_one("lot.suspended")),
    Kind.LOT_RESUMED: in_earnest(about_one("lot.resumed")),
    Kind.SESSION_SUSPENDED: in_earnest(about_all("session.suspended")),
    Kind.SESSION_RESUMED: in_earnest(about_all("session.resumed")),
}
