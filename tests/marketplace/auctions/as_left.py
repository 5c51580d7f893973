"""Rows as the real actions leave them, written at once: what most tests begin with and few are about.

`test_as_left.py` holds them against those that the actions write, field by field and entry by entry.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone

from marketplace.auctions import declaration, sealing
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.drawing import draw_number, payment_reference
from marketplace.auctions.ladder import instant
from marketplace.auctions.models import AuctionSession, BidderRegistration, Deposit, Lot
from marketplace.auctions.numbering import next_number
from marketplace.auctions.object_parts import require_parts
from marketplace.auctions.record import announcement_of, commitment
from marketplace.auctions.registering import takes_applications
from marketplace.auctions.verifier import fingerprint
from marketplace.core import clock
from marketplace.core.codes import new_code
from marketplace.core.journal import Entry, Kind, committed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


@transaction.atomic(savepoint=False)
def announced(
    sold: ResearchOutcome,
    *,
    by: User,
    publisher: User,
    host: Organisation,
    reserve: int | None,
    session_facts: dict[str, Any],
    **facts: Any,
) -> Lot:
    """Return the one lot of a session that is planned, reviewed and announced at this instant."""
    now = clock.now()
    require_parts(facts["mode"], facts["object_parts"], is_practice=False)
    assert reserve is None or reserve >= facts["start_price"]
    session = _planned(host, by=by, starts_at=facts["starts_at"], at=now, **session_facts)
    lot = _lot_of(session, sold, reserve=reserve, at=now, **facts)
    sold.state = sold.State.RESERVED
    sold.save(update_fields=["state"])
    session.announcement = announcement_of(session, [lot]) | {"announced_at": instant(now)}
    session.announcement_hash = fingerprint(session.announcement)
    session.announced_at, session.state = now, session.State.REGISTRATION
    session.save(update_fields=["announcement", "announcement_hash", "announced_at", "state"])
    record(
        entry(Kind.SESSION_PLANNED, session, by, number=session.number),
        entry(Kind.OUTCOME_RESERVED, sold, by, came_from="available"),
        entry(Kind.LOT_DRAFTED, lot, by, number=lot.number, start_price=lot.start_price),
        entry(Kind.LOT_SUBMITTED, lot, publisher, sold.owner, reserve=lot.has_reserve),
        entry(Kind.LOT_REVIEWED, lot, by, approved=True),
        entry(Kind.SESSION_MOVED, session, by, state="reviewed"),
        entry(Kind.SESSION_ANNOUNCED, session, by, lots=1, hash=session.announcement_hash),
    )
    return lot


def _planned(host: Organisation, *, by: User, starts_at: datetime, at: datetime, **facts: Any) -> AuctionSession:
    return AuctionSession.objects.create(
        number=next_number("OLP", AuctionSession.objects.all(), year=timezone.localdate(at).year),
        organiser=host,
        title="样例专场",
        starts_at=starts_at,
        registration_closes_at=starts_at,
        planned_by=by,
        planned_at=at,
        **facts,
    )


def _lot_of(session: AuctionSession, sold: ResearchOutcome, *, reserve: int | None, at: datetime, **facts: Any) -> Lot:
    number = next_number("OH", Lot.objects.all(), year=timezone.localdate(at).year)
    is_sealed = facts["format"] == Lot.Format.SEALED
    secret = {}
    if reserve is not None:
        nonce = new_code() + new_code()
        secret = {
            "reserve_commitment": commitment(number, reserve, nonce),
            "reserve_sealed": sealing.seal(number, reserve, nonce),
        }
    return Lot.objects.create(
        number=number,
        session=session,
        outcome=sold,
        position=1,
        deposit=facts["start_price"] * session.deposit_percent // 100,
        increment_ladder=session.increment_ladder,
        extension_window=session.extension_window,
        most_extensions=0 if is_sealed else session.most_extensions,
        sells_to_single_bidder=session.sells_to_single_bidder,
        call_pause=timedelta(seconds=settings.AUCTION_CALL_PAUSE),
        announced_at=at,
        sealed_key=sealing.new_lot_key(number) if is_sealed else None,
        state=Lot.State.ANNOUNCED,
        **secret,
        **facts,
    )


@transaction.atomic(savepoint=False)
def qualified(
    lot: Lot, firm: Organisation, *, agent: User, by: User, finance: User, rank: int | None = None
) -> BidderRegistration:
    """Return the registration of a firm that applies, is admitted, pays and gets its number at this instant.

    It has its own copy of the lot, without the rows the lot points to.
    """
    now = clock.now()
    assert takes_applications(lot, now)
    reference = payment_reference(lot)
    deposit = Deposit.objects.create(
        session_id=lot.session_id,
        lot_id=lot.pk,
        organisation_id=firm.pk,
        state=Deposit.State.HELD,
        amount=lot.deposit,
        due_at=lot.session.registration_closes_at,
        reference=reference,
        received=lot.deposit,
        received_at=now,
        bank_reference=f"BANK-{reference}",
    )
    registration = BidderRegistration.objects.create(
        lot=_alone(lot),
        organisation=firm,
        agent=agent,
        state=BidderRegistration.State.QUALIFIED,
        alias=draw_number(lot),
        priority_rank=rank,
        declared_at=now,
        declared_by_id=agent.pk,
        declaration_version=declaration.VERSION,
        deposit=deposit,
        decided_by_id=by.pk,
        decided_at=now,
        applied_at=now,
    )
    missing = [kind.value for kind in ASKED_ALWAYS]
    record(
        entry(Kind.REGISTRATION_APPLIED, registration, agent, firm, lot=lot.number),
        entry(Kind.REGISTRATION_ADMITTED, registration, by, deposit=deposit.amount, missing=missing),
        entry(Kind.DEPOSIT_RECEIVED, deposit, finance, amount=deposit.amount),
        entry(Kind.REGISTRATION_QUALIFIED, registration, by, lot=lot.number),
    )
    return registration


def _alone(lot: Lot) -> Lot:
    names = [field.attname for field in Lot._meta.concrete_fields]
    return Lot.from_db(lot._state.db, names, [getattr(lot, name) for name in names])


def entry(kind: Kind, subject: models.Model, by: User, on_behalf_of: Organisation | None = None, **data: Any) -> Entry:
    """Return an entry of the journal that is yet to be written."""
    return Entry(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        actor=by,
        on_behalf_of=on_behalf_of,
        data=data,
        recorded_at=clock.now(),
    )


def record(*entries: Entry) -> None:
    """Write entries together and announce each, as `journal.record` does one by one."""
    for written in Entry.objects.bulk_create(entries):
        transaction.on_commit(lambda row=written: committed.send(Entry, entry_id=row.pk, kind=row.kind), robust=True)
