"""The verbs of a data room: put in a document, withdraw one, accept the words of confidentiality, enter, open."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_rooms
from marketplace.auctions.data_room import PURPOSE, TERMS, has_accepted, reads_room_anyway, takes_documents, why_closed
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import Lot, RoomAcceptance, RoomDocument
from marketplace.auctions.reasons import require_reason
from marketplace.core import files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User

MOST = 50  # documents of one room
LONGEST_TITLE = 120


class BiddingRuns(Refused):
    message = _("Bidding on this lot has begun. Its data room stays as bidders have read it.")


class RoomFull(Refused):
    message = _("A data room holds %(most)s documents at most.")
    field = "file"


class TitleMissing(Refused):
    message = _("Say what the document is, in at most %(most)s characters.")
    field = "title"


class OtherTerms(Refused):
    message = _("The words of confidentiality have changed. Read them again, then accept them.")


class TermsAccepted(Refused):
    message = _("Your organisation has accepted these words already.")


class RoomClosed(Refused):
    message = "%(reason)s"


class TermsFirst(Refused):
    message = _("Accept the words of confidentiality for your organisation first.")


class DocumentWithdrawn(Refused):
    message = _("This document was withdrawn: %(reason)s")


def _hold(lot: Lot) -> datetime:
    """Hold a lot's row, without the queue of its bids, and return the time. Raises BiddingRuns once bidding began."""
    lot.lock()
    now = lot_now()
    if not takes_documents(lot, now):
        raise BiddingRuns()
    return now


@transaction.atomic
def add_room_document(lot: Lot, *, by: User, title: str, file: UploadedFile) -> RoomDocument:
    """Put a document into a lot's data room, and return it.

    Raises TitleMissing, RoomFull, BiddingRuns, and UnwantedType, TooLarge or EmptyFile by the content of the file.
    """
    now = _hold(lot)
    require(rules_of_rooms.add_room_document, by, lot)
    title = title.replace("\x00", "").strip()
    if not title or len(title) > LONGEST_TITLE:
        raise TitleMissing(most=LONGEST_TITLE)
    if lot.room_documents.standing().count() >= MOST:
        raise RoomFull(most=MOST)
    kept = files.keep(file, subject=lot, by=by, purpose=PURPOSE, confidential=True)
    document = RoomDocument.objects.create(lot=lot, title=title, file=kept, added_by=by, added_at=now)
    journal.record(Kind.ROOM_DOCUMENT_ADDED, lot, by=by, document=document.code, sha256=kept.sha256)
    return document


@transaction.atomic
def withdraw_room_document(document: RoomDocument, *, by: User, reason: str) -> None:
    """Withdraw a document, with the reason its readers see; it stays, and the log of who read it too."""
    now = _hold(document.lot)
    document.lock()
    require(rules_of_rooms.withdraw_room_document, by, document)
    reason = require_reason(reason)
    if document.withdrawn_at is not None:
        raise WrongState(state=_("withdrawn"))
    document.withdrawn_by, document.withdrawn_at, document.withdrawn_reason = by, now, reason
    document.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    journal.record(Kind.ROOM_DOCUMENT_WITHDRAWN, document.lot, by=by, document=document.code)


@transaction.atomic
def accept_room_terms(lot: Lot, *, by: User, organisation: Organisation | None, version: str) -> RoomAcceptance:
    """Bind an organisation by the words of confidentiality of a lot's data room, in the version that was shown."""
    lot.lock()
    now = lot_now()
    require(rules_of_rooms.accept_room_terms, by, lot, organisation)
    if version != TERMS:
        raise OtherTerms()
    assert organisation is not None  # noqa: S101  # the rule refuses without one
    acceptance = RoomAcceptance(lot=lot, organisation=organisation, version=version, accepted_by=by, accepted_at=now)
    try:
        with transaction.atomic():
            acceptance.save()
    except IntegrityError as error:
        raise TermsAccepted() from error
    journal.record(Kind.ROOM_ACCEPTED, lot, by=by, on_behalf_of=organisation, version=version)
    return acceptance


def require_entry(lot: Lot, *, by: User, organisation: Organisation | None) -> None:
    """Refuse who may not read in a lot's data room now: RoomClosed with the days, TermsFirst, or the rule's reason.

    The seller and staff who read everything confidential come in on any day, without accepting anything.
    """
    require(rules_of_rooms.see_room, by, lot, organisation)
    if reads_room_anyway(by, lot):
        return
    reason = why_closed(lot, lot_now())
    if reason:
        raise RoomClosed(reason=reason)
    if not has_accepted(lot, organisation):
        raise TermsFirst()


@transaction.atomic
def enter_room(lot: Lot, *, by: User, organisation: Organisation | None) -> list[RoomDocument]:
    """Return the documents of a room, the withdrawn ones too; that they were listed is recorded first."""
    require_entry(lot, by=by, organisation=organisation)
    journal.record(Kind.ROOM_LISTED, lot, by=by, on_behalf_of=_for(organisation, by, lot))
    return list(lot.room_documents.select_related("file", "lot"))


@transaction.atomic
def open_room_document(document: RoomDocument, *, by: User, organisation: Organisation | None) -> None:
    """Record that somebody is given a document of a room, or refuse."""
    lot = document.lot
    require_entry(lot, by=by, organisation=organisation)
    if document.withdrawn_at is not None:
        raise DocumentWithdrawn(reason=document.withdrawn_reason)
    journal.record(
        Kind.ROOM_FILE_READ,
        lot,
        by=by,
        on_behalf_of=_for(organisation, by, lot),
        document=document.code,
        sha256=document.file.sha256,
    )


def _for(organisation: Organisation | None, by: User, lot: Lot) -> Organisation | None:
    """Return for whom one reads: staff of the platform read for the platform, people of the seller for the seller."""
    if by.acts_for(lot.outcome.owner_id):
        return lot.outcome.owner
    return None if reads_room_anyway(by, lot) else organisation


@transaction.atomic
def read_room_log(lot: Lot, *, by: User) -> None:
    """Record that somebody was shown who read a data room."""
    require(rules_of_rooms.see_room_log, by, lot)
    journal.record(Kind.ROOM_LOG_READ, lot, by=by)
