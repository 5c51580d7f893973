"""The two amounts of a contract: what it costs, and the technical part of it (domain.md §4.2).

Technical amount = total − equipment, instruments, parts, raw material and other non-technical cost
(技术合同认定规则). Carriers of technology inside reasonable limits count as technical: the seller says so item by item.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Item:
    """One line of the amount, in fen."""

    label: str
    amount: int
    is_technical: bool


@dataclass(frozen=True)
class Joint:
    """Another seller of the same contract and its share."""

    name: str
    uscc: str
    region: str
    percent: Decimal


@dataclass(frozen=True)
class Amounts:
    """合同成交额 and 技术交易额, in fen."""

    total: int
    technical: int

    @property
    def deducted(self) -> int:
        return self.total - self.technical


def sums(items: Iterable[Item]) -> Amounts:
    """Return the two amounts that follow from the items."""
    listed = list(items)
    return Amounts(
        total=sum(item.amount for item in listed),
        technical=sum(item.amount for item in listed if item.is_technical),
    )
