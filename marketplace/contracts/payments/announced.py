"""By when the price of a sale at auction is to be paid, as its announcement says: read from what stands above."""

from datetime import date, timedelta

from marketplace.contracts.models import TechnologyContract


def last_day_announced(contract: TechnologyContract) -> date | None:
    """Return the last day to pay the price of the sale a signed contract comes from; None where none was announced."""
    deal = contract.deal
    if deal is None or not deal.lot_number or contract.signed_on is None:
        return None
    days = deal.outcome.lots.filter(number=deal.lot_number).values_list("session__payment_days", flat=True).first()
    return contract.signed_on + timedelta(days=days) if days is not None else None
