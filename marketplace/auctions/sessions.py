"""A session of 瓯来拍: who holds it, under which law, when, and the terms its lots share."""

from datetime import timedelta
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.auctions.minimum_raises import default_ladder
from marketplace.core.languages import Titled
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, Role, User


class SessionQuerySet(models.QuerySet["AuctionSession"]):
    def kept(self) -> "SessionQuerySet":
        """Return the sessions anybody may still open: all but the rehearsals that were wiped."""
        return self.filter(wiped_at=None)

    def listed(self) -> "SessionQuerySet":
        """Return the sessions that stand in lists: rehearsals are found by their participants only."""
        return self.filter(rehearsal_of=None)

    def announced(self) -> "SessionQuerySet":
        """Return the sessions the public knows of, those cancelled after their announcement among them."""
        return self.listed().exclude(announced_at=None)

    def upcoming(self) -> "SessionQuerySet":
        """Return announced sessions whose bidding has not begun, soonest first."""
        return self.listed().filter(state__in=["announced", "registration", "postponed"]).order_by("starts_at")

    def scheduled(self) -> "SessionQuerySet":
        """Return upcoming sessions whose times stand: a postponed one has none."""
        return self.upcoming().exclude(state="postponed")

    def live(self) -> "SessionQuerySet":
        """Return the sessions in which lots are being sold."""
        return self.listed().filter(state="live").order_by("starts_at")

    def finished(self) -> "SessionQuerySet":
        """Return the sessions that are over, newest first."""
        return self.announced().filter(state__in=["closed", "publicity", "archived", "cancelled"])

    def with_counts(self, among: Q | None = None) -> "SessionQuerySet":
        """Add lot_count, withdrawn_count within it, and start_total of what is offered: the one way lots are counted.

        One withdrawn before its announcement never was in the session. `among`: the lots the reader sees, if not all.
        """
        seen = among or Q()
        counted = seen & (Q(lots__announced_at__isnull=False) | ~Q(lots__state="withdrawn"))
        withdrawn = seen & Q(lots__announced_at__isnull=False, lots__state="withdrawn")
        return self.annotate(
            lot_count=Count("lots", filter=counted),
            withdrawn_count=Count("lots", filter=withdrawn),
            start_total=Sum("lots__start_price", filter=counted & ~Q(lots__state="withdrawn")),
        )

    def visible_to(self, user: Any) -> "SessionQuerySet":
        """Return what `user` may open: announced ones, all for the staff who prepare and supervise them."""
        if user.is_authenticated and (user.reads_everything or user.has_role(Role.ORGANISER, Role.AUCTIONEER)):
            return self.kept()
        seen = Q(announced_at__isnull=False)
        if user.is_authenticated:
            seen |= Q(lots__outcome__owner__in=list(user.member_roles))
            return self.kept().filter(seen).distinct()
        return self.kept().filter(seen)


