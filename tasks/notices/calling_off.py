"""Who is told when a session moves or is cancelled, and when a lot leaves the sale or goes back to its seller."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from marketplace.auctions.ladder import instant
from marketplace.auctions.models import AuctionSession, BidderRegistration, Lot
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import User
from tasks.notices import Tell
from tasks.notices.auctions import agents_of, in_earnest, lot_of, publishers_of

PAID, UNPAID, KEPT = (
    ["refund_due", "refunded"],
    ["lapsed"],
    ["kept"],
)  # what became of a deposit when its lot was called off


def _sellers(lots: Iterable[Lot]) -> list[User]:
    return list({user.pk: user for lot in lots for user in publishers_of(lot)}.values())


def _bidders(lots: Iterable[Lot], kind: str, path: str, data: dict[str, Any], *, all_go: bool = False) -> list[Tell]:
    """Tell bidders what becomes of their deposits; whoever gets one back is not told that none is asked for.

    A deposit that is kept stands for other lots of the session; where `all_go`, it is paid back with the last of them.
    """
    let_go = BidderRegistration.objects.standing().filter(lot__in=lots, state__in=[*PAID, *UNPAID, *KEPT])
    paid: dict[int, User] = {}
    unpaid: dict[int, User] = {}
    kept: dict[int, User] = {}
    for registration in let_go.select_related("agent"):
        is_kept = registration.state in KEPT
        side = paid if registration.state in PAID or (is_kept and all_go) else kept if is_kept else unpaid
        side.update({user.pk: user for user in agents_of(registration)})
    others = [user for pk, user in unpaid.items() if pk not in paid and pk not in kept]
    waiting = [user for pk, user in kept.items() if pk not in paid]
    return [
        Tell(paid.values(), f"{kind}_refund", path, data=data),
        Tell(others, f"{kind}_unpaid", path, data=data),
        *([Tell(waiting, f"{kind}_kept", path, data=data)] if waiting else []),
    ]


def everybody_about_a_withdrawal(entry: Entry) -> list[Tell]:
    """A lot was withdrawn: its seller, and who had registered. With its whole session, that entry tells them."""
    if entry.data.get("with_session"):
        return []
    lot = lot_of(entry)
    data, path = {"lot": lot.number}, lot.get_absolute_url()
    return [
        Tell(publishers_of(lot), "lot.withdrawn", path, data=data),
        *_bidders([lot], "registration.withdrawn", path, data),
    ]


def everybody_about_a_cancellation(entry: Entry) -> list[Tell]:
    """A session was cancelled: the sellers of the lots that went with it, and who had registered for them."""
    session = AuctionSession.objects.get(pk=entry.subject_id)
    lots = list(session.lots.filter(number__in=entry.data.get("lots", [])).select_related("outcome__owner"))
    path = session.get_absolute_url()
    return [
        Tell(_sellers(lots), "session.cancelled", path),
        *_bidders(lots, "session.cancelled", path, {}, all_go=True),
    ]


def sellers_about_other_times(entry: Entry) -> list[Tell]:
    """A planned session moved: the sellers of its lots. Nobody can register for it before it is announced."""
    session = AuctionSession.objects.get(pk=entry.subject_id)
    lots = session.lots.exclude(state=Lot.State.WITHDRAWN).select_related("outcome__owner")
    data = {"registration_closes_at": instant(session.registration_closes_at)} | entry.data
    return [Tell(_sellers(lots), "session.rescheduled", session.get_absolute_url(), data=data)]


def sellers_about_a_return(entry: Entry) -> list[Tell]:
    """The organiser sent a lot back: its seller reads why."""
    if entry.data["approved"]:
        return []
    lot = lot_of(entry)
    path = reverse("lot-manage", args=[lot.number])
    return [Tell(publishers_of(lot), "lot.returned", path, data={"lot": lot.number})]


TELLS = {
    Kind.LOT_WITHDRAWN: in_earnest(everybody_about_a_withdrawal),
    Kind.LOT_REVIEWED: in_earnest(sellers_about_a_return),
    Kind.SESSION_CANCELLED: in_earnest(everybody_about_a_cancellation),
    Kind.SESSION_RESCHEDULED: in_earnest(sellers_about_other_times),
}
