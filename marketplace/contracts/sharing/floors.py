"""The least share of the inventors: which rule holds for a contract, and whether a plan keeps it.

The rule is that of the contract's signing day; of several that bind the seller the highest counts, its own among them.
Below it a lawful agreement of the unit may go, but never below a floor that does not give way: that of the law binds
public units also where they agreed on something else (促进科技成果转化法 Art. 45).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.dated import SharingRule, newest
from marketplace.contracts.sharing.models import PlanShare
from marketplace.contracts.sharing.net_income import Basis
from marketplace.core.regions import district_code
from marketplace.organisations.models import Organisation


class Floors(NamedTuple):
    """The highest floor of a contract, and the highest of those that give way to no agreement; None: none binds."""

    rule: SharingRule | None = None
    firm: SharingRule | None = None


@dataclass(frozen=True)
class FloorCheck:
    """What the inventors get together, and what they get at least; no rule where none binds the seller.

    `firm` is the highest floor that gives way to no agreement of the unit.
    """

    share: Decimal
    rule: SharingRule | None
    firm: SharingRule | None = None

    @property
    def floor(self) -> Decimal:
        return self.rule.percent if self.rule is not None and self.rule.percent is not None else Decimal(0)

    @property
    def is_met(self) -> bool:
        return self.share >= self.floor

    @property
    def may_be_agreed(self) -> bool:
        """Tell whether an agreement of the unit makes the share lawful."""
        return self.firm is None or self.firm.percent is None or self.share >= self.firm.percent


def floors_of(
    seller: Organisation | None,
    *,
    contract_type: str,
    signed_on: date,
    region: str = "",
    basis: str = Basis.INCOME,
) -> Floors:
    """Return the floors that bound this seller (any public institute) on the day the contract was signed."""
    found = SharingRule.objects.holding(SharingRule.Kind.FLOOR, signed_on)
    region = region or (seller.region if seller is not None else "") or district_code(signed_on)
    bound = newest(found.for_seller(seller, region=region, on=signed_on))
    about = [rule for rule in bound if rule.is_about(contract_type, basis)]
    return Floors(_highest(about), _highest(rule for rule in about if not rule.gives_way))


def _highest(rules: Iterable[SharingRule]) -> SharingRule | None:
    return max(rules, key=lambda rule: (rule.percent or Decimal(0), rule.holds_from), default=None)


class Payee(Protocol):
    """What a floor asks of a payee; a share of a plan, or a row somebody tries out."""

    @property
    def kind(self) -> str: ...

    @property
    def percent(self) -> Decimal: ...


def of_inventors(shares: Iterable[Payee]) -> Decimal:
    """Return the per cents of the inventors together."""
    return sum((share.percent for share in shares if share.kind == PlanShare.Kind.INVENTOR), Decimal(0))


def floor_check(contract: TechnologyContract, shares: Iterable[PlanShare], *, basis: str = Basis.INCOME) -> FloorCheck:
    """Return whether the per cents keep the floor of the contract, of what is shared; it has to be signed."""
    found = Floors()
    if contract.signed_on is not None:
        found = floors_of(
            contract.seller,
            contract_type=contract.contract_type,
            signed_on=contract.signed_on,
            region=contract.seller_region,
            basis=basis,
        )
    return FloorCheck(of_inventors(shares), *found)


def formulas_for(seller: Organisation | None, *, on: date) -> list[str]:
    """Return the formulas a seller may choose from on a day, its own rule first."""
    found = SharingRule.objects.holding(SharingRule.Kind.FORMULA, on)
    keys = (None, seller.pk if seller is not None else None)
    own = [rule for rule in newest(found) if rule.organisation_id in keys]
    own.sort(key=lambda rule: rule.organisation_id is None)  # a stable sort: newest first otherwise
    return list(dict.fromkeys(rule.formula for rule in own))


def publicity_days(seller: Organisation, *, on: date) -> int | None:
    """Return for how many working days a plan is published: the general rule, or the seller's own where longer."""
    found = SharingRule.objects.holding(SharingRule.Kind.TERM, on).filter(organisation_id__in=[seller.pk])
    general = SharingRule.objects.holding(SharingRule.Kind.TERM, on).filter(organisation=None)
    days = [rule.days for rule in (found.first(), general.first()) if rule is not None and rule.days is not None]
    return max(days, default=None)


def tax_rule(contract_type: str, *, on: date) -> SharingRule | None:
    """Return the rule that says which part of a cash reward counts for income tax on a day."""
    found = SharingRule.objects.holding(SharingRule.Kind.TAX, on)
    return next((rule for rule in found if rule.is_about(contract_type)), None)
