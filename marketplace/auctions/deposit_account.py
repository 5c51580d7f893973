"""The account that takes bidders' deposits, as the environment names it."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class DepositAccount:
    """Where a bidder pays its deposit to."""

    name: str
    bank: str
    number: str


SAMPLE = DepositAccount("样例账户（演示用，请勿汇款）", "样例银行（演示用）", "0000 0000 0000 0000")


def deposit_account() -> DepositAccount | None:
    """Return the account, in a demonstration without one a sample; None where it is not named in full."""
    account = DepositAccount(settings.DEPOSIT_ACCOUNT_NAME, settings.DEPOSIT_BANK, settings.DEPOSIT_ACCOUNT_NUMBER)
    if account.name and account.bank and account.number:
        return account
    return SAMPLE if settings.DEMO else None
