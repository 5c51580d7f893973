"""The append-only tables of a lot: its events, the answers given to bids, the anchors of its head."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.bidders import BidderRegistration
from marketplace.auctions.lots import Lot
from marketplace.core.constraints import PlannedCheck

OF_A_BIDDER = ["bid", "priority_match", "revealed", "sealed", "sealed_replaced", "sealed_withdrawn"]


class LotEvent(models.Model):
    """One thing that happened to a lot, chained to the one before by its hash. Written only by bidding.sql."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        BID = "bid", _("bid")
        PRIORITY_MATCH = "priority_match", _("bid by priority right")
        EXTENDED = "extended", _("extended")
        SUSPENDED = "suspended", _("suspended")
        RESUMED = "resumed", _("resumed")
        CALLED = "called", _("called")
        VOIDED = "voided", _("voided")
        SEALED = "sealed", _("bid sealed")
        SEALED_REPLACED = "sealed_replaced", _("sealed bid replaced")
        SEALED_WITHDRAWN = "sealed_withdrawn", _("sealed bid withdrawn")
        REVEALED = "revealed", _("sealed bid opened")
        CLOSED = "closed", _("closed")
        RESULT = "result", _("result")
        WITHDRAWN = "withdrawn", _("withdrawn")
        POSTPONED = "postponed", _("postponed")
        RESCHEDULED = "rescheduled", _("set to new times")

    class Source(models.TextChoices):
        ONLINE = "online", _("online")
        FLOOR = "floor", _("in the room")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="events", db_index=False)  # (lot, seq) has one
    seq = models.IntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.ONLINE)
    alias = models.CharField(max_length=8, blank=True)
    amount = models.BigIntegerField(null=True)
    arrived_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    payload = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("lot event")
        verbose_name_plural = _("lot events")
        ordering = ["lot", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "seq"], name="lot_event_seq_once"),
            models.UniqueConstraint(
                fields=["lot", "kind"],
                condition=Q(kind__in=["opened", "closed", "result", "withdrawn"]),
                name="lot_event_happens_once",
            ),
            PlannedCheck(name="lot_event_seq_from_1", condition=Q(seq__gte=1)),
            PlannedCheck(
                name="lot_event_bid_iff_amount",
                condition=(
                    Q(kind__in=["bid", "priority_match", "revealed"], amount__isnull=False, amount__gt=0) & ~Q(alias="")
                )
                | (Q(kind__in=["sealed", "sealed_replaced", "sealed_withdrawn"], amount=None) & ~Q(alias=""))
                | (~Q(kind__in=OF_A_BIDDER) & Q(amount=None, alias="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} #{self.seq} {self.kind}"

    @property
    def is_bid(self) -> bool:
        return self.kind in (self.Kind.BID, self.Kind.PRIORITY_MATCH)


class BidAnswer(models.Model):
    """The answer given to an accepted bid, kept under the key its client made, so that a repeat gets the same."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="answers", db_index=False)  # (lot, seq) has one
    registration = models.ForeignKey(BidderRegistration, on_delete=models.PROTECT, related_name="answers")
    key = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    seq = models.IntegerField()
    answer = models.JSONField()
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer to a bid")
        verbose_name_plural = _("answers to bids")
        ordering = ["lot", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "registration", "key"], name="bid_answer_key_once"),
            models.UniqueConstraint(fields=["lot", "seq"], name="bid_answer_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} #{self.seq}"


class SealedBidQuerySet(models.QuerySet["SealedBid"]):
    def standing(self) -> "SealedBidQuerySet":
        """Return what counts: the last of each bidder where it is no withdrawal, in the order of final submission."""
        last = SealedBid.objects.filter(lot=models.OuterRef("lot"), registration=models.OuterRef("registration"))
        latest = models.Subquery(last.order_by("-seq").values("seq")[:1])
        return self.filter(seq=latest).exclude(commitment="").order_by("lot", "seq")


class SealedBid(models.Model):
    """A sealed bid, its replacement or its withdrawal, as it was taken in, with the answer given to it.

    It holds no amount: what was bid lies in the box, under the lot's key, and the answer leaves amount and nonce out.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="sealed_bids")
    registration = models.ForeignKey(BidderRegistration, on_delete=models.PROTECT, related_name="sealed_bids")
    key = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64, blank=True)
    box = models.BinaryField(null=True)
    seq = models.IntegerField()
    answer = models.JSONField()
    given_at = models.DateTimeField()

    objects = SealedBidQuerySet.as_manager()

    class Meta:
        verbose_name = _("sealed bid")
        verbose_name_plural = _("sealed bids")
        ordering = ["lot", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "registration", "key"], name="sealed_bid_key_once"),
            models.UniqueConstraint(fields=["lot", "seq"], name="sealed_bid_seq_once"),
            models.UniqueConstraint(
                fields=["lot", "commitment"], condition=~Q(commitment=""), name="sealed_bid_commitment_once"
            ),
            models.CheckConstraint(
                name="sealed_bid_boxed_iff_committed",
                condition=Q(commitment="", box=None) | (~Q(commitment="") & Q(box__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} #{self.seq}"


class LotAnchor(models.Model):
    """The head of a lot's chain at an instant, noted apart from the chain: a cut tail shows against it."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="anchors")
    seq = models.IntegerField()
    head_hash = models.CharField(max_length=64)
    taken_at = models.DateTimeField()

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        ordering = ["lot", "seq"]
        constraints = [models.UniqueConstraint(fields=["lot", "seq"], name="lot_anchor_once")]

    def __str__(self) -> str:
        return f"{self.lot_id} #{self.seq}"
