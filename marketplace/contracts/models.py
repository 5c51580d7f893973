"""Technology contracts. Their line items and the registrars' decisions stand in parts.py."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.brokers.models import TechBroker
from marketplace.contracts import choices, constraints
from marketplace.contracts.early_end import EndsEarly
from marketplace.contracts.finding import ContractQuerySet
from marketplace.core.addresses import address_of
from marketplace.core.classifications import TechnicalField
from marketplace.core.code_lists import NO_PROGRAMME, CodeList, ListedField
from marketplace.core.codes import CodeField
from marketplace.core.files import PDF, File
from marketplace.core.identifiers import validate_uscc
from marketplace.core.stateful import Stateful
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, Role, User
from marketplace.outcomes.models import ResearchOutcome

DRAFT = "draft"  # purpose of the files that are put together (drafts/)


class TechnologyContract(EndsEarly, Stateful):
    """An agreement to develop, assign, license, advise on or serve with technology, up to the national register."""

    class State(models.TextChoices):
        """All states of domain.md §4.2; NEXT holds the edges that can be taken today."""

        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned_for_supplement", _("returned for supplement")
        ACCEPTED = "accepted", _("accepted for review")
        FIRST_REVIEW = "first_review", _("first review")
        SECOND_REVIEW = "expert_or_second_review", _("expert or second review")
        REGISTERED = "registered", _("registered")
        NOT_REGISTERED = "not_registered", _("not registered")
        CHANGE_REQUESTED = "change_requested", _("change requested")
        CHANGED = "changed", pgettext_lazy("contract", "changed")
        CANCELLED = "cancelled", _("cancelled by a party")
        REVOKED = "revoked", _("revoked")
        OBJECTION = "objection", _("objection")
        RE_EXAMINED = "re_examined", _("re-examined")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.DRAFT: {State.SUBMITTED},
        State.SUBMITTED: {State.ACCEPTED, State.RETURNED, State.REGISTERED, State.NOT_REGISTERED},
        State.RETURNED: {State.SUBMITTED},
        State.ACCEPTED: {State.FIRST_REVIEW, State.RETURNED, State.REGISTERED, State.NOT_REGISTERED},
        State.FIRST_REVIEW: {State.SECOND_REVIEW, State.RETURNED, State.REGISTERED, State.NOT_REGISTERED},
        State.SECOND_REVIEW: {State.RETURNED, State.REGISTERED, State.NOT_REGISTERED},
        State.REGISTERED: {State.CHANGE_REQUESTED, State.CANCELLED, State.REVOKED, State.OBJECTION},
        State.NOT_REGISTERED: {State.OBJECTION},
        State.CHANGE_REQUESTED: {State.CHANGED, State.REGISTERED, State.REVOKED},
        State.CHANGED: {State.CHANGE_REQUESTED, State.CANCELLED, State.REVOKED, State.OBJECTION},
        State.OBJECTION: {State.RE_EXAMINED, State.ACCEPTED, State.REVOKED},
        State.RE_EXAMINED: {State.CHANGE_REQUESTED, State.CANCELLED, State.REVOKED},
    }
    UNSENT = (State.DRAFT, State.RETURNED)
    HANDED_BACK = (State.RETURNED, State.NOT_REGISTERED)
    UNDER_REVIEW = (State.SUBMITTED, State.ACCEPTED, State.FIRST_REVIEW, State.SECOND_REVIEW)
    IN_QUESTION = (State.CHANGE_REQUESTED, State.OBJECTION)  # registered, and a change or an objection is decided on
    STRUCK = (State.CANCELLED, State.REVOKED)
    LISTED = ("payment", "ip_kind", "objective", "plan_source")  # what comes from the code lists
    RENUMBERABLE = (State.REGISTERED, State.CHANGED)

    code = CodeField()
    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, null=True, related_name="contracts", editable=False, verbose_name=_("deal")
    )
    outcome = models.ForeignKey(
        ResearchOutcome,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("outcome"),
    )
    broker = models.ForeignKey(
        TechBroker, on_delete=models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("broker")
    )
    seller = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contracts_sold", verbose_name=_("seller")
    )
    buyer = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_bought",
        verbose_name=_("buyer on the platform"),
    )
    buyer_name = models.CharField(_("buyer"), max_length=120)
    buyer_uscc = models.CharField(_("credit code of the buyer"), max_length=18, validators=[validate_uscc])
    seller_region = models.CharField(_("region code of the seller"), max_length=6, blank=True)
    buyer_region = models.CharField(_("region code of the buyer"), max_length=6, blank=True)

    project_name = models.CharField(_("project name"), max_length=200)
    contract_type = models.CharField(_("contract type"), max_length=2, choices=choices.ContractType.choices)
    sub_type = models.CharField(_("kind within the type"), max_length=20, choices=choices.SubType.choices)
    total_amount = models.BigIntegerField(_("total amount"), default=0, editable=False)
    technical_amount = models.BigIntegerField(_("technical amount"), default=0, editable=False)
    declared_technical = models.BigIntegerField(_("technical amount as declared"), default=0, editable=False)
    is_above_assessment = models.BooleanField(_("above what was assessed"), default=False, editable=False)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    begins_on = models.DateField(_("valid from"), null=True, blank=True)
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    payment = ListedField(_("payment"), code_list=CodeList.PAYMENT, blank=True)
    field = models.ForeignKey(
        TechnicalField,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technical field"),
    )
    ip_kind = ListedField(_("intellectual property"), code_list=CodeList.IP_KIND, blank=True)
    objective = ListedField(_("socio-economic objective"), code_list=CodeList.OBJECTIVE, blank=True)
    plan_source = ListedField(_("source of the project"), code_list=CodeList.PLAN_SOURCE, default=NO_PROGRAMME)
    get_payment_display: Callable[[], str]
    get_ip_kind_display: Callable[[], str]
    get_objective_display: Callable[[], str]
    get_plan_source_display: Callable[[], str]
    is_related_party = models.BooleanField(_("between related parties"), default=False)
    departure_reason = models.CharField(_("why it departs from the trial"), max_length=500, blank=True)
    # what the technology is to bring, in fen
    expected_investment = models.BigIntegerField(_("expected new investment"), null=True, blank=True)
    expected_output = models.BigIntegerField(_("expected new output"), null=True, blank=True)
    large_from = models.BigIntegerField(_("large from"), default=choices.LARGE, editable=False)
    is_disputed = models.BooleanField(_("disputed"), default=False, editable=False)
    signed_file = models.OneToOneField(
        File,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("signed contract"),
    )

    state = models.CharField(_("state"), max_length=30, choices=State.choices, default=State.DRAFT, editable=False)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    drafted_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    complete_on = models.DateField(_("material complete on"), null=True, editable=False)
    review_days = models.PositiveSmallIntegerField(
        _("working days of the review"), default=choices.USUAL_DAYS, editable=False
    )
    supplement_by = models.DateField(_("to be supplemented by"), null=True, editable=False)
    first_reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    number = models.CharField(_("registration number"), max_length=30, null=True, unique=True, editable=False)
    registered_at = models.DateTimeField(_("registered"), null=True, editable=False)
    registered_on = models.DateField(_("registration date"), null=True, editable=False, db_index=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("technology contract")
        verbose_name_plural = _("technology contracts")
        ordering = ["-id"]
        indexes = constraints.ORDERS_OF_CONTRACTS
        constraints = constraints.OF_A_CONTRACT

    def __str__(self) -> str:
        return self.project_name

    def get_absolute_url(self) -> str:
        return address_of("contract-detail", self.code)

    def file_visible_to(self, user: Any, file: File) -> bool:
        """Tell whether `user` may read a file: who may see the record, except the broker.

        A draft as PDF is read in the room of its deal too, by both sides and the broker, before the contract is sent.
        """
        if file.purpose == DRAFT and file.media_type == PDF and self.is_in_room_of(user):
            return True
        if not TechnologyContract.objects.visible_to(user).filter(pk=self.pk).exists():
            return False
        return self.confidential_to(user)

    def is_in_room_of(self, user: Any) -> bool:
        """Tell whether `user` may open the room of its deal: both sides, the broker, those who supervise."""
        return self.deal is not None and Deal.objects.visible_to(user).filter(pk=self.deal.pk).exists()

    def read_as(self, user: Any, organisation: Organisation | None) -> dict[str, str]:
        """Return as what somebody reads its papers: in the room of its deal, as in the deal."""
        return self.deal.read_as(user, organisation) if self.deal is not None else {}

    def marks_readers(self, file: File) -> bool:
        """A draft in the room of a deal carries the name of whoever was given it; a scan stays as it was signed."""
        return file.purpose == DRAFT and self.deal_id is not None

    def confidential_to(self, user: Any) -> bool:
        """Tell whether `user`, who sees the record, may read what the parties keep between themselves."""
        if user.reads_everything or user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
            return True
        return bool(user.acts_for(self.seller) or user.acts_for(self.buyer))

    @property
    def is_large(self) -> bool:
        """Tell whether the technical amount reaches what the rule of its day calls large (大额合同)."""
        return self.technical_amount >= self.large_from

    @property
    def is_reviewed_as_large(self) -> bool:
        """Tell whether it is large by what counts or by what the seller declared, whichever is more."""
        return max(self.technical_amount, self.declared_technical) >= self.large_from

    @property
    def needs_second_review(self) -> bool:
        """Tell whether a second person has to look at it: large, or disputed."""
        return self.is_reviewed_as_large or self.is_disputed

    @property
    def own_percent(self) -> Decimal:
        """Return the share of the first seller: what the joint sellers leave of 100 %."""
        return Decimal(100) - sum((each.percent for each in self.joint_sellers.all()), Decimal(0))

    @property
    def stands(self) -> bool:
        """Tell whether the contract stands in the register."""
        return self.number is not None and self.state not in self.STRUCK

    @property
    def deducted_amount(self) -> int:
        """Return what is not technical: equipment, material and other cost."""
        return self.total_amount - self.technical_amount

    @property
    def is_unsent(self) -> bool:
        """Tell whether the seller may still write."""
        return self.state in self.UNSENT

    @property
    def is_in_question(self) -> bool:
        """Tell whether a change of what is registered, or an objection to it, is being decided on."""
        return self.state in self.IN_QUESTION

    @property
    def is_renumberable(self) -> bool:
        """Tell whether it stands in the register with nothing open about it, so that its number may be corrected."""
        return self.state in self.RENUMBERABLE

    @property
    def is_under_review(self) -> bool:
        return self.state in self.UNDER_REVIEW
