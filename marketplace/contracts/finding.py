"""Which contracts somebody sees, and which wait for whom."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from marketplace.brokers.models import TechBroker
from marketplace.deals.models import Deal
from marketplace.organisations.models import Organisation, Role

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract  # noqa: F401

IN_A_ROW = (
    "code", "project_name", "seller__name", "buyer_name", "number", "state", "total_amount", "technical_amount",
    "declared_technical", "is_above_assessment", "large_from", "is_disputed", "complete_on", "review_days",
    "supplement_by", "registered_on", "terminated_on", "terminated_how",
)  # fmt: skip


class ContractQuerySet(models.QuerySet["TechnologyContract"]):
    def for_rows(self) -> "ContractQuerySet":
        """Load what rows of a list show, of sixty columns a few; whatever else is asked of one costs a query."""
        return self.select_related("seller").only(*IN_A_ROW)

    def registered(self) -> "ContractQuerySet":
        """Return the contracts that stand in the register; a change or an objection leaves them there."""
        return self.filter(number__isnull=False).exclude(state__in=self.model.STRUCK)

    def amended(self) -> "ContractQuerySet":
        """Return the contracts in the register that a granted change left with what stands there now."""
        changes: Any = self.model._meta.get_field("changes").related_model
        granted = changes.objects.filter(contract=OuterRef("pk"), state=changes.State.GRANTED)
        return self.registered().filter(Exists(granted))

    def terminated(self, today: date) -> "ContractQuerySet":
        """Return the contracts that were ended before their time, by `today`."""
        return self.filter(terminated_on__lte=today)

    def end_to_note(self, today: date) -> "ContractQuerySet":
        """Return the ended contracts that stand in the register as if they ran, the longest ended first."""
        return self.registered().terminated(today).filter(end_noted_at=None).order_by("terminated_on", "id")

    def of_size(self, *, is_large: bool) -> "ContractQuerySet":
        """Return the large contracts, by the rule of the day each was sent, or the others."""
        large = Q(technical_amount__gte=F("large_from"))
        return self.filter(large if is_large else ~large)

    def awaiting_registration(self) -> "ContractQuerySet":
        """Return the contracts registrars have to decide on, the longest waiting first."""
        return self.filter(state__in=self.model.UNDER_REVIEW).order_by("complete_on", "id")

    def to_supplement(self) -> "ContractQuerySet":
        """Return the contracts their sellers have to supplement, by the day until when; those without one last."""
        returned = self.filter(state=self.model.State.RETURNED).exclude(deal__isnull=False, deal__state__in=Deal.ENDED)
        return returned.filter(terminated_on=None).order_by(F("supplement_by").asc(nulls_last=True), "id")

    def not_supplemented(self, today: date) -> "ContractQuerySet":
        """Return those whose day has passed."""
        return self.to_supplement().filter(supplement_by__lt=today)

    def awaiting(self, user: Any) -> "ContractQuerySet":
        """Return the contracts under review that `user` may decide on: never of their own organisation."""
        first, second = Q(pk__in=[]), Q(pk__in=[])
        state = self.model.State
        if user.has_role(Role.REGISTRAR):
            first = Q(state__in=(state.SUBMITTED, state.ACCEPTED, state.FIRST_REVIEW))
        if user.has_role(Role.SECOND_REVIEWER):
            second = Q(state=state.SECOND_REVIEW) & ~Q(first_reviewed_by=user.pk)
        return self.awaiting_registration().filter(first | second).not_own(user)

    def not_own(self, user: Any) -> "ContractQuerySet":
        """Leave out what `user` is party to or brokered: registrars do not decide on it."""
        own = list(user.member_roles)
        # a nullable side of NOT IN is never true in SQL: said as its own condition
        codes = Organisation.objects.filter(pk__in=own).values("uscc")
        return (
            self.exclude(Q(seller__in=own) | Q(buyer__isnull=False, buyer__in=own))
            .exclude(Q(broker__isnull=False, broker__in=TechBroker.objects.filter(user=user.pk)))
            .exclude(joint_sellers__uscc__in=codes)
        )

    def in_force_of_deal(self) -> "ContractQuerySet":
        """Return the contracts that keep another one of their deal from being written."""
        state = self.model.State
        return self.exclude(Q(state=state.NOT_REGISTERED) | Q(state=state.RE_EXAMINED, number=None))

    def signed(self) -> "ContractQuerySet":
        """Return the contracts signed for good: also those returned for supplement, none refused or struck."""
        return self.in_force_of_deal().exclude(state__in=[self.model.State.DRAFT, *self.model.STRUCK])

    def of(self, user: Any) -> "ContractQuerySet":
        """Return the contracts of the organisations `user` acts for; buyers see them once submitted."""
        mine = list(user.member_roles)
        sent = ~Q(state=self.model.State.DRAFT)
        own = TechBroker.objects.working().filter(user=user.pk)  # not joined: half as long where many are counted
        return self.filter(Q(seller__in=mine) | (sent & Q(buyer__in=mine)) | (sent & Q(broker__in=own)))

    def visible_to(self, user: Any) -> "ContractQuerySet":
        """Return what `user` may open: parties and the broker theirs, registrars what was submitted, officers all."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything:
            return self.all()
        if user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
            own = self.model.objects.of(user).values("pk")
            return self.filter(~Q(state=self.model.State.DRAFT) | Q(pk__in=own))
        return self.of(user)
