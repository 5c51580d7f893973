"""Confidentiality between the two sides of a deal, and what it opens."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.holding import hold_with_outcome
from marketplace.deals.models import Deal, Side
from marketplace.deals.parts import NdaAcceptance
from marketplace.deals.refusals import NdaAccepted, NdaOutdated
from marketplace.needs.actions import disclose_need
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.availability import disclose_outcome
from marketplace.outcomes.parts import Disclosure

VERSION = "2026-1"  # of the terms in deals/nda_terms.html
YEARS = 3  # the terms of this version hold, from the day both sides have accepted


def ends_on(deal: Deal) -> date | None:
    """Return the last day on which confidentiality binds both sides, or None while one has not accepted."""
    accepted = deal.nda_acceptances.all()
    if len(accepted) < len(Side):
        return None
    since = timezone.localdate(max(row.accepted_at for row in accepted))
    year, is_leap_day = since.year + YEARS, (since.month, since.day) == (2, 29)
    return date(year, 2, 28) if is_leap_day else since.replace(year=year)


def keep_acceptance(deal: Deal, side: Side | str, *, by: User, at: datetime) -> None:
    """Write down that a side accepted the terms at `at`; once both have, each learns what the other kept.

    The buyer may read the confidential part then, and the seller learns who stands behind an anonymous need. The caller
    holds the outcome and the deal. Raises NdaAccepted.
    """
    acceptance = NdaAcceptance(deal=deal, side=side, version=VERSION, accepted_by=by, accepted_at=at)
    try:
        with transaction.atomic():
            acceptance.save()
    except IntegrityError as error:
        raise NdaAccepted() from error
    journal.record(Kind.DEAL_NDA_ACCEPTED, deal, by=by, on_behalf_of=deal.party(side), side=str(side), version=VERSION)
    if deal.nda_acceptances.count() == len(Side):
        disclose_outcome(deal.outcome, deal.buyer, Disclosure.Stage.NDA, by=by)
        if deal.need is not None:
            disclose_need(deal.need, organisation=deal.seller, by=by)


@transaction.atomic
def accept_nda(deal: Deal, *, by: User, organisation: Organisation | None, version: str = VERSION) -> None:
    """Accept the confidentiality terms for one side. Raises NdaAccepted, NdaOutdated, DealEnded."""
    hold_with_outcome(deal)
    now = clock.now()
    require(rules.accept_nda, by, deal, organisation=organisation)
    deal.require_open()
    if version != VERSION:
        raise NdaOutdated()
    keep_acceptance(deal, deal.side_of(organisation) or "", by=by, at=now)
