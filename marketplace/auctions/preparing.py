"""A lot before its bidding: drafted from an outcome, agreed to by the seller, reviewed by the organiser."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules, sealing
from marketplace.auctions.burdens import require_trials_named
from marketplace.auctions.consent import require_consent
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.numbering import next_number
from marketplace.auctions.object_parts import require_parts
from marketplace.auctions.priority import outdate_invitations
from marketplace.auctions.reasons import require_reason
from marketplace.auctions.record import commitment, lot_terms
from marketplace.auctions.relisting import require_relist_price
from marketplace.auctions.verifier import fingerprint
from marketplace.core import clock, journal
from marketplace.core.codes import new_code
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.availability import release_outcome, reserve_outcome
from marketplace.outcomes.co_ownership import CoOwnership
from marketplace.outcomes.models import ResearchOutcome


class BeforeItsSession(Refused):
    message = _("The session begins on %(begins)s; bidding on its lots begins then or later.")
    field = "starts_at"


class EndsBeforeItBegins(Refused):
    message = _("Bidding ends after it begins.")
    field = "ends_at"


class AlreadyInSale(Refused):
    message = _("This outcome is in a sale already.")
    field = "outcome"


class TermsChanged(Refused):
    message = _("The terms were changed after you opened this page. Read them as they stand now, and agree again.")


class ReserveTooLow(Refused):
    message = _("A reserve below the start price has no effect. Leave it empty or set it at or above the start price.")
    field = "reserve"


def outcomes_to_add() -> QuerySet[ResearchOutcome]:
    """Return the outcomes an organiser may bring into a session that takes lots: `rules.add_lot` as a query."""
    outcomes = ResearchOutcome.objects.filter(live=True, state="available", owner__state="verified")
    priced = Deal.objects.open().filter(outcome=OuterRef("pk"), pricing_mode__in=rules.PRICED_OTHERWISE)
    objecting = CoOwnership.objects.objecting().filter(outcome=OuterRef("pk"))
    return outcomes.exclude(Exists(priced)).exclude(Exists(objecting))


@transaction.atomic
def add_lot(
    session: AuctionSession,
    *,
    by: User,
    outcome: ResearchOutcome,
    start_price: int,
    starts_at: datetime,
    ends_at: datetime,
    **facts: Any,
) -> Lot:
    """Draft a lot from an outcome, with the session's terms, and reserve the outcome. Amounts in fen.

    `facts` are further fields of Lot: what is sold (`mode`, `object_of_sale`), its defects, the `format` of bidding.
    """
    session.lock()
    outcome.lock()
    year = clock.today().year
    require(rules.add_lot, by, session, outcome)
    for refusal in unfit_terms(session, outcome=outcome, start_price=start_price, starts_at=starts_at, ends_at=ends_at):
        raise refusal
    if not session.is_practice:
        require_trials_named(outcome, facts.get("defects", ""))
    times = {"starts_at": starts_at, "ends_at": ends_at}
    lot = _draft(session, outcome=outcome, start_price=start_price, year=year, **times, **facts)
    if not session.is_practice:
        reserve_outcome(outcome, by=by)
    if session.state != session.State.COLLECTING:
        session.move_to(session.State.COLLECTING)
        session.save(update_fields=["state"])
    journal.record(Kind.LOT_DRAFTED, lot, by=by, number=lot.number, start_price=start_price)
    return lot


def unfit_terms(
    session: AuctionSession,
    *,
    outcome: ResearchOutcome | None,
    start_price: int | None,
    starts_at: datetime | None,
    ends_at: datetime | None,
) -> Iterator[Refused]:
    """Yield every reason why a lot on these terms does not fit its session; what is None is not known yet."""
    if starts_at is None:
        return
    if starts_at < session.starts_at:
        yield BeforeItsSession(begins=f"{timezone.localtime(session.starts_at):%Y-%m-%d %H:%M}")
    if ends_at is not None and ends_at <= starts_at:
        yield EndsBeforeItBegins()
    if outcome is not None and start_price is not None:
        try:
            require_relist_price(outcome, start_price=start_price, starts_at=starts_at)
        except Refused as refusal:
            yield refusal


def _draft(session: AuctionSession, *, start_price: int, year: int, **facts: Any) -> Lot:
    """Save a lot that takes over what its session lays down. Raises AlreadyInSale."""
    is_sealed = facts.get("format") == Lot.Format.SEALED
    lot = Lot(
        number=next_number("OH", Lot.objects.all(), year=year),
        session=session,
        is_practice=session.is_practice,
        position=session.lots.count() + 1,
        start_price=start_price,
        deposit=start_price * session.deposit_percent // 100,
        increment_ladder=session.increment_ladder,
        extension_window=session.extension_window,
        most_extensions=0 if is_sealed else session.most_extensions,
        sells_to_single_bidder=session.sells_to_single_bidder,
        call_pause=timedelta(seconds=settings.AUCTION_CALL_PAUSE),
        **facts,
    )
    try:
        with transaction.atomic():
            lot.save()
    except IntegrityError as error:
        raise AlreadyInSale() from error
    return lot


def terms_seen(lot: Lot) -> str:
    """Return the fingerprint of a lot's terms, so that a seller agrees to those it read and to no others."""
    return fingerprint(lot_terms(lot))


