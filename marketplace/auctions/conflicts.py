"""Who may never bid on a lot (拍卖法 Art. 22-23, 30): the readable statement, and the sentence for each reason.

`conflict` is pure; `bidder_conflict` in bidding.sql says the same where bids are decided, and is what rules ask, so
that a button, a form and a bid cannot differ. Property tests hold the two together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from marketplace.organisations.models import Organisation, User

if TYPE_CHECKING:
    from marketplace.auctions.models import Lot

SENTENCES = {
    "seller": _("The seller does not bid on its own lot."),
    "related": _("Your organisation and the seller are related parties, so it cannot bid on this lot."),
    "host": _("Who holds the session does not bid in it."),
    "host_related": _("Your organisation and whoever holds the session are related parties, so it cannot bid in it."),
    "insider": _("People of the seller, of whoever holds the session, and its staff do not bid, for anybody."),
    "co_owner": _("Your organisation co-owns what is sold, so it bids only by a priority right it is listed with."),
    "defaulted": _("Your organisation defaulted on this outcome before, so it cannot bid on it again."),
    "barred": _("Your organisation was found not to be entitled to bid on this outcome, so it cannot bid on it."),
}


@dataclass(frozen=True)
class Body:
    """An organisation, and the credit codes it declared as related parties."""

    uscc: str
    declared: frozenset[str] = frozenset()

    def is_related_to(self, other: "Body") -> bool:
        return other.uscc in self.declared or self.uscc in other.declared


@dataclass(frozen=True)
class Ties:
    """What is known between a bidder and a lot."""

    bidder: Body
    seller: Body
    hosts: frozenset[Body]  # organiser and auction company
    agent_is_inside: bool = False  # of seller or hosts, or staff of the session
    co_owns: bool = False
    has_priority: bool = False  # listed, and not waived
    bars: frozenset[str] = field(default_factory=frozenset)  # states of its barred registrations for the outcome


def conflict(ties: Ties) -> str:
    """Return the code of what stands against a bidder for good, or ""; a co-owner with a priority right may buy.

    The order is that of weight: who sells before who is related to it (民法典 Art. 305 for the co-owner).
    """
    bidder, seller = ties.bidder, ties.seller
    checks = {
        "seller": bidder.uscc == seller.uscc,
        "related": bidder.is_related_to(seller),
        "host": bidder.uscc in {host.uscc for host in ties.hosts},
        "host_related": any(bidder.is_related_to(host) for host in ties.hosts),
        "insider": ties.agent_is_inside,
        "co_owner": ties.co_owns and not ties.has_priority,
        "defaulted": "forfeited" in ties.bars,
        "barred": bool(ties.bars),
    }
    return next((code for code, stands in checks.items() if stands), "")


def conflict_code(organisation: Organisation, lot: "Lot", agent: User | None = None) -> str:
    """Return the code of what the database finds between an organisation, its agent and a lot, or ""."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bidder_conflict(%s, %s, %s)", [organisation.pk, agent.pk if agent is not None else None, lot.pk]
        )
        return cursor.fetchone()[0]


def conflicts_of(organisation: Organisation, lots: Sequence["Lot"], agent: User | None = None) -> dict[int, str]:
    """Return what `conflict_of` says of each of several lots, by lot and in one query; who may bid on one misses it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lot, bidder_conflict(%s, %s, lot) FROM unnest(%s::bigint[]) AS lot",
            [organisation.pk, agent.pk if agent is not None else None, [lot.pk for lot in lots]],
        )
        return {lot: str(SENTENCES[code]) for lot, code in cursor.fetchall() if code}


def conflict_of(organisation: Organisation, lot: "Lot", agent: User | None = None) -> str | None:
    """Return in a sentence why an organisation, spoken for by `agent`, may never bid on this lot, or None."""
    code = conflict_code(organisation, lot, agent)
    return str(SENTENCES[code]) if code else None
