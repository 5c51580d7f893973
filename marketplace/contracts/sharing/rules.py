"""Who writes a plan, who approves it, who shares money out, who reads what.

Source: 促进科技成果转化法 Art. 43–45 (the income stays with the unit, which rewards by its rule or the floor); who
approves within a unit is domain.md §4.6's model.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.contracts.sharing.models import KEEPERS
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.models import MemberRole, Organisation, Role, User
from marketplace.organisations.standing import why_not_now

if TYPE_CHECKING:
    from marketplace.contracts.models import TechnologyContract
    from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
    from marketplace.contracts.sharing.payouts import Distribution, PayoutLine

WRITING = (Kind.PLAN_DRAFTED, Kind.PLAN_CHANGED)


def draft_plan(user: Any, contract: "TechnologyContract") -> str | None:
    """The floor binds public units (促进科技成果转化法 Art. 45)."""
    if not user.acts_for(contract.seller_id, *KEEPERS):
        return _("Distribution plans are written by managers, finance and publishers of the seller.")
    if contract.seller.kind != Organisation.Kind.INSTITUTE:
        return _("Plans are for public institutes; an enterprise shares as it agreed with its people.")
    return None


def change_plan(user: Any, plan: "DistributionPlan") -> str | None:
    return draft_plan(user, plan.contract)


def submit_plan(user: Any, plan: "DistributionPlan") -> str | None:
    return draft_plan(user, plan.contract)


def withdraw_plan(user: Any, plan: "DistributionPlan") -> str | None:
    """Who drafted a plan or manages the institute gives it up; one the department approved, nobody it pays."""
    reason = draft_plan(user, plan.contract)
    if reason is not None:
        return reason
    if user.pk != plan.drafted_by_id and not user.acts_for(plan.contract.seller_id, MemberRole.MANAGER):
        return _("A plan is withdrawn by whoever drafted it, or by a manager of the institute.")
    if plan.state in (plan.State.AT_INSTITUTE, plan.State.IN_PUBLICITY) and _is_paid(user, plan):
        return _("The department has approved this plan: somebody it does not pay withdraws it.")
    return None


def file_agreement(user: Any, plan: "DistributionPlan") -> str | None:
    """Below the floor only with an agreement on file that is lawful (domain.md §8.4; 促进科技成果转化法 Art. 45)."""
    if not user.acts_for(plan.contract.seller_id, MemberRole.MANAGER):
        return _("The unit's agreement is put on file by a manager of the institute.")
    return None


def _is_paid(user: Any, plan: "DistributionPlan") -> bool:
    return plan.names_broker(user) or bool(plan.shares.filter(user=user.pk).exists())


def _why_paid(user: Any, plan: "DistributionPlan") -> str | None:
    if _is_paid(user, plan):
        return _("Nobody decides on a plan that pays them.")
    return None


def approve_for_department(user: Any, plan: "DistributionPlan") -> str | None:
    if user.pk != plan.department_head_id or not user.acts_for(plan.contract.seller_id):
        return _("The plan names who approves for the department.")
    return _why_paid(user, plan)


def approve_for_institute(user: Any, plan: "DistributionPlan") -> str | None:
    """Four eyes: the last yes is not given by somebody who wrote the plan (our decision, README)."""
    if not user.acts_for(plan.contract.seller_id, MemberRole.MANAGER):
        return _("A manager of the institute approves its plans.")
    if Entry.objects.about(plan).filter(kind__in=WRITING, actor=user.pk).exists():
        return _("Whoever wrote a plan does not approve it for the institute: another manager decides.")
    return _why_paid(user, plan)


def return_plan(user: Any, plan: "DistributionPlan") -> str | None:
    """Whoever may approve the step a plan is in may return it; a manager who wrote it withdraws it instead."""
    if plan.state == plan.State.AT_DEPARTMENT:
        return approve_for_department(user, plan)
    return approve_for_institute(user, plan)


def _sees_money(user: Any, contract: "TechnologyContract") -> str | None:
    if not user.acts_for(contract.seller_id, MemberRole.FINANCE):
        return _("Money is shared out by the institute's finance and its managers.")
    return None


def _keep_money(user: Any, contract: "TechnologyContract", organisation: Organisation | None) -> str | None:
    """The institute's money is shared out by who acts for it now: who belongs to the buyer too has to choose."""
    return _sees_money(user, contract) or why_not_now(user, organisation, contract.seller)


def distribute_receipt(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    """The income stays with the unit, which rewards out of it (促进科技成果转化法 Art. 43, 45)."""
    return _keep_money(user, contract, organisation)


def pay_line(user: Any, line: "PayoutLine", *, organisation: Organisation | None) -> str | None:
    """Nobody notes money to themselves as paid: somebody else has seen the proof (our decision, README)."""
    return _keep_money(user, line.distribution.contract, organisation) or _why_own(user, line)


def reclaim_line(user: Any, line: "PayoutLine", *, organisation: Organisation | None) -> str | None:
    return pay_line(user, line, organisation=organisation)


def correct_line(user: Any, line: "PayoutLine", *, organisation: Organisation | None) -> str | None:
    return pay_line(user, line, organisation=organisation)


def _why_own(user: Any, line: "PayoutLine") -> str | None:
    """Say that somebody else notes a payout to the person, and who could."""
    if not line.pays(user):
        return None
    keeping = User.objects.active_in(line.distribution.contract.seller_id, MemberRole.FINANCE)
    others = [other.get_full_name() for other in keeping.exclude(pk=user.pk).order_by("name", "pk")[:5]]
    if others:
        said = _("Nobody notes money to themselves, or corrects it. These people of the institute can: %(people)s.")
        return said % {"people": _(", ").join(others)}
    return _(
        "Nobody notes money to themselves, or corrects it. The institute has nobody else for it: a manager gives "
        "another member the role of finance."
    )


def report_profit(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    return _keep_money(user, contract, organisation)


def distribute_profit(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    """Of yearly operating profit, three to five years (促进科技成果转化法 Art. 45)."""
    return _keep_money(user, contract, organisation)


def reverse_profit(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    return _keep_money(user, contract, organisation)


def allot_shares(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    """Of the shares formed by contributing the outcome (促进科技成果转化法 Art. 45)."""
    return _keep_money(user, contract, organisation)


def reverse_allotment(user: Any, contract: "TechnologyContract", *, organisation: Organisation | None) -> str | None:
    return _keep_money(user, contract, organisation)


def see_sharing(user: Any, contract: "TechnologyContract") -> str | None:
    """The plans of a contract are the institute's own affair, and of those who supervise."""
    if user.reads_everything or user.acts_for(contract.seller_id, *KEEPERS):
        return None
    return _("How the income is shared is seen inside the institute.")


def see_distribution(user: Any, distribution: "Distribution") -> str | None:
    if user.has_role(Role.AUDITOR):
        return None
    return _sees_money(user, distribution.contract)


def read_statement(user: Any, share: "PlanShare") -> str | None:
    if share.statement_visible_to(user):
        return None
    return _("A statement is read by whom it is about, by the institute's managers and finance, and by auditors.")


def keep_sharing_rule(user: Any) -> str | None:
    if user.is_superuser or user.has_role(Role.OFFICER):
        return None
    return _("Only officers keep the rules of benefit sharing.")
