"""Telling bidders that they are no longer ahead: once for each time it happens, from the lot's own events."""

from django.db import transaction
from django.db.models import Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from marketplace.auctions.models import BidderRegistration, Lot, LotEvent
from marketplace.core import journal
from marketplace.core.journal import Entry, Kind


def outbid() -> QuerySet[BidderRegistration]:
    """Return the bidders of open lots who bid since they were last told, and do not lead any more.

    Whose last bid was voided was not outbid.
    """
    own_bids = LotEvent.objects.filter(
        lot=OuterRef("lot"), alias=OuterRef("alias"), kind__in=["bid", "priority_match"]
    ).order_by()
    last = own_bids.values("alias").annotate(last=Max("seq")).values("last")
    voids = LotEvent.objects.filter(lot=OuterRef("lot"), kind="voided").order_by()
    voids = voids.annotate(voided=Cast(KT("payload__seq"), IntegerField())).filter(voided=OuterRef("last_bid"))
    return (
        BidderRegistration.objects.filter(lot__state=Lot.State.OPEN, state=BidderRegistration.State.QUALIFIED)
        .exclude(lot__leader=F("pk"))
        .annotate(last_bid=Subquery(last))
        .filter(~Exists(voids), last_bid__gt=F("told_of_seq"))
    )


def secret_entries() -> QuerySet[Entry]:
    """Return the entries staff may not see yet: beside the public record they would tell who bids as which number."""
    secret = BidderRegistration.objects.filter(lot__state__in=Lot.SECRET).values("pk")
    return Entry.objects.filter(kind=Kind.REGISTRATION_OUTBID, subject_id__in=secret)


@transaction.atomic
def note_outbid(registration: BidderRegistration) -> None:
    """Record that a bidder was outbid; whoever is to be told follows from the entry."""
    registration.lock()
    lot = registration.lot
    lot.refresh_from_db()
    if lot.leader_id == registration.pk or registration.told_of_seq >= lot.seq:
        return
    registration.told_of_seq = lot.seq
    registration.save(update_fields=["told_of_seq"])
    journal.record(Kind.REGISTRATION_OUTBID, registration, by=None, lot=lot.number, price=lot.price, seq=lot.seq)
