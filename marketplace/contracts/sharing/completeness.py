"""What a plan lacks before it can be sent, in sentences; and what it lacks of the floor."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.fitting import why_unfit
from marketplace.contracts.sharing.floors import FloorCheck, floor_check, formulas_for
from marketplace.contracts.sharing.models import DistributionPlan, PlanShare
from marketplace.contracts.sharing.net_income import Basis, BrokerAs
from marketplace.contracts.sharing.refusals import BelowBothFloors, BelowFloor, BelowTheLaw
from marketplace.core import clock

WHOLE = Decimal(100)


def lacking(plan: DistributionPlan, shares: list[PlanShare]) -> list[str]:
    """Return what has to be put right before the plan is sent; the floor stands apart."""
    found = []
    total = sum((share.percent for share in shares), Decimal(0))
    if total != WHOLE:
        found.append(_("The per cents sum to %(total)s%%, not to 100%%.") % {"total": total})
    if not any(share.kind == PlanShare.Kind.INVENTOR for share in shares):
        found.append(_("Name the inventors."))
    found += [
        _("%(name)s holds a leading post: enter the declaration.") % {"name": share.name}
        for share in shares
        if share.is_leader and not share.declaration.strip()
    ]
    if plan.contract.signed_on is None:
        found.append(_("The contract has no day of signing, by which the floor is told."))
    if plan.basis == Basis.INCOME and plan.formula not in formulas_for(plan.contract.seller, on=clock.today()):
        found.append(_("The formula of the net income is not among those that hold now."))
    if why := why_unfit(plan.contract, plan.basis):
        found.append(why)
    found += _years(plan)
    found += broker_unmatched([share.kind for share in shares], plan.broker_as)
    if any(share.user_id == plan.department_head_id for share in shares if share.user_id):
        found.append(_("Who approves for the department is paid by the plan; name somebody else."))
    return found


def broker_unmatched(kinds: Iterable[str], broker_as: str) -> list[str]:
    """Return what is wrong with payees of these kinds and the way the broker is paid."""
    if (PlanShare.Kind.BROKER in kinds) == (broker_as == BrokerAs.SHARE):
        return []
    return [_("A broker among the payees and “by a share of the net income” belong together.")]


def _years(plan: DistributionPlan) -> list[str]:
    """Return what is wrong with the years of a plan that shares the profit."""
    rule = floor_check(plan.contract, [], basis=plan.basis).rule
    if plan.basis != Basis.PROFIT or rule is None or rule.years is None or plan.profit_years is None:
        return []
    if rule.years <= plan.profit_years <= (rule.years_most or plan.profit_years):
        return []
    said = {"least": rule.years, "most": rule.years_most, "source": rule.called}
    return [_("The profit is shared for %(least)s to %(most)s years (%(source)s).") % said]


def why_below(check: FloorCheck, *, has_agreement: bool) -> str | None:
    """Return why a plan is refused for what the inventors get, or None."""
    refusal = below_floor(check, has_agreement=has_agreement)
    return None if refusal is None else str(refusal)


def below_floor(check: FloorCheck, *, has_agreement: bool) -> BelowFloor | None:
    """Return the refusal of a plan that gives the inventors too little; an agreement goes below what gives way only."""
    if not check.may_be_agreed and check.firm is not None:
        return _below_the_law(check, check.firm)
    if check.is_met or check.rule is None or has_agreement:
        return None
    return BelowFloor(share=check.share, floor=check.floor, source=check.rule.called)


def _below_the_law(check: FloorCheck, firm: SharingRule) -> BelowTheLaw:
    """Say below which floor no agreement goes, and beside it the higher one that the pages show."""
    if check.rule is None or check.floor == firm.percent:
        return BelowTheLaw(share=check.share, floor=firm.percent, source=firm.called)
    said = {"least": firm.percent, "law": firm.called}
    return BelowBothFloors(share=check.share, floor=check.floor, source=check.rule.called, **said)


def judged(plan: DistributionPlan) -> tuple[list[str], FloorCheck]:
    """Return what the plan lacks and how it stands with the floor."""
    shares = list(plan.shares.all())
    return lacking(plan, shares), floor_check(plan.contract, shares, basis=plan.basis)
