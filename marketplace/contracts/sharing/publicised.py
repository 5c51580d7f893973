"""What the publicity of a distribution plan shows, and who answers objections to it."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.contracts.sharing.inventors import apart_from_outcome
from marketplace.contracts.sharing.net_income import Basis
from marketplace.core.languages import paragraph
from marketplace.organisations.models import MemberRole, User

if TYPE_CHECKING:
    from marketplace.contracts.sharing.models import DistributionPlan


class Publicised:
    """A plan in the words of `marketplace.publicity`: per cents and leading posts, no amounts."""

    PUBLICITY_NEEDS: ClassVar[tuple[str, ...]] = ("contract",)

    @property
    def publicity_title(self) -> str:
        plan = cast("DistributionPlan", self)
        words = {"contract": plan.contract.project_name, "version": plan.version}
        return _("Distribution of the income of “%(contract)s”, version %(version)s") % words

    def publicity_facts(self) -> list[tuple[Any, str]]:
        """Return what is published, as (label, words)."""
        plan = cast("DistributionPlan", self)
        facts: list[tuple[Any, str]] = [
            (gettext_lazy("Seller of the technology"), plan.contract.seller.name),
            (gettext_lazy("What is shared"), str(plan.get_basis_display())),
        ]
        if plan.profit_years is not None:
            facts.append((gettext_lazy("Years of profit"), ", ".join(map(str, plan.named_years))))
        if plan.basis == Basis.INCOME:
            facts.append((gettext_lazy("Net income"), str(plan.get_formula_display())))
        if plan.broker_rate is not None:
            rate = _("%(rate)s%% of each payment, as a cost") % {"rate": plan.broker_rate}
            facts.append((gettext_lazy("Broker"), f"{plan.broker_name}{_(': ')}{rate}"))
        for share in plan.shares.all():
            words = f"{share.percent}%"
            if share.is_leader:
                words += _("; ") + _("holds a leading post: %(post)s") % {"post": share.declaration}
            facts.append((f"{share.get_kind_display()} {share.name}", words))
        facts += self._inventors_apart()
        if plan.has_agreement:
            facts.append((gettext_lazy("Below the floor by agreement"), plan.agreement_reason))
        return facts

    def _inventors_apart(self) -> list[tuple[Any, str]]:
        """Return where the inventors are not those the outcome names, and why."""
        plan = cast("DistributionPlan", self)
        apart = apart_from_outcome(plan.contract, plan.shares.all())
        if not apart:
            return []
        facts: list[tuple[Any, str]] = [(gettext_lazy("Inventors and the outcome"), paragraph(apart))]
        if plan.inventors_reason:
            facts.append((gettext_lazy("Why, as the institute says"), plan.inventors_reason))
        return facts

    def publicity_opens_for(self, user: Any) -> bool:
        """Tell whether the reader of the publicity may open the plan itself."""
        plan = cast("DistributionPlan", self)
        return type(plan).objects.visible_to(user).filter(pk=plan.pk).exists()

    def publicity_concerns(self, user: Any) -> bool:
        """Tell whether the reader belongs to the institute, or the plan pays them."""
        plan = cast("DistributionPlan", self)
        return bool(user.acts_for(plan.contract.seller_id)) or self._pays(user)

    def _pays(self, user: Any) -> bool:
        return any(share.user_id == user.pk for share in cast("DistributionPlan", self).shares.all())

    def why_not_answer_objection(self, user: Any) -> str | None:
        """Objections are answered by managers of the institute whom the plan does not pay."""
        plan = cast("DistributionPlan", self)
        if not user.is_authenticated or not user.acts_for(plan.contract.seller_id, MemberRole.MANAGER):
            return _("Managers of the institute answer objections to its plans.")
        if self._pays(user):
            return _("Nobody decides on a plan that pays them.")
        return None

    def why_another_answers(self, user: Any, made_by: Any) -> str | None:
        """Whoever approved a plan leaves an objection to a manager who did not, does not object and is not paid."""
        plan = cast("DistributionPlan", self)
        approvals = plan.decisions.filter(round=plan.round, is_approved=True)
        if not approvals.filter(decided_by=user.pk).exists():
            return None
        managers = User.objects.managing(plan.contract.seller_id)
        paid = plan.shares.exclude(user=None).values("user")
        free = managers.exclude(pk__in=approvals.values("decided_by")).exclude(pk__in=paid)
        names = [one.get_full_name() for one in free.order_by("name", "pk")[:5] if one != made_by]
        if not names:
            return None
        said = _("You approved this plan, so another manager answers objections to it: %(people)s.")
        return said % {"people": _(", ").join(names)}