@transaction.atomic
def submit_lot(
    lot: Lot,
    *,
    by: User,
    organisation: Organisation,
    reserve: int | None = None,
    object_parts: Mapping[str, str] | None = None,
    seen: str = "",
) -> None:
    """The seller agrees to the terms, seals its secret reserve (fen) if it wants one, and asks for review.

    `object_parts` replace those of the draft where the seller completes them; holders of priority rights who were told
    of others are to be told anew. `seen` is what `terms_seen` said of the terms the seller read; without it nothing is
    compared. Raises PartsMissing, TermsChanged, CoOwnerObjects.
    """
    lot.lock()
    now = clock.now()
    require(rules.submit_lot, by, lot, organisation)
    lot.move_to(lot.State.REVIEW)
    if seen and seen != terms_seen(lot):
        raise TermsChanged()
    require_consent([lot])
    are_other_parts = object_parts is not None and dict(object_parts) != lot.object_parts
    lot.object_parts = lot.object_parts if object_parts is None else dict(object_parts)
    require_parts(lot.mode, lot.object_parts, is_practice=lot.is_practice)
    lot.reserve_commitment, lot.reserve_sealed, lot.note = "", None, ""
    if reserve is not None:
        if reserve < lot.start_price:
            raise ReserveTooLow()
        nonce = new_code() + new_code()
        lot.reserve_commitment = commitment(lot.number, reserve, nonce)
        lot.reserve_sealed = sealing.seal(lot.number, reserve, nonce)
    lot.save(update_fields=["state", "object_parts", "reserve_commitment", "reserve_sealed", "note"])
    facts: dict[str, Any] = {"reserve": lot.has_reserve}
    if are_other_parts:
        facts["to_invite_anew"] = outdate_invitations(lot.priority_holders.told(), at=now)
    journal.record(Kind.LOT_SUBMITTED, lot, by=by, on_behalf_of=organisation, **facts)


@transaction.atomic
def approve_lot(lot: Lot, *, by: User) -> None:
    """The organiser finds the lot in order; with its last lot approved the session is reviewed.

    Raises PartsMissing, CoOwnerObjects.
    """
    session = lot.session
    session.lock()
    lot.lock()
    require(rules.approve_lot, by, lot)
    lot.move_to(lot.State.APPROVED)
    require_consent([lot])
    require_parts(lot.mode, lot.object_parts, is_practice=lot.is_practice)
    lot.save(update_fields=["state"])
    journal.record(Kind.LOT_REVIEWED, lot, by=by, approved=True)
    follow_reviews(session, by=by)


def follow_reviews(session: AuctionSession, *, by: User) -> None:
    """Move a held session to reviewed when each of its lots is approved, and back when one is not any more."""
    states = set(session.lots.exclude(state=Lot.State.WITHDRAWN).values_list("state", flat=True))
    is_complete = states == {Lot.State.APPROVED.value}
    if session.state == session.State.COLLECTING and is_complete:
        session.move_to(session.State.REVIEWED)
    elif session.state == session.State.REVIEWED and not is_complete:
        session.move_to(session.State.COLLECTING)
    else:
        return
    session.save(update_fields=["state"])
    journal.record(Kind.SESSION_MOVED, session, by=by, state=session.state)


@transaction.atomic
def return_lot(lot: Lot, *, by: User, reason: str) -> None:
    """The organiser sends a lot back to the seller with the reason."""
    session = lot.session
    session.lock()
    lot.lock()
    require(rules.return_lot, by, lot)
    lot.move_to(lot.State.DRAFT)
    lot.note = require_reason(reason)
    lot.save(update_fields=["state", "note"])
    journal.record(Kind.LOT_REVIEWED, lot, by=by, approved=False)
    follow_reviews(session, by=by)


def let_go(lot: Lot, *, by: User | None) -> None:
    """Make the outcome of a lot that leaves the sale available again, unless another sale holds it meanwhile."""
    if lot.is_practice:
        return  # practice lots never hold an outcome
    held = lot.outcome.lots.in_earnest().filter(state__in=Lot.HOLDING).exclude(pk=lot.pk).exists()
    if lot.outcome.state == ResearchOutcome.State.RESERVED and not held:
        release_outcome(lot.outcome, by=by)
