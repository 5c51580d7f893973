"""Talking and ending: notes and meetings, files, termination, completion, and the way behind the contract."""

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from marketplace.core import clock, files, journal
from marketplace.core.files import File
from marketplace.core.journal import Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import require
from marketplace.deals import rules
from marketplace.deals.models import Deal
from marketplace.deals.parts import DealNote, PriceProposal
from marketplace.deals.publishing import stop_price_publicity
from marketplace.deals.refusals import MeetingInFuture, NothingSaid, ReasonMissing
from marketplace.organisations.models import Organisation, User


def _require_sayable(text: str, met_on: date | None, *, at: datetime) -> None:
    if not text.strip():
        raise NothingSaid()
    if met_on is not None and met_on > timezone.localdate(at):
        raise MeetingInFuture(day=met_on.isoformat())


@transaction.atomic
def add_note(
    deal: Deal,
    *,
    by: User,
    organisation: Organisation | None,
    text: str,
    is_shared: bool = True,
    met_on: date | None = None,
    participants: str = "",
) -> DealNote:
    """Write a note, or with `met_on` the record of a meeting; for everybody in the deal or the own side only.

    Raises NothingSaid, MeetingInFuture, DealEnded. The journal says that, not what, was written.
    """
    deal.lock()
    now = clock.now()
    require(rules.add_note, by, deal, organisation=organisation)
    deal.require_open()
    _require_sayable(text, met_on, at=now)
    side = deal.side_of(organisation)
    behalf = organisation if side is not None else None
    note = DealNote(deal=deal, text=text.strip(), is_shared=is_shared, organisation=behalf)
    if met_on is not None:
        note.kind, note.met_on, note.participants = DealNote.Kind.MEETING, met_on, participants.strip()
    note.written_by, note.written_at = by, now
    note.save()
    kind = Kind.DEAL_NOTED if met_on is None else Kind.DEAL_MET
    journal.record(kind, deal, by=by, on_behalf_of=behalf, note=note.pk, is_shared=is_shared, side=side or "broker")
    return note


@transaction.atomic
def add_deal_file(
    deal: Deal, *, by: User, organisation: Organisation | None, upload: UploadedFile, purpose: str
) -> File:
    """Keep a file for everybody in the deal (`purpose`: nda, term_sheet or other); reading it is recorded.

    Raises UnwantedType, TooLarge, EmptyFile, DealEnded.
    """
    deal.lock()
    require(rules.add_deal_file, by, deal, organisation=organisation)
    deal.require_open()
    file = files.keep(upload, subject=deal, by=by, purpose=purpose, confidential=True)
    behalf = organisation if deal.side_of(organisation) is not None else None
    journal.record(Kind.FILE_ADDED, deal, by=by, on_behalf_of=behalf, file=file.code, purpose=purpose)
    return file


@transaction.atomic
def terminate_deal(deal: Deal, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """End a deal without completion; the other side reads the reason. Raises ReasonMissing, WrongState."""
    deal.lock()
    now = clock.now()
    require(rules.terminate_deal, by, deal, organisation=organisation)
    if not reason.strip():
        raise ReasonMissing()
    _terminate(deal, at=now, by=by, organisation=organisation, reason=reason.strip())


def _terminate(deal: Deal, *, at: datetime, by: User, organisation: Organisation | None, reason: str) -> None:
    came_from = deal.state
    deal.enter(Deal.State.TERMINATED, at=at)
    deal.termination_reason, deal.terminated_by = reason, by
    deal.save()
    deal.price_proposals.filter(fate=PriceProposal.Fate.STANDING).update(fate=PriceProposal.Fate.DROPPED)
    stop_price_publicity(deal, by=by)
    journal.record(Kind.DEAL_TERMINATED, deal, by=by, on_behalf_of=organisation, came_from=came_from)


@transaction.atomic
def end_deal_of_sale(lot_number: str, *, by: User, reason: str) -> None:
    """End the deal of a lot whose buyer defaulted; nothing is to be done where it ended or was never opened.

    Called by auctions, whose rule was asked. Raises WrongState once the contract was sent to the registrars.
    """
    deal = Deal.objects.filter(lot_number=lot_number).first()
    if deal is None:
        return
    deal.lock()
    now = clock.now()
    if deal.state == Deal.State.TERMINATED:
        return
    if deal.state not in (Deal.State.PUBLICITY, Deal.State.CONTRACT):
        raise WrongState(state=deal.get_state_display())
    _terminate(deal, at=now, by=by, organisation=None, reason=reason)


@transaction.atomic
def end_price_publicity(lot_number: str, *, by: User | None) -> None:
    """Lead the deal of a sold lot from the publicity of its price to the contract; a deal that ended stays ended.

    Called by auctions when the publicity of the result ended without an upheld objection.
    """
    deal = Deal.objects.get(lot_number=lot_number)
    deal.lock()
    now = clock.now()
    if deal.state != Deal.State.PUBLICITY:
        return
    deal.enter(Deal.State.CONTRACT, at=now)
    deal.save()
    journal.record(Kind.DEAL_MOVED, deal, by=by, to=str(deal.state))


@transaction.atomic
def finish_deal(deal: Deal, *, by: User, organisation: Organisation | None) -> None:
    """Confirm, for the buyer, that what was agreed has been delivered. Raises WrongState before registration."""
    deal.lock()
    now = clock.now()
    require(rules.finish_deal, by, deal, organisation=organisation)
    deal.enter(Deal.State.DONE, at=now)
    deal.save()
    journal.record(Kind.DEAL_MOVED, deal, by=by, on_behalf_of=organisation, to=deal.state)


@transaction.atomic
def follow_contract(deal: Deal, *, to: str, by: User | None, organisation: Organisation | None = None) -> None:
    """Move the deal where its contract went: registration when sent, contract when returned, performance when
    registered. Called by actions of contracts, whose rule was asked. Raises WrongState.
    """
    deal.lock()
    now = clock.now()
    if to not in (Deal.State.CONTRACT, Deal.State.REGISTRATION, Deal.State.PERFORMANCE):
        raise ValueError(f"A contract does not lead a deal to {to}.")
    deal.enter(to, at=now)
    deal.reopening_asked_by = ""
    deal.save()
    journal.record(Kind.DEAL_MOVED, deal, by=by, on_behalf_of=organisation, to=str(to))
