"""Distribution plans in versions: who gets which per cent of the net income of a contract, and who approved it."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.constraints import OF_A_PLAN
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.net_income import Basis, BrokerAs, Formula
from marketplace.contracts.sharing.publicised import Publicised
from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import MemberRole, Role, User

KEEPERS = (MemberRole.FINANCE, MemberRole.PUBLISHER)


class PlanQuerySet(models.QuerySet["DistributionPlan"]):
    def visible_to(self, user: Any) -> "PlanQuerySet":
        """Return the plans of the institutes `user` works for, those that pay or ask the person, and all to officers.

        A broker does not see how the institute shares; the buyer never does.
        """
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything:
            return self.all()
        mine = [key for key in user.member_roles if user.acts_for(key, *KEEPERS)]
        paid = Q(pk__in=PlanShare.objects.paying(user).exclude(kind=PlanShare.Kind.BROKER).values("plan"))
        return self.filter(Q(contract__seller__in=mine) | Q(department_head=user.pk) | paid)

    def effective_on(self, day: date) -> "PlanQuerySet":
        """Return the plan that held on a day of the district."""
        began = self.filter(effective_on__lte=day)
        return began.filter(Q(superseded_on=None) | Q(superseded_on__gt=day)).order_by("-version")

    def of_income(self) -> "PlanQuerySet":
        """Return the plans by which payments are shared out; shares and profit are not paid by the buyer."""
        return self.filter(basis=Basis.INCOME)

    def enacted(self) -> "PlanQuerySet":
        """Return what took effect once, the first version first."""
        return self.filter(effective_on__isnull=False).order_by("version")

    def current(self) -> "PlanQuerySet":
        return self.filter(state=DistributionPlan.State.EFFECTIVE)

    def open(self) -> "PlanQuerySet":
        """Return what is on its way to taking effect."""
        return self.filter(state__in=DistributionPlan.OPEN)


class DistributionPlan(Publicised, Stateful):
    """One version of how the net income of a contract is shared (domain.md §4.6)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        AT_DEPARTMENT = "at_department", _("with the department")
        AT_INSTITUTE = "at_institute", _("with the institute")
        RETURNED = "returned", _("returned with reasons")
        IN_PUBLICITY = "in_publicity", _("in publicity")
        EFFECTIVE = "effective", _("in effect")
        SUPERSEDED = "superseded", _("replaced by a newer version")
        OBJECTED = "objected", _("fell by an objection")
        WITHDRAWN = "withdrawn", _("withdrawn")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.DRAFT: {State.AT_DEPARTMENT, State.WITHDRAWN},
        State.AT_DEPARTMENT: {State.AT_INSTITUTE, State.RETURNED, State.WITHDRAWN},
        State.AT_INSTITUTE: {State.IN_PUBLICITY, State.RETURNED, State.WITHDRAWN},
        State.RETURNED: {State.AT_DEPARTMENT, State.WITHDRAWN},
        State.IN_PUBLICITY: {State.EFFECTIVE, State.OBJECTED, State.WITHDRAWN},
        State.EFFECTIVE: {State.SUPERSEDED},
    }
    UNSENT = (State.DRAFT, State.RETURNED)
    OPEN = (State.DRAFT, State.AT_DEPARTMENT, State.AT_INSTITUTE, State.RETURNED, State.IN_PUBLICITY)

    code = CodeField()
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.DRAFT, editable=False)
    basis = models.CharField(_("what is shared"), max_length=10, choices=Basis.choices, default=Basis.INCOME)
    profit_years = models.PositiveSmallIntegerField(_("years of profit"), null=True, blank=True)
    profit_from = models.PositiveSmallIntegerField(_("first year of profit"), null=True, blank=True)
    formula = models.CharField(_("net income"), max_length=20, choices=Formula.choices)
    broker_as = models.CharField(_("broker"), max_length=10, choices=BrokerAs.choices, default=BrokerAs.NOBODY)
    broker = models.ForeignKey(
        TechBroker,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("broker of the register"),
    )
    broker_name = models.CharField(_("name of the broker"), max_length=120, blank=True)
    broker_rate = models.DecimalField(
        _("per cent of the payment for the broker"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    department = models.CharField(_("department"), max_length=120)
    department_head = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("approves for the department")
    )
    round = models.PositiveSmallIntegerField(default=0, editable=False)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    effective_on = models.DateField(_("in effect from"), null=True, editable=False)
    superseded_on = models.DateField(_("in effect until"), null=True, editable=False)
    floor_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)
    floor_rule = models.ForeignKey(SharingRule, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    agreement_file = models.OneToOneField(File, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    agreement_reason = models.TextField(_("why less is lawful"), max_length=2000, blank=True, editable=False)
    agreement_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    agreement_at = models.DateTimeField(null=True, editable=False)
    inventors_reason = models.CharField(
        _("why its inventors are others than the outcome names"), max_length=500, blank=True
    )
    withdrawal_reason = models.CharField(_("why withdrawn"), max_length=500, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("distribution plan")
        verbose_name_plural = _("distribution plans")
        ordering = ["contract", "-version"]
        indexes = [
            # what is not counted as a statement of its own
            models.Index(fields=["id"], condition=Q(submitted_at=None) | Q(version__gt=1), name="plan_apart"),
        ]
        constraints = OF_A_PLAN

    def __str__(self) -> str:
        return str(_("%(contract)s, version %(version)s") % {"contract": self.contract, "version": self.version})

    def get_absolute_url(self) -> str:
        return reverse("plan-detail", args=[self.code])

    def file_visible_to(self, user: Any, file: File) -> bool:
        """Show the agreement to who sees the plan inside the institute, and to who supervises."""
        seen = DistributionPlan.objects.visible_to(user).filter(pk=self.pk).exists()
        return bool(seen and (user.reads_everything or user.acts_for(self.contract.seller_id)))

    @property
    def is_unsent(self) -> bool:
        return self.state in self.UNSENT

    @property
    def was_sent(self) -> bool:
        """Tell whether others than those who write it have seen this version."""
        return self.submitted_at is not None

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def named_years(self) -> range:
        """Return the years whose profit the plan shares."""
        return range(self.profit_from or 0, (self.profit_from or 0) + (self.profit_years or 0))

    def names_broker(self, user: Any) -> bool:
        """Tell whether a person is the broker of the register whom the plan pays, as a cost or by a share."""
        return self.broker is not None and self.broker.user_id == user.pk

    @property
    def has_agreement(self) -> bool:
        return self.agreement_file_id is not None


class ShareQuerySet(models.QuerySet["PlanShare"]):
    def paying(self, user: Any) -> "ShareQuerySet":
        """Return what pays a person by plans that were sent."""
        return self.filter(user=user.pk).exclude(plan__submitted_at=None)


class PlanShare(models.Model):
    """One payee and the per cent it gets."""

    class Kind(models.TextChoices):
        INVENTOR = "inventor", _("inventor")
        DEPARTMENT = "department", _("department")
        INSTITUTE = "institute", _("institute")
        OFFICE = "office", _("transfer office")
        BROKER = "broker", _("broker")
        OTHER = "other", _("other payee")

    code = CodeField()
    plan = models.ForeignKey(DistributionPlan, on_delete=models.PROTECT, related_name="shares")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("payee"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_shares", verbose_name=_("account")
    )
    percent = models.DecimalField(
        _("per cent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    is_leader = models.BooleanField(_("holds a leading post"), default=False)
    declaration = models.CharField(_("declaration of the leading post"), max_length=500, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("payee of a plan")
        verbose_name_plural = _("payees of plans")
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "name"], name="planshare_payee_once"),
            models.CheckConstraint(name="planshare_percent_in_range", condition=Q(percent__gt=0, percent__lte=100)),
            models.CheckConstraint(
                name="planshare_only_inventors_lead", condition=Q(is_leader=False) | Q(kind="inventor")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Return what the payee is told from the others by, whatever their order."""
        return f"{self.kind}:{self.name}"

    def statement_visible_to(self, user: Any) -> bool:
        """Tell whether `user` may read what this payee was paid: who it is, the institute's finance, an auditor."""
        if not user.is_authenticated:
            return False
        own = self.user_id is not None and self.user_id == user.pk
        keeps = user.acts_for(self.plan.contract.seller_id, MemberRole.FINANCE)
        return bool(own or keeps or user.has_role(Role.AUDITOR))
