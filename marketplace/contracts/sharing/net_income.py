"""净收入: what of a payment is shared out, by a stated formula."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import part_of


class Formula(models.TextChoices):
    """What net income is; which of them may be chosen is a dated rule (`dated.py`)."""

    COSTS_AND_TAX = "costs_and_tax", _("payment − direct cost − tax")
    COSTS = "costs", _("payment − direct cost")
    PAYMENT = "payment", _("the whole payment")


class Basis(models.TextChoices):
    """What a plan shares (促进科技成果转化法 Art. 45): net income, shares formed, or yearly operating profit."""

    INCOME = "income", _("net income of the contract")
    SHARES = "shares", _("shares or capital formed by the technology")
    PROFIT = "profit", _("operating profit of each year, implemented by oneself or with others")


class BrokerAs(models.TextChoices):
    """How a broker is paid out of the income."""

    NOBODY = "nobody", _("no broker is paid")
    COST = "cost", _("as a cost, before the income is shared")
    SHARE = "share", _("by a share of the net income")


@dataclass(frozen=True)
class Income:
    """One payment and what goes off it, in fen; `broker` is what a broker gets as a cost."""

    payment: int
    direct_cost: int = 0
    tax: int = 0
    broker: int = 0
    formula: str = Formula.COSTS_AND_TAX

    @property
    def deducted_cost(self) -> int:
        return 0 if self.formula == Formula.PAYMENT else self.direct_cost

    @property
    def deducted_tax(self) -> int:
        return self.tax if self.formula == Formula.COSTS_AND_TAX else 0

    @property
    def net(self) -> int:
        """Return the net income; below zero where costs exceed the payment."""
        return self.payment - self.deducted_cost - self.deducted_tax - self.broker


def broker_cost(payment: int, rate: Decimal | None) -> int:
    """Return a broker's per cent of the whole payment in fen, rounded half up: neither side gains by the fraction."""
    return part_of(payment, rate or Decimal(0), rounding=ROUND_HALF_UP)
