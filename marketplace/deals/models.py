"""Deals between a seller and a buyer. Interest that leads to them stands in interest.py, their parts in parts.py."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.brokers.models import TechBroker
from marketplace.core.addresses import address_of
from marketplace.core.choices import PricingMode
from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.stateful import Stateful
from marketplace.deals.interest import Interest
from marketplace.deals.refusals import DealEnded
from marketplace.matching.models import Match
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome


class Side(models.TextChoices):
    """The two sides of a deal."""

    SELLER = "seller", pgettext_lazy("deal", "seller")
    BUYER = "buyer", pgettext_lazy("deal", "buyer")

    @property
    def other(self) -> "Side":
        return Side.BUYER if self is Side.SELLER else Side.SELLER


class BrokerSide(models.TextChoices):
    """For whom the broker of a deal acts."""

    SELLER = "seller", _("for the seller")
    BUYER = "buyer", _("for the buyer")
    BOTH = "both", _("for both sides")


PARTIES = ("outcome", "need", "seller", "buyer", "broker", "trial")
ON_A_CARD = (
    "code", "state", "moved_at", "pricing_mode", "price", "listing_price", "reopening_asked_by", "broker_side",
    "lot_number", "outcome__title", "outcome__title_en", "outcome__price_low", "outcome__price_high", "outcome__state",
    "need__is_anonymous", "need__organisation", "seller__name", "seller__name_en", "seller__kind", "buyer__name",
    "buyer__name_en", "broker__user", "trial__deal", "match", "interest", "outcome__live", "outcome__expired",
)  # fmt: skip


def brokered_by(user: Any) -> Q:
    """Select the deals in which a person is at work as the broker: accepted, filed, neither suspended nor revoked."""
    own = TechBroker.objects.working().filter(user=user.pk)  # not joined: half as long where many are counted
    return Q(broker__in=own, broker_accepted_at__isnull=False)


class DealQuerySet(models.QuerySet["Deal"]):
    def with_parties(self) -> "DealQuerySet":
        """Load what lists and pages print about a deal."""
        # the disclosures tell whether the buyer may be named
        return self.select_related(*PARTIES).prefetch_related("need__disclosures")

    def for_cards(self) -> "DealQuerySet":
        """Load what cards and rows print and their moves ask; whatever else is asked of one costs a query."""
        return self.select_related(*PARTIES).only(*ON_A_CARD)

    def open(self) -> "DealQuerySet":
        """Return the deals that are still under way."""
        return self.exclude(state__in=Deal.ENDED)

    def of(self, user: Any) -> "DealQuerySet":
        """Return the deals in which the organisations of `user`, or `user` as a broker at work, take part."""
        mine = list(user.member_roles)
        return self.filter(Q(seller__in=mine) | Q(buyer__in=mine) | brokered_by(user))

    def naming(self, user: Any) -> "DealQuerySet":
        """Return the deals that name `user` as broker: accepted or not, stopped or not."""
        return self.filter(broker__in=TechBroker.objects.of(user)) if user.is_authenticated else self.none()

    def visible_to(self, user: Any) -> "DealQuerySet":
        """Return what `user` may open: parties and the broker at work theirs, officers and auditors all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.reads_everything else self.of(user)


