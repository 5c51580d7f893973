"""Talking in a deal: notes and meetings with what is attached, documents in versions, term sheets."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from marketplace.core import clock, files, journal
from marketplace.core.files import PDF, File
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.core.watermark import require_markable
from marketplace.deals import rules
from marketplace.deals.holding import hold_with_broker
from marketplace.deals.models import Deal
from marketplace.deals.own_side import broker_of_side, side_of_writer
from marketplace.deals.parts import DealNote
from marketplace.deals.refusals import (
    MeetingInFuture,
    NothingSaid,
    OutcomeWithoutMeeting,
    SubjectMissing,
    TermsUnchanged,
)
from marketplace.deals.room import DealPaper, From, TermSheet
from marketplace.organisations.models import Organisation, User


def unsayable(text: str, met_on: date | None, outcome: str, *, at: datetime) -> Iterator[Refused]:
    """Yield everything that is wrong with a note: NothingSaid, MeetingInFuture, OutcomeWithoutMeeting."""
    if not text.strip():
        yield NothingSaid()
    if met_on is not None and met_on > timezone.localdate(at):
        yield MeetingInFuture(day=met_on.isoformat())
    if outcome and met_on is None:
        yield OutcomeWithoutMeeting()


def require_keepable(upload: UploadedFile) -> None:
    """Refuse what a deal does not keep: a wrong kind or size, and a PDF whose readers could not be marked.

    Raises UnwantedType, TooLarge, EmptyFile, NotMarkable, TooManyPages.
    """
    if files.sniff(upload) == PDF:
        require_markable(upload.read())
        upload.seek(0)


def _keep(upload: UploadedFile, *, subject: Deal | DealNote, by: User, purpose: str) -> File:
    """Keep a confidential file; a PDF is one whose readers can be marked."""
    require_keepable(upload)
    return files.keep(upload, subject=subject, by=by, purpose=purpose, confidential=True)


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
    outcome: str = "",
    attached: Iterable[UploadedFile] = (),
) -> DealNote:
    """Write a note, or with `met_on` the record of a meeting; for everybody in the deal or the own side only.

    Raises NothingSaid, MeetingInFuture, OutcomeWithoutMeeting, DealEnded, and what keeping a file raises.
    The journal says that, not what, was written.
    """
    hold_with_broker(deal, by=by)
    now = clock.now()
    require(rules.add_note, by, deal, organisation=organisation)
    deal.require_open()
    for refusal in unsayable(text, met_on, outcome, at=now):
        raise refusal
    side = deal.side_of(organisation)
    behalf = organisation if side is not None else None
    note = DealNote(deal=deal, text=text.strip(), is_shared=is_shared, organisation=behalf)
    if met_on is not None:
        note.kind, note.met_on, note.participants = DealNote.Kind.MEETING, met_on, participants.strip()
        note.outcome = outcome
    if not is_shared and (own := side_of_writer(deal, by, organisation)) is not None:
        note.own_side, note.with_broker = own, broker_of_side(deal, own)
    note.written_by, note.written_at = by, now
    note.save()
    for upload in attached:
        _attach(upload, note, by=by)
    kind, held = (Kind.DEAL_NOTED, {}) if met_on is None else (Kind.DEAL_MET, {"met_on": met_on.isoformat()})
    facts = {"note": note.pk, "is_shared": is_shared, "side": side or "broker", **held}
    journal.record(kind, deal, by=by, on_behalf_of=behalf, **facts)
    return note


def _attach(upload: UploadedFile, note: DealNote, *, by: User) -> None:
    try:
        _keep(upload, subject=note, by=by, purpose="attachment")
    except Refused as refusal:
        refusal.field = "attached"
        raise


@transaction.atomic
def add_deal_file(
    deal: Deal, *, by: User, organisation: Organisation | None, upload: UploadedFile, purpose: str, title: str = ""
) -> File:
    """Keep a document for everybody in the deal (`purpose`: nda, term_sheet or other); reading it is recorded.

    The same title by the same side is the next version. Raises UnwantedType, TooLarge, EmptyFile, NotMarkable,
    TooManyPages, DealEnded.
    """
    hold_with_broker(deal, by=by)
    require(rules.add_deal_file, by, deal, organisation=organisation)
    deal.require_open()
    file = _keep(upload, subject=deal, by=by, purpose=purpose)
    side = From(deal.side_of(organisation) or From.BROKER)
    title = " ".join(title.split()) or file.name
    before = DealPaper.objects.filter(deal=deal, side=side, title=title).aggregate(newest=Max("version"))["newest"]
    paper = DealPaper.objects.create(deal=deal, file=file, side=side, title=title, version=(before or 0) + 1)
    behalf = organisation if deal.side_of(organisation) is not None else None
    facts = {"file": file.code, "purpose": purpose, "version": paper.version}
    journal.record(Kind.FILE_ADDED, deal, by=by, on_behalf_of=behalf, **facts)
    return file


@transaction.atomic
def write_terms(deal: Deal, *, by: User, organisation: Organisation | None, **clauses: str) -> TermSheet:
    """Write the next version of the term sheet; earlier ones stay.

    Raises SubjectMissing, TermsUnchanged, DealEnded.
    """
    hold_with_broker(deal, by=by)
    now = clock.now()
    require(rules.write_terms, by, deal, organisation=organisation)
    deal.require_open()
    said = {name: clauses.get(name, "").replace("\x00", "").strip() for name in TermSheet.CLAUSES}
    if not said["subject"]:
        raise SubjectMissing()
    newest = deal.term_sheets.first()
    if newest is not None and all(getattr(newest, name) == text for name, text in said.items()):
        raise TermsUnchanged(version=newest.version)
    side = deal.side_of(organisation)
    sheet = TermSheet(deal=deal, version=newest.version + 1 if newest else 1, written_by=by, written_at=now, **said)
    sheet.side = side or From.BROKER
    sheet.save()
    behalf = organisation if side is not None else None
    journal.record(Kind.DEAL_TERMS_WRITTEN, deal, by=by, on_behalf_of=behalf, version=sheet.version)
    return sheet
