"""A contract that is changed to a smaller amount: not below what came in, and with a schedule that may be too large."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import planned_of, received_of, set_off_of
from marketplace.contracts.payments.refusals import BelowReceived
from marketplace.core.code_lists import ROYALTY
from marketplace.core.money import format_exact


def why_not_lowered(contract: TechnologyContract, *, before: int, after: int) -> BelowReceived | None:
    """Return why the total of a contract may not become `after`: more came in. What came in of royalties is apart.

    A contract paid by royalties has no total that bounds what comes in.
    """
    if after >= before or contract.payment == ROYALTY:
        return None
    received = received_of(contract)
    of_the_total = received - received_of(contract, is_royalty=True)
    return BelowReceived(received_fen=received) if of_the_total > after else None


def require_covering(contract: TechnologyContract, *, before: int, after: int) -> None:
    """Raise BelowReceived where more came in than the total a contract is to have."""
    refusal = why_not_lowered(contract, before=before, after=after)
    if refusal is not None:
        raise refusal


def overplanned(contract: TechnologyContract, total: int) -> str:
    """Return in words that the schedule exceeds the total of a contract, and what to do; "" where it does not."""
    planned = planned_of(contract) + set_off_of(contract, is_planned=False)
    if contract.payment == ROYALTY or planned <= total:
        return ""
    said = _(
        "The instalments planned come to %(planned)s, which is %(excess)s more than the amount of the contract, "
        "%(total)s. The schedule is to be made again: strike what is no longer owed, and plan what is."
    )
    return said % _exact(planned=planned, excess=planned - total, total=total)


def would_overplan(contract: TechnologyContract, total: int) -> str:
    """Return in words that the schedule would exceed a total that is only asked for; "" where it would not."""
    planned = planned_of(contract)
    if contract.payment == ROYALTY or planned <= total:
        return ""
    said = _(
        "The instalments planned come to %(planned)s, which is %(excess)s more than the amount asked for, %(total)s. "
        "Leave the schedule as it is: only once the change is granted, it is to be made again."
    )
    return said % _exact(planned=planned, excess=planned - total, total=total)


def _exact(**sums: int) -> dict[str, str]:
    return {name: format_exact(fen, get_language() or "zh-hans") for name, fen in sums.items()}
