"""A lot: what is sold, on which frozen terms, and where its bidding stands."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.finding import LotQuerySet
from marketplace.auctions.ladder import Terms, next_amounts
from marketplace.auctions.minimum_raises import default_ladder
from marketplace.auctions.object_parts import in_words
from marketplace.auctions.publicised import Publicised
from marketplace.auctions.sessions import AuctionSession
from marketplace.core.choices import TransferMode
from marketplace.core.constraints import PlannedCheck
from marketplace.core.stateful import Stateful
from marketplace.outcomes.models import ResearchOutcome

BEFORE_THE_RESULT = ["draft", "review", "approved", "announced", "postponed", "open", "suspended"]


class Lot(Publicised, Stateful):
    """One object of sale in a session. Bidding moves price, leader, seq and head; only SQL functions do that."""

    class Format(models.TextChoices):
        ENGLISH = "english", _("ascending bids")
        SEALED = "sealed", _("sealed bid")
        HYBRID = "hybrid", _("floor and online")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        APPROVED = "approved", _("approved")
        ANNOUNCED = "announced", _("announced")
        POSTPONED = "postponed", _("postponed")
        OPEN = "open", _("open for bids")
        SUSPENDED = "suspended", _("suspended")
        SOLD = "sold", _("sold")
        UNSOLD = "unsold", _("unsold")
        WITHDRAWN = "withdrawn", _("withdrawn")
        CONFIRMED = "confirmed", _("sale confirmed")
        PUBLICITY = "publicity", _("result in publicity")
        CONTRACTED = "contracted", _("contract signed")
        SETTLED = "settled", _("settled")
        DEFAULTED = "defaulted", _("buyer defaulted")
        RESCINDED = "rescinded", _("sale rescinded")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.DRAFT: {State.REVIEW, State.WITHDRAWN},
        State.REVIEW: {State.APPROVED, State.DRAFT, State.WITHDRAWN},
        State.APPROVED: {State.ANNOUNCED, State.DRAFT, State.WITHDRAWN},
        State.ANNOUNCED: {State.OPEN, State.POSTPONED, State.WITHDRAWN},
        State.POSTPONED: {State.ANNOUNCED, State.WITHDRAWN},
        State.OPEN: {State.SUSPENDED, State.SOLD, State.UNSOLD},
        State.SUSPENDED: {State.OPEN, State.WITHDRAWN},
        State.SOLD: {State.CONFIRMED, State.DEFAULTED},
        State.CONFIRMED: {State.PUBLICITY, State.CONTRACTED, State.DEFAULTED, State.RESCINDED},
        State.PUBLICITY: {State.CONFIRMED, State.DEFAULTED, State.RESCINDED},
        State.CONTRACTED: {State.SETTLED, State.RESCINDED},
        State.RESCINDED: {State.DEFAULTED},
        State.DEFAULTED: {State.RESCINDED},
    }
    PREPARED: ClassVar[list[str]] = ["draft", "review", "approved"]
    SECRET: ClassVar[list[str]] = BEFORE_THE_RESULT
    FOLLOWED: ClassVar[list[str]] = ["announced", "postponed", "open", "suspended"]  # pages listen for what comes next
    HOLDING: ClassVar[list[str]] = [*SECRET, "sold", "confirmed", "publicity"]
    UNSIGNED: ClassVar[list[str]] = ["confirmed", "publicity"]  # sold and confirmed, its contract to come
    NO_BUYER: ClassVar[list[str]] = ["unsold", "defaulted", "rescinded"]
    SUCCEEDED: ClassVar[list[str]] = ["sold", "confirmed", "publicity", "contracted", "settled"]

    # Terms, frozen by the announcement
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    session = models.ForeignKey(
        AuctionSession, on_delete=models.PROTECT, related_name="lots", verbose_name=_("session")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    outcome = models.ForeignKey(
        ResearchOutcome, on_delete=models.PROTECT, related_name="lots", verbose_name=_("outcome")
    )
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.ENGLISH)
    mode = models.CharField(_("what is sold"), max_length=20, choices=TransferMode.choices)
    object_of_sale = models.CharField(_("object of sale"), max_length=500)
    object_parts = models.JSONField(_("object of sale part by part"), default=dict, blank=True)
    defects = models.TextField(_("known defects and burdens"), max_length=2000, blank=True)
    start_price = models.BigIntegerField(_("start price"))
    increment_ladder = models.JSONField(_("increments"), default=default_ladder)
    reserve_commitment = models.CharField(max_length=64, blank=True, editable=False)
    reserve_sealed = models.BinaryField(null=True, editable=False)
    reserve_opened = models.BigIntegerField(_("reserve"), null=True, editable=False)
    sealed_key = models.BinaryField(null=True, editable=False)
    deposit = models.BigIntegerField(_("deposit"))
    starts_at = models.DateTimeField(_("bidding from"))
    extension_window = models.DurationField(_("extension window"), default=timedelta(minutes=5))
    most_extensions = models.PositiveSmallIntegerField(_("most extensions"), null=True, blank=True)
    sells_to_single_bidder = models.BooleanField(_("one bidder is enough"), default=True)
    call_pause = models.DurationField(_("pause after a call"), default=timedelta(seconds=10), editable=False)
    announced_at = models.DateTimeField(null=True, editable=False)
    is_practice = models.BooleanField(_("practice"), default=False, editable=False)  # the session's: for the constraint

    # Where the bidding stands: written by bidding.sql and by the transitions, under the lot's advisory lock
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    ends_at = models.DateTimeField(_("bidding until"))
    price = models.BigIntegerField(_("price"), null=True, editable=False)
    leader = models.ForeignKey(  # no index: every bid would change it, with the entries of all other indexes
        "marketplace.BidderRegistration", models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    leader_alias = models.CharField(_("leader"), max_length=8, blank=True, editable=False)
    seq = models.IntegerField(default=0, editable=False)
    head_hash = models.CharField(max_length=64, blank=True, editable=False)
    last_at = models.DateTimeField(null=True, editable=False)
    last_decided_at = models.DateTimeField(null=True, editable=False)
    extensions = models.PositiveSmallIntegerField(default=0, editable=False)
    calls = models.PositiveSmallIntegerField(default=0, editable=False)
    called_at = models.DateTimeField(null=True, editable=False)
    remaining_when_suspended = models.DurationField(null=True, editable=False)

    # What people said about it
    note = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    next_path = models.CharField(_("what comes next"), max_length=20, blank=True, editable=False)

    read_at: datetime | None = None  # the database's clock as the row was read, where a query asks for it

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["session", "position", "id"]
        indexes = [models.Index(fields=["state", "ends_at"], name="lot_by_end")]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="lot_position_once"),
            models.UniqueConstraint(
                fields=["outcome"],
                condition=Q(state__in=BEFORE_THE_RESULT, is_practice=False),
                name="lot_outcome_in_one_sale",
            ),
            PlannedCheck(name="lot_amounts_positive", condition=Q(start_price__gt=0, deposit__gte=0)),
            PlannedCheck(
                name="lot_price_at_least_start", condition=Q(price=None) | Q(price__gte=models.F("start_price"))
            ),
            PlannedCheck(
                name="lot_led_iff_priced",
                condition=Q(price=None, leader=None, leader_alias="")
                | (Q(price__isnull=False, leader__isnull=False) & ~Q(leader_alias="")),
            ),
            PlannedCheck(
                name="lot_called_at_a_price",
                condition=Q(calls=0, called_at=None)
                | Q(calls__range=(1, 3), called_at__isnull=False, price__isnull=False),
            ),
            PlannedCheck(
                name="lot_remaining_iff_suspended",
                condition=Q(state="suspended", remaining_when_suspended__isnull=False)
                | (~Q(state="suspended") & Q(remaining_when_suspended=None)),
            ),
            PlannedCheck(name="lot_ends_after_start", condition=Q(ends_at__gt=models.F("starts_at"))),
            PlannedCheck(
                name="lot_reserve_sealed_iff_committed",
                condition=Q(reserve_commitment="", reserve_sealed=None)
                | (~Q(reserve_commitment="") & Q(reserve_sealed__isnull=False)),
            ),
            PlannedCheck(
                name="lot_reserve_opened_after_the_result",
                condition=Q(reserve_opened=None) | ~Q(state__in=BEFORE_THE_RESULT),
            ),
            PlannedCheck(
                name="lot_sealed_key_iff_announced_sealed",
                condition=Q(format="sealed", announced_at__isnull=False, sealed_key__isnull=False)
                | ((~Q(format="sealed") | Q(announced_at=None)) & Q(sealed_key=None)),
            ),
            PlannedCheck(
                name="lot_sealed_unpriced_before_the_close",
                condition=~Q(format="sealed") | Q(price=None) | ~Q(state__in=BEFORE_THE_RESULT),
            ),
            PlannedCheck(
                name="lot_announced_before_bidding",
                condition=Q(state__in=["draft", "review", "approved", "withdrawn"]) | Q(announced_at__isnull=False),
            ),
            PlannedCheck(name="lot_head_iff_events", condition=Q(seq=0, head_hash="") | Q(seq__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"

    def get_absolute_url(self) -> str:
        return reverse("lot-detail", args=[self.number])

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Let no file of the data room out by the common door: the room's own knows for whom one reads, and when."""
        return False

    @property
    def heading(self) -> str:
        """Return number and title in the reader's language."""
        return f"{self.number} {self.outcome.heading}"

    @property
    def parts_in_words(self) -> list[tuple[str, str]]:
        return in_words(self.object_parts)

    @property
    def has_floor(self) -> bool:
        """Tell whether an auctioneer enters paddles of a hall into the bidding."""
        return self.format == self.Format.HYBRID

    @property
    def has_reserve(self) -> bool:
        return bool(self.reserve_commitment)

    @property
    def is_sealed(self) -> bool:
        """Tell whether amounts are sealed until the close."""
        return self.format == self.Format.SEALED

    @property
    def is_veiled(self) -> bool:
        """Tell whether the record is still closed to everybody: before the close nobody learns who bid, or how many."""
        return self.is_sealed and self.state in self.SECRET

    @property
    def shown_price(self) -> int | None:
        """What lists of lots call its price: the bid that leads while bids come, then the price of a sale only."""
        return self.price if self.state in (*self.FOLLOWED, *self.SUCCEEDED) else None

    @property
    def shown_seq(self) -> int:
        """Return the number of the last event the public knows of."""
        return 0 if self.is_veiled else self.seq

    @property
    def shown_head(self) -> str:
        """Return the fingerprint of the last event the public knows of."""
        return "" if self.is_veiled else self.head_hash

    def is_open(self, at: datetime) -> bool:
        """Tell whether a bid that arrives at `at` finds the lot open."""
        takes_bids = self.state in (self.State.ANNOUNCED, self.State.OPEN)
        return takes_bids and self.starts_at <= at < self.ends_at

    def is_waiting_for_the_close(self, at: datetime) -> bool:
        """Tell whether the end has passed at `at` and the result is still to be written."""
        return self.state in (self.State.ANNOUNCED, self.State.OPEN) and at >= self.ends_at

    @property
    def terms(self) -> Terms:
        """Return the frozen terms in the words of the pure rules."""
        return Terms.of(self)

    def next_amounts(self) -> list[int]:
        """Return the next acceptable amounts in fen: one, two and four steps up; of sealed bids only the least."""
        amounts = next_amounts(self.start_price, self.increment_ladder, None if self.is_sealed else self.price)
        return amounts[:1] if self.is_sealed else amounts
