"""The announcement as a paper to post up: before what was frozen it says what was called off since.

Its page says the same in notices that lead to the lots.
"""

from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.auctions.announcement_paper import announcement_paper
from marketplace.auctions.models import AuctionSession, Lot, LotEvent
from marketplace.auctions.printed import at, titled
from marketplace.core.papers import Block, Facts, Paper, Table, Text


def withdrawn_since(session: AuctionSession) -> QuerySet[LotEvent]:
    """Return how the record of each lot that was withdrawn since the announcement says so, in the order of the lots."""
    lots = session.lots.public().filter(state=Lot.State.WITHDRAWN)
    events = LotEvent.objects.filter(lot__in=lots, kind=LotEvent.Kind.WITHDRAWN)
    return events.select_related("lot__outcome").order_by("lot__position", "lot")


def posted_paper(session: AuctionSession, *, address: str) -> Paper:
    """Return the announcement with what was called off since, dated by the last of it; `address`: its page."""
    paper = announcement_paper(session, address=address)
    events = list(withdrawn_since(session))
    is_cancelled = session.state == session.State.CANCELLED
    if not events and not is_cancelled:
        return paper
    times = [event.decided_at for event in events]
    # an announced session is cancelled in the transaction that withdraws the last of its lots
    called_off = _cancellation(session, max(times, default=None)) if is_cancelled else _withdrawals(session, events)
    frozen = Text([_("What follows is the announcement as it was frozen, with its amendments and fingerprints.")])
    return replace(paper, dated=max([paper.dated, *times]), blocks=[called_off, frozen, *paper.blocks])


def _cancellation(session: AuctionSession, cancelled_at: datetime | None) -> Block:
    rows = [
        (pgettext("announcement", "Cancelled at"), at(cancelled_at)),
        (_("Reason"), session.cancellation_reason),
        (_("Lots"), _("None is offered any more.")),
    ]
    return Facts(rows, heading=_("The session is cancelled."))


def _withdrawals(session: AuctionSession, events: list[LotEvent]) -> Block:
    announced = {lot["lot"]: lot for lot in (session.announcement or {}).get("lots", [])}
    rows = [
        [
            str(event.lot.position),
            f"{titled(announced.get(event.lot.number, {}), event.lot.outcome.title)}\n{event.lot.number}",
            at(event.decided_at),
            event.lot.note or "—",
        ]
        for event in events
    ]
    headings = [pgettext("table", "No."), _("Lot"), pgettext("announcement", "Withdrawn at"), _("Reason")]
    return Table(
        headings, rows, heading=_("Withdrawn since the announcement, and not offered any more"), widths=(3, 16, 9, 16)
    )