class Deal(Stateful):
    """One outcome on its way from a seller to a buyer: talk, price, contract, registration, performance."""

    class State(models.TextChoices):
        NEGOTIATION = "negotiation", _("negotiation")
        PRICING = "pricing", _("pricing")
        PUBLICITY = "publicity", _("price publicity")
        CONTRACT = "contract", _("contract")
        REGISTRATION = "registration", _("registration")
        PERFORMANCE = "performance", _("performance")
        DONE = "done", _("completed")
        TERMINATED = "terminated", _("terminated")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.NEGOTIATION: {State.PRICING, State.TERMINATED},
        State.PRICING: {State.PUBLICITY, State.CONTRACT, State.TERMINATED},
        State.PUBLICITY: {State.PRICING, State.CONTRACT, State.TERMINATED},
        State.CONTRACT: {State.PRICING, State.REGISTRATION, State.TERMINATED},
        State.REGISTRATION: {State.CONTRACT, State.PERFORMANCE, State.TERMINATED},
        State.PERFORMANCE: {State.DONE, State.TERMINATED},
        State.TERMINATED: {State.NEGOTIATION},
    }
    ENDED = (State.DONE, State.TERMINATED)
    PRICED = (State.PUBLICITY, State.CONTRACT, State.REGISTRATION, State.PERFORMANCE, State.DONE)

    code = CodeField()
    outcome = models.ForeignKey(
        ResearchOutcome, on_delete=models.PROTECT, related_name="deals", verbose_name=_("outcome")
    )
    need = models.ForeignKey(
        TechnologyNeed, on_delete=models.PROTECT, null=True, related_name="deals", verbose_name=_("need")
    )
    match = models.OneToOneField(Match, on_delete=models.PROTECT, null=True, related_name="deal")
    interest = models.OneToOneField(Interest, on_delete=models.PROTECT, null=True, related_name="deal")
    lot_number = models.CharField(_("lot"), max_length=30, blank=True)
    trial_number = models.CharField(_("trial"), max_length=30, blank=True)
    seller = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="deals_sold",
        verbose_name=pgettext_lazy("deal", "seller"),
    )
    buyer = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="deals_bought",
        verbose_name=pgettext_lazy("deal", "buyer"),
    )
    broker = models.ForeignKey(
        TechBroker, on_delete=models.PROTECT, null=True, related_name="deals", verbose_name=_("broker")
    )
    broker_side = models.CharField(_("the broker acts"), max_length=10, choices=BrokerSide.choices, blank=True)
    broker_accepted_at = models.DateTimeField(_("broker accepted"), null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.NEGOTIATION, editable=False
    )
    moved_at = models.DateTimeField(_("in this state since"), editable=False)

    pricing_mode = models.CharField(_("pricing mode"), max_length=10, choices=PricingMode.choices, blank=True)
    listing_price = models.BigIntegerField(_("listing price"), null=True)
    price = models.BigIntegerField(_("price"), null=True)
    price_fixed_at = models.DateTimeField(_("price fixed"), null=True)
    reopening_asked_by = models.CharField(max_length=10, choices=Side.choices, blank=True)

    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    opened_at = models.DateTimeField(_("opened"), editable=False)
    termination_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    terminated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("last reminded"), null=True, editable=False)

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        ordering = ["-moved_at", "-id"]
        indexes = [
            models.Index(fields=["state", "moved_at", "id"], name="deal_of_a_column"),
            models.Index(fields=["moved_at", "id"], name="deal_by_its_last_step"),
            models.Index(fields=["broker", "state"], include=["price"], name="deal_of_broker"),
        ]
        constraints = [
            models.CheckConstraint(name="deal_parties_differ", condition=~Q(seller=F("buyer"))),
            models.CheckConstraint(
                name="deal_has_origin",
                condition=Q(match__isnull=False) | Q(interest__isnull=False) | ~Q(lot_number="") | ~Q(trial_number=""),
            ),
            models.UniqueConstraint(fields=["lot_number"], condition=~Q(lot_number=""), name="deal_once_per_lot"),
            models.CheckConstraint(
                name="deal_price_iff_fixed",
                condition=Q(price=None, price_fixed_at=None)
                | Q(price__isnull=False, price__gt=0, price_fixed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="deal_priced_by_state",
                condition=Q(state__in=["negotiation", "pricing"], price=None)
                | Q(
                    state__in=["publicity", "contract", "registration", "performance", "done"],
                    price__isnull=False,
                )
                | Q(state="terminated"),
            ),
            models.CheckConstraint(
                name="deal_pricing_mode_chosen",
                condition=Q(state__in=["negotiation", "terminated"]) | ~Q(pricing_mode=""),
            ),
            models.CheckConstraint(
                name="deal_broker_has_side",
                condition=Q(broker=None, broker_side="") | Q(broker__isnull=False) & ~Q(broker_side=""),
            ),
            models.CheckConstraint(
                name="deal_broker_accepted_by_broker", condition=Q(broker_accepted_at=None) | Q(broker__isnull=False)
            ),
            models.CheckConstraint(
                name="deal_terminated_with_reason",
                condition=Q(state="terminated", ended_at__isnull=False) & ~Q(termination_reason="")
                | ~Q(state="terminated") & Q(termination_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.outcome)

    def get_absolute_url(self) -> str:
        return address_of("deal-detail", self.code)

    def side_of(self, organisation: Organisation | None) -> Side | None:
        """Return the side the organisation is on, or None."""
        sides = {self.seller_id: Side.SELLER, self.buyer_id: Side.BUYER}
        return sides.get(organisation.pk) if organisation is not None else None

    def party(self, side: Side | str) -> Organisation:
        """Return the organisation on a side."""
        return self.seller if side == Side.SELLER else self.buyer

    @property
    def priced(self) -> str:
        """Return how the price is found, in words; of a trial as its terms say: they are no listing."""
        trial: Any = getattr(self, "trial", None)
        return str(trial.terms.get_pricing_display() if trial is not None else self.get_pricing_mode_display())

    @property
    def is_reopening_asked_by_buyer(self) -> bool:
        """Tell whether the buyer waits for the seller to agree that the price is settled anew."""
        return self.reopening_asked_by == Side.BUYER

    @property
    def is_priced_by_trial(self) -> bool:
        """Tell whether the price comes from a trial: preset in its terms, or agreed after it and published."""
        return hasattr(self, "trial")

    @property
    def awaits_contract(self) -> bool:
        """Tell whether its contract may be drawn up now: the price is fixed, and none is in force or on its way."""
        priced = self.state == self.State.CONTRACT and self.price is not None
        return priced and not self.contracts.in_force_of_deal().exists()

    def is_broker(self, user: Any) -> bool:
        """Tell whether `user` is the broker named in this deal."""
        return self.broker is not None and self.broker.user_id is not None and self.broker.user_id == user.pk

    @property
    def engaged_broker(self) -> TechBroker | None:
        """Return the broker who takes part: who accepted, or who does not sign in here and reads nothing."""
        if self.broker is None or (self.broker.user_id is not None and self.broker_accepted_at is None):
            return None
        return self.broker

    @property
    def client(self) -> Side | None:
        """Return the one side the broker acts for, or None of a broker of both and where there is none."""
        return Side(self.broker_side) if self.broker_side in Side.values else None

    def read_as(self, user: Any, organisation: Organisation | None) -> dict[str, str]:
        """Return as what somebody reads here, for the journal: as the broker, whichever house they could act for."""
        if self.broker is None or not self.is_broker(user) or self.side_of(organisation) is not None:
            return {}
        return {"role": "broker", "broker": self.broker.code}

    def file_visible_to(self, user: Any, file: File) -> bool:
        """Files of a deal are read by whoever may open the deal."""
        return Deal.objects.visible_to(user).filter(pk=self.pk).exists()

    def marks_readers(self, file: File) -> bool:
        """A PDF of a deal carries the name of whoever was given it."""
        return True

    def require_open(self) -> None:
        """Refuse what is added to a deal that has ended. Raises DealEnded."""
        if self.state in self.ENDED:
            raise DealEnded(state=self.get_state_display())

    def enter(self, state: str, *, at: datetime) -> None:
        """Take an edge and note since when; the caller holds the lock and saves."""
        self.move_to(state)
        self.moved_at = at
        self.ended_at = at if self.state in self.ENDED else None