class AuctionSession(Titled, Stateful):
    """One sale of one or more lots, by a licensed auction or by open bidding."""

    class LegalForm(models.TextChoices):
        """Only a licensed company with a licensed auctioneer holds an auction (拍卖法 Art. 10–16)."""

        LICENSED_AUCTION = "licensed_auction", _("auction by a licensed company")
        OPEN_BIDDING = "open_bidding", _("open bidding")

    class DepositScope(models.TextChoices):
        LOT = "lot", _("one deposit for each lot")
        SESSION = "session", _("one deposit for the session")

    class State(models.TextChoices):
        PLANNING = "planning", _("planning")
        COLLECTING = "collecting", _("collecting lots")
        REVIEWED = "reviewed", _("lots reviewed")
        ANNOUNCED = "announced", _("announced")
        REGISTRATION = "registration", _("open for registration")
        LIVE = "live", _("bidding")
        CLOSED = "closed", _("closed")
        PUBLICITY = "publicity", _("results in publicity")
        ARCHIVED = "archived", _("archived")
        POSTPONED = "postponed", _("postponed")
        CANCELLED = "cancelled", _("cancelled")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.PLANNING: {State.COLLECTING, State.CANCELLED},
        State.COLLECTING: {State.REVIEWED, State.CANCELLED},
        State.REVIEWED: {State.COLLECTING, State.ANNOUNCED, State.CANCELLED},
        State.ANNOUNCED: {State.REGISTRATION, State.POSTPONED, State.CANCELLED},
        State.REGISTRATION: {State.LIVE, State.POSTPONED, State.CANCELLED},
        State.POSTPONED: {State.REGISTRATION, State.CANCELLED},
        State.LIVE: {State.CLOSED},
        State.CLOSED: {State.PUBLICITY, State.ARCHIVED},
        State.PUBLICITY: {State.ARCHIVED},
    }

    PLANNED: ClassVar[list[str]] = ["planning", "collecting", "reviewed"]

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    title = models.CharField(pgettext_lazy("record", "title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=120, blank=True)
    introduction = models.TextField(_("introduction"), max_length=2000, blank=True)
    legal_form = models.CharField(
        _("legal form"), max_length=20, choices=LegalForm.choices, default=LegalForm.OPEN_BIDDING
    )
    organiser = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="sessions_organised", verbose_name=_("organiser")
    )
    auction_company = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_auctioned",
        verbose_name=_("auction company"),
    )
    company_licence = models.CharField(_("licence of the auction company"), max_length=40, blank=True)
    auctioneer_name = models.CharField(_("auctioneer"), max_length=60, blank=True)
    auctioneer_licence = models.CharField(_("licence of the auctioneer"), max_length=40, blank=True)
    venue = models.CharField(_("venue"), max_length=120, blank=True)
    viewing_from = models.DateField(_("viewing from"), null=True, blank=True)
    viewing_until = models.DateField(_("viewing until"), null=True, blank=True)
    viewing_place = models.CharField(_("where to view"), max_length=200, blank=True)
    bidder_conditions = models.TextField(_("conditions for bidders"), max_length=2000, blank=True)
    registration_closes_at = models.DateTimeField(_("registration until"))
    starts_at = models.DateTimeField(_("bidding from"))
    deposit_scope = models.CharField(
        _("deposit rule"), max_length=10, choices=DepositScope.choices, default=DepositScope.LOT
    )
    deposit_percent = models.PositiveSmallIntegerField(
        _("deposit in per cent of the start price"),
        default=10,
        validators=[MinValueValidator(5), MaxValueValidator(20)],
    )
    signing_days = models.PositiveSmallIntegerField(
        _("working days to sign the contract"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    payment_days = models.PositiveSmallIntegerField(
        _("days to pay the price"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    extension_window = models.DurationField(_("extension window"), default=timedelta(minutes=5))
    most_extensions = models.PositiveSmallIntegerField(_("most extensions"), null=True, blank=True)
    sells_to_single_bidder = models.BooleanField(_("one bidder is enough"), default=True)
    increment_ladder = models.JSONField(_("increments"), default=default_ladder)
    is_practice = models.BooleanField(_("practice"), default=False, editable=False)
    rehearsal_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="rehearsals",
        verbose_name=_("rehearsal of"),
    )
    wiped_at = models.DateTimeField(_("wiped at"), null=True, editable=False)
    reannounced_at = models.DateTimeField(_("announced again at"), null=True, editable=False)
    announcement = models.JSONField(null=True, editable=False)
    announcement_hash = models.CharField(max_length=64, blank=True, editable=False)
    announced_at = models.DateTimeField(_("announced at"), null=True, editable=False)
    cancellation_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    planned_at = models.DateTimeField(editable=False)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.PLANNING, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="session_licensed_iff_auction",
                condition=(
                    Q(legal_form="licensed_auction", auction_company__isnull=False)
                    & ~Q(company_licence="")
                    & ~Q(auctioneer_licence="")
                )
                | Q(legal_form="open_bidding"),
            ),
            models.CheckConstraint(name="session_deposit_5_to_20", condition=Q(deposit_percent__range=(5, 20))),
            models.CheckConstraint(
                name="session_registers_before_it_starts", condition=Q(registration_closes_at__lte=F("starts_at"))
            ),
            models.CheckConstraint(
                name="session_viewing_from_until",
                condition=Q(viewing_from=None, viewing_until=None)
                | Q(viewing_from__isnull=False, viewing_until__isnull=False, viewing_until__gte=F("viewing_from")),
            ),
            models.CheckConstraint(
                name="session_rehearsal_is_practice",
                condition=Q(rehearsal_of=None, wiped_at=None) | Q(rehearsal_of__isnull=False, is_practice=True),
            ),
            models.CheckConstraint(
                name="session_announced_iff_frozen",
                condition=Q(announced_at=None, announcement=None, announcement_hash="")
                | (Q(announced_at__isnull=False, announcement__isnull=False) & ~Q(announcement_hash="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("session-detail", args=[self.number])

    @property
    def announcement_url(self) -> str:
        return reverse("session-announcement", args=[self.number])

    @property
    def is_announced(self) -> bool:
        return self.announced_at is not None

    @property
    def is_planned(self) -> bool:
        """Tell whether the session is still being prepared: nothing of it is announced."""
        return self.state in self.PLANNED

    @property
    def is_postponed(self) -> bool:
        """Tell whether new times are still to be announced."""
        return self.state == self.State.POSTPONED

    @property
    def is_over(self) -> bool:
        """Tell whether its last lot is closed, so that it has a report."""
        return self.state in (self.State.CLOSED, self.State.PUBLICITY, self.State.ARCHIVED)

    @property
    def takes_lots(self) -> bool:
        """Tell whether lots may still be added."""
        return self.state in (self.State.PLANNING, self.State.COLLECTING)

    @property
    def has_begun(self) -> bool:
        """Tell whether one of its lots was opened; the state follows within a minute."""
        return self.lots.filter(events__kind="opened").exists()
