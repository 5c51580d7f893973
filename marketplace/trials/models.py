"""Trials: an enterprise uses an outcome on terms of the pool. Their parts stand in parts.py."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.regions import region_name
from marketplace.core.stateful import Stateful
from marketplace.core.verification import printed_code
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials.constraints import CONSTRAINTS
from marketplace.trials.party import Party
from marketplace.trials.pool import PoolEntry, PoolTerms
from marketplace.trials.published import Published


class TrialQuerySet(models.QuerySet["Trial"]):
    def with_parties(self) -> "TrialQuerySet":
        """Load what lists and pages print about a trial."""
        return self.select_related("outcome__owner", "enterprise", "terms", "entry", "deal")

    def holding(self) -> "TrialQuerySet":
        """Return the trials that take one of the places of their entry."""
        return self.filter(state__in=Trial.HOLDING)

    def under_way(self) -> "TrialQuerySet":
        """Return the trials that did not come to an end."""
        return self.exclude(state__in=Trial.ENDED)

    def started(self) -> "TrialQuerySet":
        """Return the trials that ever began."""
        return self.filter(starts_on__isnull=False)

    def due(self, today: date) -> "TrialQuerySet":
        """Return the trials whose term to sign, try or decide is over on `today`."""
        return self.filter(state__in=(*Trial.BEFORE_START, *Trial.TRYING), decide_by__lt=today)

    def ending_by(self, day: date) -> "TrialQuerySet":
        """Return the trials of which a term ends by `day`."""
        near = Q(ends_on__lte=day) | Q(decide_by__lte=day)
        return self.filter(near, state__in=(*Trial.BEFORE_START, *Trial.TRYING))

    def ending_between(self, first: date, last: date) -> "TrialQuerySet":
        """Return the trials whose next term ends by `last`: that of use while it runs, else that to begin or decide."""
        uses = Q(state=Trial.State.RUNNING, ends_on__range=(first, last))
        waits = Q(state__in=(*Trial.BEFORE_START, *Trial.TRYING), decide_by__lte=last)
        return self.filter(uses | waits)

    def visible_to(self, user: Any) -> "TrialQuerySet":
        """Return what `user` may open: the two parties theirs, officers and auditors all."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything:
            return self
        mine = list(user.member_roles)
        return self.filter(Q(outcome__owner__in=mine) | Q(enterprise__in=mine))


