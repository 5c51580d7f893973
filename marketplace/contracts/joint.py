"""What of a contract's amounts belongs to each of its sellers: one rule for the register, figures and export."""

from dataclasses import dataclass
from decimal import Decimal

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.splitting import split


@dataclass(frozen=True)
class Part:
    """One seller with its share, and what it has of an amount in fen."""

    name: str
    uscc: str
    region: str
    percent: Decimal
    amount: int


def parts_of(contract: TechnologyContract, amount: int) -> list[Part]:
    """Return every seller's part of an amount of the contract, the first seller's first.

    Together they are the amount to the fen, by largest remainders (sharing/splitting.py).
    """
    first = contract.seller
    sellers = [
        (first.name, first.uscc, contract.seller_region, contract.own_percent),
        *((each.name, each.uscc, each.region, each.percent) for each in contract.joint_sellers.all()),
    ]
    parts = split(amount, {uscc: percent for _name, uscc, _region, percent in sellers})
    return [Part(name, uscc, region, percent, parts[uscc]) for name, uscc, region, percent in sellers]
