"""Every payee's money before anything is signed: the same formula, splitter and floors as a plan has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from marketplace.contracts.sharing.floors import FloorCheck, floors_of, of_inventors
from marketplace.contracts.sharing.models import PlanShare
from marketplace.contracts.sharing.net_income import Basis, BrokerAs, Formula, Income, broker_cost
from marketplace.contracts.sharing.splitting import WHOLE, split
from marketplace.organisations.models import Organisation


@dataclass(frozen=True)
class Tried:
    """One payee somebody tries out."""

    kind: str
    name: str
    percent: Decimal

    @property
    def kind_label(self) -> str:
        return str(PlanShare.Kind(self.kind).label)


@dataclass(frozen=True)
class Sum:
    """What comes of it: the income, each payee's fen (empty while the per cents are not whole), and the floor."""

    income: Income
    total: Decimal
    rows: list[tuple[Tried, int]]
    check: FloorCheck

    @property
    def is_whole(self) -> bool:
        return self.total == WHOLE

    @property
    def leaves_something(self) -> bool:
        return self.income.net > 0


def reckon(
    payees: Sequence[Tried],
    *,
    amount: int,
    direct_cost: int,
    tax: int,
    terms: dict[str, Any],
    contract_type: str,
    signed_on: date,
    seller: Organisation | None,
) -> Sum:
    """Return what each payee would get; `terms` are basis, formula, broker_as and broker_rate.

    Shares and profit are shared whole: nothing goes off them.
    """
    basis = terms.get("basis") or Basis.INCOME
    is_cost = terms["broker_as"] == BrokerAs.COST and basis == Basis.INCOME
    income = Income(
        amount,
        direct_cost=direct_cost,
        tax=tax,
        broker=broker_cost(amount, terms["broker_rate"]) if is_cost else 0,
        formula=terms["formula"] if basis == Basis.INCOME else Formula.PAYMENT,
    )
    total = sum((payee.percent for payee in payees), Decimal(0))
    rows: list[tuple[Tried, int]] = []
    if total == WHOLE and income.net > 0:
        # the key of a plan's payee, and the place of rows without a name
        keys = [f"{payee.kind}:{payee.name or place:>03}" for place, payee in enumerate(payees)]
        amounts = split(income.net, {key: payee.percent for key, payee in zip(keys, payees, strict=True)})
        rows = [(payee, amounts[key]) for key, payee in zip(keys, payees, strict=True)]
    floors = floors_of(seller, contract_type=contract_type, signed_on=signed_on, basis=basis)
    return Sum(income, total, rows, FloorCheck(of_inventors(payees), *floors))