class Trial(Published, Stateful):
    """One enterprise trying one outcome before it pays for it (domain.md §4.5)."""

    class State(models.TextChoices):
        REQUESTED = "trial_requested", _("requested")
        REFUSED = "refused", _("refused by the institute")
        WITHDRAWN = "withdrawn", _("withdrawn by the enterprise")
        APPROVED = "institute_approved", _("approved, contract to be confirmed")
        SIGNED = "trial_contract_signed", _("trial contract confirmed")
        INSURED = "insured", _("insured")
        LAPSED = "lapsed", _("lapsed before it began")
        CALLED_OFF = "called_off", _("called off before it began")
        RUNNING = "trial_running", _("trial running")
        EVALUATION = "evaluation", _("evaluated, to be decided")
        CONVERTING = "convert", _("to be converted, price open")
        PUBLICITY = "price_publicity", _("price in publicity")
        PAID_CONTRACT = "paid_contract", _("paid contract to be concluded")
        CONVERTED = "registered", _("converted, contract registered")
        RETURNING = "stop", _("stopped, materials to be returned")
        EXPIRED = "expired", _("expired, materials to be returned")
        CLOSED = "closed", _("closed, materials returned")
        DISPUTE = "dispute", _("in dispute")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.REQUESTED: {State.APPROVED, State.REFUSED, State.WITHDRAWN},
        State.APPROVED: {State.SIGNED, State.WITHDRAWN, State.LAPSED, State.CALLED_OFF},
        State.SIGNED: {State.INSURED, State.RUNNING, State.LAPSED, State.CALLED_OFF},
        State.INSURED: {State.RUNNING, State.LAPSED, State.CALLED_OFF},
        State.RUNNING: {State.EVALUATION, State.RETURNING, State.DISPUTE, State.EXPIRED},
        State.EVALUATION: {
            State.RUNNING,
            State.CONVERTING,
            State.PAID_CONTRACT,
            State.RETURNING,
            State.DISPUTE,
            State.EXPIRED,
        },
        State.CONVERTING: {State.PUBLICITY, State.RETURNING, State.DISPUTE, State.EXPIRED},
        State.PUBLICITY: {State.PAID_CONTRACT, State.CONVERTING, State.RETURNING},
        State.PAID_CONTRACT: {State.CONVERTED, State.RETURNING},
        State.DISPUTE: {State.RUNNING, State.EVALUATION, State.CONVERTING, State.RETURNING},
        State.RETURNING: {State.CLOSED},
        State.EXPIRED: {State.CLOSED},
    }
    BEFORE_START = (State.APPROVED, State.SIGNED, State.INSURED)
    TRYING = (State.RUNNING, State.EVALUATION, State.CONVERTING)
    HOLDING = (*BEFORE_START, *TRYING, State.DISPUTE)
    TO_RETURN = (State.RETURNING, State.EXPIRED)
    FINISHED = (State.CONVERTED, State.RETURNING, State.EXPIRED, State.CLOSED)
    ENDED = (State.REFUSED, State.WITHDRAWN, State.LAPSED, State.CALLED_OFF, State.CONVERTED, State.CLOSED)

    code = CodeField()
    entry = models.ForeignKey(PoolEntry, on_delete=models.PROTECT, related_name="trials", verbose_name=_("pool entry"))
    terms = models.ForeignKey(PoolTerms, on_delete=models.PROTECT, related_name="trials", verbose_name=_("terms"))
    outcome = models.ForeignKey(
        ResearchOutcome, on_delete=models.PROTECT, related_name="trials", verbose_name=_("outcome")
    )
    enterprise = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="trials", verbose_name=_("enterprise")
    )
    state = models.CharField(_("state"), max_length=24, choices=State.choices, default=State.REQUESTED, editable=False)
    moved_at = models.DateTimeField(_("in this state since"), editable=False)

    purpose = models.TextField(_("what it is to be used for"), max_length=2000)
    region = models.CharField(_("region code"), max_length=6, blank=True)
    place = models.CharField(_("where"), max_length=200)
    quantity = models.PositiveIntegerField(_("how many"), null=True)  # of what its terms count
    scale = models.CharField(_("at what scale"), max_length=300, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    requested_at = models.DateTimeField(_("requested"), editable=False)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answer_reason = models.CharField(_("reason of the refusal"), max_length=500, blank=True, editable=False)

    owner_signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    owner_signed_at = models.DateTimeField(null=True, editable=False)
    enterprise_signed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    enterprise_signed_at = models.DateTimeField(null=True, editable=False)
    starts_on = models.DateField(_("begins"), null=True, editable=False)
    ends_on = models.DateField(_("ends"), null=True, editable=False)
    decide_by = models.DateField(_("next term ends"), null=True, editable=False)
    reminded_of = models.DateField(null=True, editable=False)  # the term its parties were reminded of

    evaluated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    evaluated_at = models.DateTimeField(_("evaluated"), null=True, editable=False)
    evaluation = models.TextField(_("evaluation"), max_length=4000, blank=True, editable=False)
    stop_reason = models.CharField(_("reason of the end"), max_length=500, blank=True, editable=False)

    offered_price = models.BigIntegerField(_("price proposed"), null=True, editable=False)
    offered_by = models.CharField(max_length=10, choices=Party.choices, blank=True, editable=False)
    price = models.BigIntegerField(_("price"), null=True, editable=False)
    price_fixed_at = models.DateTimeField(_("price fixed"), null=True, editable=False)
    deal = models.OneToOneField(Deal, on_delete=models.PROTECT, null=True, related_name="trial", editable=False)
    holds_outcome = models.BooleanField(default=False, editable=False)  # reserved for its taker alone (keeping.py)
    converted_at = models.DateTimeField(_("converted"), null=True, editable=False)

    owner_returned_at = models.DateTimeField(null=True, editable=False)
    enterprise_returned_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("use ended"), null=True, editable=False)  # converted, stopped or expired
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)

    objects = TrialQuerySet.as_manager()

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        ordering = ["-requested_at", "-id"]
        constraints = CONSTRAINTS

    def __str__(self) -> str:
        return str(self.outcome)

    def get_absolute_url(self) -> str:
        return reverse("trial-detail", args=[self.code])

    @property
    def number(self) -> str:
        """Return the number its trial contract carries."""
        return f"XY-{printed_code(self.code)}"

    @property
    def owner(self) -> Organisation:
        return self.outcome.owner

    def place_words(self, on: date | None = None) -> str:
        """Return where it is used: the region as it is called on a day, then the place in words."""
        named = self.region and region_name(self.region, on=on)
        return _("; ").join(words for words in (named, self.place) if words)

    @property
    def scale_words(self) -> str:
        """Return how much is used: the number, then what words add."""
        counted = f"{self.quantity} {self.terms.scale_unit}" if self.quantity is not None else ""
        return _("; ").join(words for words in (counted, self.scale) if words)

    @property
    def is_overtaken(self) -> bool:
        """Tell whether the outcome is kept for or sold to another, so that this trial leads nowhere for now."""
        waits = self.state not in (*self.ENDED, *self.TO_RETURN, self.State.PUBLICITY, self.State.PAID_CONTRACT)
        return waits and self.outcome.state != ResearchOutcome.State.AVAILABLE

    def party_of(self, organisation: Organisation | None) -> Party | None:
        """Return which party the organisation is, or None."""
        parties = {self.outcome.owner_id: Party.OWNER, self.enterprise_id: Party.ENTERPRISE}
        return parties.get(organisation.pk) if organisation is not None else None

    def organisation(self, party: Party | str) -> Organisation:
        return self.owner if party == Party.OWNER else self.enterprise

    def has_signed(self, party: Party | str) -> bool:
        return (self.owner_signed_at if party == Party.OWNER else self.enterprise_signed_at) is not None

    def has_returned(self, party: Party | str) -> bool:
        return (self.owner_returned_at if party == Party.OWNER else self.enterprise_returned_at) is not None

    def file_visible_to(self, user: Any, file: File) -> bool:
        """Files of a trial are read by whoever may open the trial."""
        return Trial.objects.visible_to(user).filter(pk=self.pk).exists()

    def enter(self, state: str, *, at: datetime) -> None:
        """Take an edge and note since when; the caller holds the lock and saves."""
        self.move_to(state)
        self.moved_at = at
        if self.state in self.FINISHED and self.finished_at is None:
            self.finished_at = at
        if self.state in self.ENDED:
            self.ended_at = at

    def set_end(self, ends_on: date) -> None:
        """Let the trial end on a day; the days to decide follow it."""
        self.ends_on = ends_on
        self.decide_by = ends_on + timedelta(days=self.terms.decide_days)
