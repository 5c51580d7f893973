"""Days of instalments: what is asked about, and by when an announcement wants the price paid, read from above."""

from datetime import date, timedelta

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.refusals import DueAfterAnnounced, DueBeforeSigning, DueLongBeforeSigning
from marketplace.core import clock

A_YEAR = timedelta(days=366)  # an advance comes before the signature, a slip of the pen years before


def last_day_announced(contract: TechnologyContract) -> date | None:
    """Return the last day to pay the price of the sale a signed contract comes from; None where none was announced."""
    deal = contract.deal
    if deal is None or not deal.lot_number or contract.signed_on is None:
        return None
    days = deal.outcome.lots.filter(number=deal.lot_number).values_list("session__payment_days", flat=True).first()
    return contract.signed_on + timedelta(days=days) if days is not None else None


def require_due_day(
    contract: TechnologyContract, due_on: date, *, is_agreed_before: bool, is_agreed_later: bool
) -> None:
    """Raise DueLongBeforeSigning, DueBeforeSigning or DueAfterAnnounced, unless it is stated that a day was agreed."""
    signed_on, last = contract.signed_on, last_day_announced(contract)
    if signed_on is not None and due_on < signed_on - A_YEAR:
        raise DueLongBeforeSigning(signed_on=signed_on)
    if signed_on is not None and due_on < signed_on and not is_agreed_before:
        raise DueBeforeSigning(signed_on=signed_on, days=(clock.today() - due_on).days)
    if last is not None and due_on > last and not is_agreed_later:
        raise DueAfterAnnounced(last_day=last)
